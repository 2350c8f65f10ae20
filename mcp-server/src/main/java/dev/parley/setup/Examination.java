package dev.parley.setup;

/**
 * What a doctor found out about one thing.
 *
 * @param check what was looked at
 * @param level how it is
 * @param seen what was seen, in a few words
 * @param remedy what to do about it, in one line; empty if nothing
 */
public record Examination(String check, Level level, String seen, String remedy) {

    /** How something is. */
    public enum Level {
        /** As it should be. */
        OK,
        /** It works, but not as well as it could. */
        WARNING,
        /** It does not work. */
        FAILURE
    }

    /** As it should be. */
    public static Examination ok(String check, String seen) {
        return new Examination(check, Level.OK, seen, "");
    }

    /** Works, but could be better. */
    public static Examination warning(String check, String seen, String remedy) {
        return new Examination(check, Level.WARNING, seen, remedy);
    }

    /** Does not work. */
    public static Examination failure(String check, String seen, String remedy) {
        return new Examination(check, Level.FAILURE, seen, remedy);
    }
}
