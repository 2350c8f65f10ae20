package dev.parley.peer;

import java.time.Instant;
import java.util.Optional;

/**
 * What is known of a session's life.
 *
 * @param life whether a process of it runs
 * @param activity what its client said last
 * @param since when the client said that
 */
public record Presence(Life life, Activity activity, Optional<Instant> since) {

    /** Whether a session runs. */
    public enum Life {
        /** A process of it runs. */
        LIVE,
        /** Every process it is known by has ended, or it said that it was over. */
        GONE,
        /** Its processes belong to another container or machine, or none was ever named. */
        UNKNOWN
    }

    /** What a client does. */
    public enum Activity {
        /** In a turn. */
        BUSY,
        /** Waiting for its user. */
        IDLE,
        /** Over. */
        ENDED,
        /** It has no hooks that would tell. */
        UNKNOWN
    }
}
