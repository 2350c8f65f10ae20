package dev.parley.client;

/**
 * Whether somebody runs a session now, by its client's own means.
 *
 * @param state what is known
 * @param reason how that is known, or why it is not
 * @param remedy how a person finds out, or what ends it; empty where there is nothing to do
 */
public record Ownership(State state, String reason, String remedy) {

    /** What is known. */
    public enum State {
        /** Nobody runs it. */
        NOBODY,
        /** A process runs it. */
        SOMEBODY,
        /** It cannot be told; so nobody may begin. */
        UNKNOWN
    }

    /** Nobody runs it. */
    public static Ownership nobody(String reason) {
        return new Ownership(State.NOBODY, reason, "");
    }

    /** A process runs it. */
    public static Ownership somebody(String reason, String remedy) {
        return new Ownership(State.SOMEBODY, reason, remedy);
    }

    /** It cannot be told. */
    public static Ownership unknown(String reason, String remedy) {
        return new Ownership(State.UNKNOWN, reason, remedy);
    }
}
