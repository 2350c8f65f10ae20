package dev.parley.client;

import dev.parley.address.SessionId;
import dev.parley.peer.Binding;
import dev.parley.process.ProcessIdentity;
import dev.parley.process.ProcessTable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * How a client goes on with a session that has ended, under the same id, and how it tells who runs one. What the clients were
 * seen to do is in {@code docs/CLIENTS.md}.
 *
 * <p>Implementations hold no state and are safe for use by several threads.
 */
public interface Resumption {

    /** How the session is gone on with. */
    enum Manner {
        /** By a person, in a terminal. */
        TERMINAL,
        /** One turn without a terminal, whose prompt comes from standard input. */
        HEADLESS
    }

    /**
     * A command of the client's.
     *
     * @param arguments what stands behind the program; never a prompt
     * @param notes what of the binding is not restored, and why, for a person
     */
    record Command(List<String> arguments, List<String> notes) {

        /** Copies the lists. */
        public Command {
            arguments = List.copyOf(arguments);
            notes = List.copyOf(notes);
        }
    }

    /**
     * Where an owner is looked for.
     *
     * @param program the client's program; empty if there is none here
     * @param configHome the directory in which the client keeps its files
     * @param environment the environment of what is started
     * @param processes who lives
     */
    record Place(Optional<Path> program, Path configHome, Map<String, String> environment, ProcessTable processes) {}

    /** The command that goes on with a session. It switches off no check of the client's, whatever was last seen. */
    Command command(Manner manner, SessionId own, Binding binding);

    /**
     * Who runs a session.
     *
     * @throws IOException if what tells it cannot be read
     */
    Ownership owner(SessionId own, Place place) throws IOException, InterruptedException;

    /**
     * What of a session's permissions nobody but its user gives it again, in words: who resumes it without being asked by him leaves
     * it alone. Empty if nothing is of that kind.
     */
    default Optional<String> withheld(Binding binding) {
        return Optional.empty();
    }

    /** What somebody chose of the settings of a turn that was run without a terminal: all of it, unless the client has one of its own. */
    default Binding chosen(Binding unattended) {
        return unattended;
    }

    /** The arguments that limit what one turn without a terminal may spend; none if the client has no such limit. */
    default List<String> spending(long dollars) {
        return List.of();
    }

    /** Whether a line of its output says that a turn ended because it had spent what it may. */
    default boolean isSpent(JsonNode line) {
        return false;
    }

    /**
     * Whether somebody else has begun to run a session, beside a process that does. A client that refuses a second one itself has
     * none.
     *
     * @param ours the process that runs it
     * @throws IOException if what tells it cannot be read
     */
    default boolean hasRival(SessionId own, ProcessIdentity ours, Place place) throws IOException {
        return false;
    }

    /**
     * What a turn without a terminal cost, as a line of its output says: words of letters and digits with an underscore between them.
     * Empty if this line does not.
     */
    default Optional<String> cost(JsonNode line) {
        return Optional.empty();
    }
}
