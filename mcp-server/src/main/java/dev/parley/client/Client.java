package dev.parley.client;

import dev.parley.address.SessionId;
import dev.parley.office.PostOffice;
import dev.parley.peer.Binding;
import dev.parley.peer.Peer;
import dev.parley.peer.Presence;
import dev.parley.peer.Waker;
import dev.parley.process.ProcessTable;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A program that runs agent sessions, and everything in which it differs from the others. What a client does not override is
 * what holds for one of which nothing is known.
 *
 * <p>Implementations hold no state and are safe for use by several threads.
 */
public interface Client {

    /** The rung that is climbed when a message is stored: the receiver watches its doorbell, and nobody has to do more. */
    String DOORBELL = "doorbell";

    /** Its name as session cards have it, see {@link Peer#client}. */
    String name();

    /** The file name of its program. */
    default Optional<String> program() {
        return Optional.empty();
    }

    /** Whether this is what it calls itself in {@code initialize}. */
    boolean isCalled(String introduction);

    /** The variable in which it tells its servers their session id. */
    default Optional<String> sessionVariable() {
        return Optional.empty();
    }

    /** Whether its own process is the parent of its servers. Of another client the parent may be any shell or wrapper. */
    default boolean startsItsServers() {
        return false;
    }

    /** Where its session id comes from for one server. */
    SessionIdSource sessionIds(SessionIdSource.View view);

    /** Whether its hooks run from a session's first prompt on: until then its server says that it is ready. */
    default boolean isSilentUntilPrompted() {
        return false;
    }

    /** The command that brings a session back is this and the session's own id; empty if there is none. */
    default Optional<String> resumeCommand() {
        return Optional.empty();
    }

    /** The command that brings a session back. */
    default Optional<String> resumeCommand(SessionId own) {
        return resumeCommand().map(command -> command + " " + own);
    }

    /** What is known of its command line, if its sessions can be supervised. */
    default Optional<CommandForm> commandForm() {
        return Optional.empty();
    }

    /** The variables in which it tells what it starts of its session: stale in whatever is started as a session of its own. */
    default Set<String> sessionVariables() {
        return Set.of();
    }

    /** How its transcripts are found and read. */
    default Optional<TranscriptForm> transcript() {
        return Optional.empty();
    }

    /** The directory in which it keeps its files. */
    default Optional<ConfigurationDirectory> configuration() {
        return Optional.empty();
    }

    /**
     * What a server below it can see that is needed to go on with the session.
     *
     * @param pid its process
     * @param environment of the server
     */
    default Binding seen(long pid, Map<String, String> environment) {
        return Binding.NONE;
    }

    /** How a session of its is gone on with; empty if it cannot be. */
    default Optional<Resumption> resumption() {
        return Optional.empty();
    }

    /** How a session of its is begun at an address that is known before; empty if it cannot be. */
    default Optional<Beginning> beginning() {
        return Optional.empty();
    }

    /**
     * The address that was made for the session of a process before it was there, where the client took none itself; see
     * {@link Beginning#ADDRESS}.
     */
    default Optional<SessionId> begunAs(long pid) {
        return Optional.empty();
    }

    /**
     * The events on which it is to run the hook, in the order in which they are written down.
     *
     * @param isAtLeast whether its program is of a version, or newer
     */
    default List<HookEvent> hookEvents(Predicate<String> isAtLeast) {
        return List.of();
    }

    /** When mail reaches its model without a tool call, once {@code parley setup} has been run. */
    default Set<Moment> handsOver() {
        return Set.of();
    }

    /** Whether a line can be typed into its terminal: its empty composer is known. */
    default boolean isTypedTo() {
        return false;
    }

    /** The longest wait for an answer that it lets a call take. */
    default Duration askCeiling() {
        return Duration.ofMinutes(10);
    }

    /** The rungs of its own, by which its sessions are woken. */
    default List<Waker> rungs(PostOffice office) {
        return List.of();
    }

    /** The rungs of its own that would reach this session now, as far as that is known without asking anybody. */
    default List<String> ways(Peer peer, Presence presence, ProcessTable processes) {
        return List.of();
    }

    /** Whether an idle session comes for its mail by itself when its doorbell is rung. */
    default boolean hearsItsBell() {
        return false;
    }

    /** Whether what wakes a session waits in a queue until the session takes it: no second one is added meanwhile. */
    default boolean queuesWakes() {
        return false;
    }
}
