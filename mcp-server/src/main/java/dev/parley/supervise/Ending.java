package dev.parley.supervise;

/** How a client ended, as its exit code tells. */
enum Ending {
    /** It ended by itself, and was not in trouble. */
    CLEAN,
    /** Somebody ended it: from the keyboard, with its terminal, or by asking it to end. */
    ASKED,
    /** It never was. */
    NOT_STARTED,
    /** Anything else. */
    CRASHED;

    private static final int SIGNALLED = 128;
    private static final int HANGUP = 1;
    private static final int INTERRUPT = 2;
    private static final int QUIT = 3;
    private static final int TERMINATE = 15;
    private static final int CANNOT_BE_RUN = 126;
    private static final int NOT_FOUND = 127;

    /** What an exit code means, where 128 + n stands for signal n. */
    static Ending of(int code) {
        return switch (code) {
            case 0 -> CLEAN;
            case CANNOT_BE_RUN, NOT_FOUND -> NOT_STARTED;
            case SIGNALLED + HANGUP, SIGNALLED + INTERRUPT, SIGNALLED + QUIT, SIGNALLED + TERMINATE -> ASKED;
            default -> CRASHED;
        };
    }

    /** In words. */
    static String inWords(int code) {
        return code > SIGNALLED ? "was killed by signal " + (code - SIGNALLED) : "ended with exit code " + code;
    }
}
