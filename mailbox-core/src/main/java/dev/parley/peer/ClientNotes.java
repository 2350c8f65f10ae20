package dev.parley.peer;

import dev.parley.address.SessionId;
import dev.parley.process.ProcessIdentity;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What is noted of clients' processes: which session one runs, and whether its hooks are heard of. Hints: the card says who a
 * session is. Safe for use by several threads and processes.
 */
public interface ClientNotes {

    /**
     * Which session a client's process runs.
     *
     * @param session the session; empty if nothing says so, or what does cannot be believed
     * @param evidence what says so, or why nothing does
     */
    record Pointer(Optional<SessionId> session, String evidence) {}

    /**
     * Which session a hook of this client has said last that its process runs.
     *
     * @param since when the process started, if it is known: a note from before is of another process
     * @throws IOException if there is a note and it cannot be read
     */
    Pointer sessionOf(ProcessIdentity client, Optional<Instant> since) throws IOException;

    /** The same, believed only where the note names this very process; empty if nothing does. */
    Optional<SessionId> pointedTo(ProcessIdentity client) throws IOException;

    /** Whether a hook of the client has ever run in this session. */
    boolean isHeardFrom(SessionId session) throws IOException;

    /** Notes that a process hosts a session. Does nothing where that is noted. */
    void noteHosted(ProcessIdentity process, SessionId session) throws IOException;

    /** The sessions that a process hosts or has hosted, in the order of their ids; none if it is no client's process. */
    List<SessionId> hostedBy(ProcessIdentity process) throws IOException;
}
