package dev.parley.process;

import java.util.Optional;

/**
 * What {@code /proc/<pid>/stat} tells of a process; see proc(5). Numbers are read when they are asked for: every send asks
 * several times whether somebody lives, and never for the rest.
 */
public final class ProcStat {

    /** The process has ended. */
    public static final long GONE = -1;

    /** The text is not what proc(5) says. */
    public static final long CANNOT_TELL = -2;

    /** Where fields stand behind the name, which is field 2. */
    private static final int STATE = 3 - 3;

    private static final int PARENT = 4 - 3;
    private static final int GROUP = 5 - 3;
    private static final int TERMINAL = 7 - 3;
    private static final int FOREGROUND = 8 - 3;
    private static final int THREADS = 20 - 3;
    private static final int START = 22 - 3;

    private final String name;
    private final String[] fields;

    private ProcStat(String name, String[] fields) {
        this.name = name;
        this.fields = fields;
    }

    /**
     * Reads the text of the file, up to the state; empty if that is not there. By hand, because a regular expression takes
     * more steps than all else that a send does with text.
     */
    public static Optional<ProcStat> of(String stat) {
        // The name may hold anything, also parentheses and line ends: the last parenthesis ends it.
        int open = stat.indexOf('(');
        int close = stat.lastIndexOf(") ");
        if (open < 0 || close < open) {
            return Optional.empty();
        }
        // One more than the last that is read, or that may have been cut short.
        String[] fields = stat.substring(close + 2).split(" ", START + 2);
        return fields[STATE].length() == 1
                ? Optional.of(new ProcStat(stat.substring(open + 1, close), fields))
                : Optional.empty();
    }

    /** When a process started, in clock ticks since boot, or {@link #GONE}, or {@link #CANNOT_TELL}. */
    public static long start(String stat) {
        Optional<ProcStat> read = of(stat);
        return read.isPresent() ? read.get().start() : CANNOT_TELL;
    }

    private long start() {
        if (fields.length < START + 2) {
            return CANNOT_TELL;
        }
        long threads = ProcessIdentity.number(fields[THREADS]);
        long start = ProcessIdentity.number(fields[START]);
        return threads < 0 || start < 0 ? CANNOT_TELL : isOver(threads) ? GONE : start;
    }

    private boolean isOver(long threads) {
        return switch (state()) {
            // Only the first thread has ended, if others are counted: the process lives on in them.
            case 'Z' -> threads <= 1;
            case 'X', 'x' -> true;
            default -> false;
        };
    }

    /** Its short name, chosen by itself. */
    public String name() {
        return name;
    }

    /** The letter of its state. */
    public char state() {
        return fields[STATE].charAt(0);
    }

    /**
     * Its parent's number.
     *
     * @throws NumberFormatException if the text does not tell; so do all that follow
     */
    public long parent() {
        return number(PARENT);
    }

    /** Its process group. */
    public long group() {
        return number(GROUP);
    }

    /** The device number of its controlling terminal; 0 if it has none. */
    public long terminal() {
        return number(TERMINAL);
    }

    /** The process group in the foreground of that terminal; -1 if it has none. */
    public long foreground() {
        return number(FOREGROUND);
    }

    private long number(int field) {
        return Long.parseLong(field < fields.length ? fields[field].strip() : "");
    }
}
