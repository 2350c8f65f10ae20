package dev.parley.peer;

import dev.parley.address.SessionId;
import dev.parley.process.ProcessIdentity;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
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
 * @param seen what the server can see that a {@link Binding} keeps
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
        boolean claimed,
        Binding seen) {

    /** How many servers of one session a card names: project and user scope make two, a restart another. */
    private static final int MAX_SERVERS = 8;

    /** A session of whose client nothing was seen. */
    public Registration(
            SessionId id,
            String client,
            String cwd,
            String project,
            Optional<ProcessIdentity> process,
            Optional<ProcessIdentity> server,
            Optional<SessionId> ownSession,
            Optional<String> transcript,
            boolean claimed) {
        this(id, client, cwd, project, process, server, ownSession, transcript, claimed, Binding.NONE);
    }

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
        this(id, client, cwd, project, process, server, Optional.empty(), transcript, claimed, Binding.NONE);
    }

    /**
     * The next card of the session: what is known of it, completed and refreshed. It has no name yet if there is no card.
     *
     * @param present its card so far
     * @param liveness tells which of its processes have ended: those it loses
     */
    public Peer over(Optional<Peer> present, Liveness liveness, Instant now) {
        List<ProcessIdentity> servers =
                new ArrayList<>(present.map(Peer::servers).orElse(List.of()));
        server.ifPresent(servers::remove);
        servers.removeIf(liveness::isDead);
        server.ifPresent(servers::add);
        while (servers.size() > MAX_SERVERS) {
            servers.remove(0);
        }
        return new Peer(
                id,
                present.map(Peer::name).orElse(""),
                client,
                present.flatMap(Peer::purpose),
                present.flatMap(Peer::purposeSince),
                cwd,
                project,
                process.or(() -> present.flatMap(Peer::process).filter(p -> !liveness.isDead(p))),
                servers,
                ownSession.or(() -> present.flatMap(Peer::ownSession)),
                transcript.or(() -> present.flatMap(Peer::transcript)),
                claimed || present.map(Peer::claimed).orElse(false),
                present.map(Peer::registeredAt)
                        .filter(at -> at.isAfter(Instant.EPOCH))
                        .orElse(now),
                Optional.empty(),
                present.flatMap(Peer::taken),
                present.map(Peer::groups).orElse(List.of()),
                seen.over(present.map(Peer::bound).orElse(Binding.NONE)));
    }
}
