package dev.parley.supervise;

/**
 * Whether a session may be gone on with.
 *
 * @param ruling which
 * @param reason why
 * @param remedy what a person can do; empty where there is nothing to do
 */
public record Verdict(Ruling ruling, String reason, String remedy) {

    /** The rulings. Only with {@link #FREE} anything is started. */
    public enum Ruling {
        /** Nobody runs it. */
        FREE("free"),
        /** Somebody runs it. */
        HELD_ELSEWHERE("held_elsewhere"),
        /** Whether somebody runs it cannot be told. */
        OWNER_UNKNOWN("owner_unknown"),
        /** Nothing brings it back. */
        UNKNOWN_SESSION("unknown_session"),
        /** Its client or its directory is not here. */
        NOT_HERE("not_here");

        private final String word;

        Ruling(String word) {
            this.word = word;
        }

        /** The word for it in results. */
        public String word() {
            return word;
        }
    }

    /** Whether it may be gone on with. */
    public boolean isFree() {
        return ruling == Ruling.FREE;
    }
}
