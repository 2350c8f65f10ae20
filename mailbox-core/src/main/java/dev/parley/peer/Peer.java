package dev.parley.peer;

import dev.parley.lock.ProcessIdentity;
import dev.parley.store.SessionId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The card of one session: who it is, where it works, and which processes it lives in.
 *
 * @param id its address
 * @param name its memorable name, unique in its project
 * @param client {@code claude-code}, {@code codex}, or what any other client calls itself
 * @param purpose what it says it is doing
 * @param purposeSince when it said so
 * @param cwd the directory it works in
 * @param project the project it belongs to, see {@link Project#key()}
 * @param process its client's process
 * @param servers the processes of its Parley servers, newest last
 * @param transcript where its client writes its transcript
 * @param tmuxSession the tmux session it is seen in
 * @param claimed whether its id was pinned by hand: nothing automatic changes it then
 * @param registeredAt when it was first seen
 * @param ended how it ended, if it said so
 */
public record Peer(
        SessionId id,
        String name,
        String client,
        Optional<String> purpose,
        Optional<Instant> purposeSince,
        String cwd,
        String project,
        Optional<ProcessIdentity> process,
        List<ProcessIdentity> servers,
        Optional<String> transcript,
        Optional<String> tmuxSession,
        boolean claimed,
        Instant registeredAt,
        Optional<Ending> ended) {

    /** The client type of Claude Code. */
    public static final String CLAUDE_CODE = "claude-code";

    /** The client type of Codex. */
    public static final String CODEX = "codex";

    /**
     * That a session said it was over.
     *
     * @param at when
     * @param reason what its client called it
     */
    public record Ending(Instant at, String reason) {}

    /** Copies the list. */
    public Peer {
        servers = List.copyOf(servers);
    }

    /** The same session under another name. */
    public Peer withName(String newName) {
        return new Peer(
                id,
                newName,
                client,
                purpose,
                purposeSince,
                cwd,
                project,
                process,
                servers,
                transcript,
                tmuxSession,
                claimed,
                registeredAt,
                ended);
    }

    /** The same session with another purpose. */
    public Peer withPurpose(Optional<String> newPurpose, Instant at) {
        return new Peer(
                id,
                name,
                client,
                newPurpose,
                Optional.of(at),
                cwd,
                project,
                process,
                servers,
                transcript,
                tmuxSession,
                claimed,
                registeredAt,
                ended);
    }

    /** The same session, over, or not over. */
    public Peer withEnding(Optional<Ending> ending) {
        return new Peer(
                id,
                name,
                client,
                purpose,
                purposeSince,
                cwd,
                project,
                process,
                servers,
                transcript,
                tmuxSession,
                claimed,
                registeredAt,
                ending);
    }

    /** The same session without one of its servers. */
    public Peer withoutServer(ProcessIdentity server) {
        return new Peer(
                id,
                name,
                client,
                purpose,
                purposeSince,
                cwd,
                project,
                process,
                servers.stream().filter(each -> !each.equals(server)).toList(),
                transcript,
                tmuxSession,
                claimed,
                registeredAt,
                ended);
    }
}
