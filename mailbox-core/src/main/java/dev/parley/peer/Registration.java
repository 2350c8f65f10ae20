package dev.parley.peer;

import dev.parley.address.SessionId;
import dev.parley.process.ProcessIdentity;
import java.util.Optional;

/**
 * What a server knows of its session when it starts.
 *
 * @param id its address
 * @param client see {@link Peer#client}
 * @param cwd the directory it works in
 * @param project see {@link Project#key()}
 * @param process the client's process
 * @param server the server's process; empty if a command registers on its behalf
 * @param ownSession its client's own session id, see {@link Peer#ownSession}
 * @param transcript where the client writes its transcript
 * @param claimed whether the id was pinned by hand
 */
public record Registration(
        SessionId id,
        String client,
        String cwd,
        String project,
        Optional<ProcessIdentity> process,
        Optional<ProcessIdentity> server,
        Optional<SessionId> ownSession,
        Optional<String> transcript,
        boolean claimed) {

    /** A session whose client has not said what it calls it. */
    public Registration(
            SessionId id,
            String client,
            String cwd,
            String project,
            Optional<ProcessIdentity> process,
            Optional<ProcessIdentity> server,
            Optional<String> transcript,
            boolean claimed) {
        this(id, client, cwd, project, process, server, Optional.empty(), transcript, claimed);
    }
}
