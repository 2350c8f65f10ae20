package dev.parley.store.process;

import dev.parley.process.ProcessIdentity;

/** What {@code /proc/<pid>/stat} tells of a process's life; see proc(5). */
final class ProcStat {

    /** The process has ended. */
    static final long GONE = -1;

    /** The text is not what proc(5) says. */
    static final long CANNOT_TELL = -2;

    /** Where fields stand behind the name, which is field 2. */
    private static final int STATE = 3 - 2;

    private static final int THREADS = 20 - 2;
    private static final int START = 22 - 2;

    private ProcStat() {}

    /**
     * When it started, in clock ticks since boot, or {@link #GONE}, or {@link #CANNOT_TELL}. By hand, because every send
     * asks several times and a regular expression takes more steps than all else that a send does with text.
     */
    static long start(String stat) {
        // The name may hold anything, also parentheses and line ends: the last parenthesis ends it.
        int name = stat.lastIndexOf(") ");
        String[] fields = stat.substring(name + 1).split(" ", START + 2);
        // One more than the last that is read, or that may have been cut short.
        if (name < 0 || fields.length < START + 2 || fields[STATE].length() != 1) {
            return CANNOT_TELL;
        }
        long threads = ProcessIdentity.number(fields[THREADS]);
        long start = ProcessIdentity.number(fields[START]);
        return threads < 0 || start < 0 ? CANNOT_TELL : isOver(fields[STATE].charAt(0), threads) ? GONE : start;
    }

    private static boolean isOver(char state, long threads) {
        return switch (state) {
            // Only the first thread has ended, if others are counted: the process lives on in them.
            case 'Z' -> threads <= 1;
            case 'X', 'x' -> true;
            default -> false;
        };
    }
}
