package dev.parley.peer;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

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
        BUSY("busy"),
        /** In a turn that stands still until its user has answered a question, such as one for a permission. */
        ASKING("asks"),
        /** Ready for its user's next prompt. */
        IDLE("idle"),
        /** The same, after its user interrupted a turn: Codex then holds its queue until the user's next prompt. */
        HELD("held"),
        /** Over. */
        ENDED("ended"),
        /** It has no hooks that would tell. */
        UNKNOWN("unknown");

        private final String word;

        Activity(String word) {
            this.word = word;
        }

        /** What a hook's word means. */
        public static Activity of(String word) {
            return Stream.of(values())
                    .filter(activity -> activity.word.equals(word))
                    .findFirst()
                    .orElse(UNKNOWN);
        }

        /** As it stands in a result: that a queue is held is of no use there. */
        public String inResult() {
            return switch (this) {
                case ASKING -> "waits_for_user";
                case HELD -> "idle";
                default -> name().toLowerCase(Locale.ROOT);
            };
        }
    }

    /** Whether its client waits for the next prompt. */
    public boolean isIdle() {
        return activity == Activity.IDLE || activity == Activity.HELD;
    }
}
