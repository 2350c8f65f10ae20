package dev.parley.lock;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What {@code /proc/<pid>/stat} tells of a process's life; see proc(5). */
final class ProcStat {

    /** The process has ended. */
    static final long GONE = -1;

    /** The text is not what proc(5) says. */
    static final long CANNOT_TELL = -2;

    /**
     * State (field 3), number of threads (20) and start time (22). The name (2) may hold anything, also parentheses and
     * line ends: the last parenthesis ends it.
     */
    private static final Pattern FIELDS =
            Pattern.compile("(?s).*\\) (?<state>\\S)(?: \\S+){16} (?<threads>\\d{1,9}) \\S+ (?<start>\\d{1,18}) .*");

    private ProcStat() {}

    /** When it started, in clock ticks since boot, or {@link #GONE}, or {@link #CANNOT_TELL}. */
    static long start(String stat) {
        Matcher matcher = FIELDS.matcher(stat);
        if (!matcher.matches()) {
            return CANNOT_TELL;
        }
        boolean ended = switch (matcher.group("state").charAt(0)) {
            // Only the first thread has ended, if others are counted: the process lives on in them.
            case 'Z' -> Integer.parseInt(matcher.group("threads")) <= 1;
            case 'X', 'x' -> true;
            default -> false;
        };
        return ended ? GONE : Long.parseLong(matcher.group("start"));
    }
}
