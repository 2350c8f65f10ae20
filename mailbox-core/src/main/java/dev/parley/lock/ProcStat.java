package dev.parley.lock;

import java.util.StringTokenizer;

/** What {@code /proc/<pid>/stat} tells of a process's life; see proc(5). */
final class ProcStat {

    /** The process has ended. */
    static final long GONE = -1;

    /** The text is not what proc(5) says. */
    static final long CANNOT_TELL = -2;

    /** Where fields stand behind the name, which is field 2. */
    private static final int STATE = 0;

    private static final int THREADS = 20 - 3;
    private static final int START = 22 - 3;

    private ProcStat() {}

    /**
     * When it started, in clock ticks since boot, or {@link #GONE}, or {@link #CANNOT_TELL}. By hand, because every send
     * asks several times and a regular expression takes more steps than all else that a send does with text.
     */
    static long start(String stat) {
        // The name may hold anything, also parentheses and line ends: the last parenthesis ends it.
        StringTokenizer fields = new StringTokenizer(stat.substring(stat.lastIndexOf(')') + 1), " ");
        char state = ' ';
        long threads = 0;
        for (int field = STATE; fields.hasMoreTokens(); field++) {
            String text = fields.nextToken();
            switch (field) {
                case STATE -> state = text.charAt(0);
                case THREADS -> threads = number(text);
                case START -> {
                    long start = number(text);
                    return threads < 0 || start < 0 ? CANNOT_TELL : isOver(state, threads) ? GONE : start;
                }
                default -> {}
            }
        }
        return CANNOT_TELL;
    }

    private static boolean isOver(char state, long threads) {
        return switch (state) {
            // Only the first thread has ended, if others are counted: the process lives on in them.
            case 'Z' -> threads <= 1;
            case 'X', 'x' -> true;
            default -> false;
        };
    }

    private static long number(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
