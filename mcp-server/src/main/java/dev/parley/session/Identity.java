package dev.parley.session;

import dev.parley.address.SessionId;
import java.util.List;
import java.util.Optional;

/**
 * What says who this session is, strongest first, and which of it counts.
 *
 * @param clues every source that was looked at
 */
public record Identity(List<Clue> clues) {

    /** Where an id can come from, strongest first. */
    public enum Source {
        /** Pinned by hand with {@code claim_session}. Nothing automatic overrides it. */
        CLAIM,
        /** What a Claude Code hook wrote into {@code clients/<pid>}: follows {@code /clear} and {@code /resume}. */
        CLAUDE_CLIENT_FILE,
        /** {@code CLAUDE_CODE_SESSION_ID} in the environment: right at the start, stale after {@code /clear}. */
        CLAUDE_ENVIRONMENT,
        /** {@code _meta.threadId} of a call from Codex. */
        CODEX_THREAD,
        /** The one thread that our Codex process holds the lock of and no other server serves: known before any call. */
        CODEX_LOCK,
        /** Made up when the server started. */
        PROVISIONAL
    }

    /**
     * What one source says.
     *
     * @param source which
     * @param id the id, if it has one
     * @param detail where it was looked for, and what was found
     */
    public record Clue(Source source, Optional<SessionId> id, String detail) {}

    /** Sorts them. */
    public Identity {
        clues = clues.stream()
                .sorted(java.util.Comparator.comparing(Clue::source))
                .toList();
    }

    /** The clue that counts. */
    public Clue winning() {
        return clues.stream()
                .filter(clue -> clue.id().isPresent())
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("there is always a provisional id"));
    }

    /** What the client itself calls its session, whatever was pinned by hand; empty if it has said nothing. */
    public Optional<SessionId> own() {
        return clues.stream()
                .filter(clue -> clue.source() != Source.CLAIM && clue.source() != Source.PROVISIONAL)
                .flatMap(clue -> clue.id().stream())
                .findFirst();
    }

    /** The id that counts. */
    public SessionId id() {
        return winning().id().orElseThrow();
    }
}
