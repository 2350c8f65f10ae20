package dev.parley.client;

import dev.parley.address.SessionId;
import dev.parley.office.PostOffice;
import dev.parley.peer.ClientNotes;
import dev.parley.process.ProcessIdentity;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where a client's session id comes from, as one server sees it. Safe for use by several threads. */
public interface SessionIdSource {

    /** That of a client that tells no session id. */
    SessionIdSource NONE = new SessionIdSource() {
        @Override
        public List<Clue> clues(ClientNotes notes) {
            return List.of();
        }

        @Override
        public List<Clue> cluesBelowAnother() {
            return List.of();
        }
    };

    /**
     * What a server sees from where it runs.
     *
     * @param environment its environment
     * @param server its process
     * @param parent its parent process
     * @param parentSince when the parent started
     */
    record View(
            Map<String, String> environment,
            ProcessIdentity server,
            Optional<ProcessIdentity> parent,
            Optional<Instant> parentSince) {}

    /** Notes the thread that a call says it belongs to. */
    default void threadSeen(SessionId thread) {}

    /** Searches for the id, if it has to be searched for and is not known yet. The server runs below this client. */
    default void look(PostOffice office) throws IOException {}

    /** Whether it is certain that the session with this id waits for its first prompt. */
    default boolean isUnprompted(SessionId id) {
        return false;
    }

    /** What there is to go by, strongest first. The server runs below this client. */
    List<Clue> clues(ClientNotes notes) throws IOException;

    /** The same for a server that runs below another client: they hold no id, and say why. */
    List<Clue> cluesBelowAnother();
}
