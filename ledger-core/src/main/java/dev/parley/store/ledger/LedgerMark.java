package dev.parley.store.ledger;

import dev.parley.store.CorruptFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/** What is noted of a recorded message: a file beside its record, named after it and what is noted. */
public final class LedgerMark {

    /** It was answered. */
    static final String ANSWERED = ",answered";

    /** Its sender took it back before anybody had taken it. */
    static final String WITHDRAWN = ",withdrawn";

    /** A rung accepted to wake for it; the mark holds the rung's name. */
    static final String RUNG = ",rung";

    /** What older versions wrote: a mark of each rung's own, its name in the file's. Read for as long as there are such stores. */
    static final Map<String, String> OLDER_RUNGS =
            Map.of("doorbell", RUNG + "=doorbell", "codex-queue", RUNG + "=codex-queue", "tmux", RUNG + "=tmux");

    /** The state of unfinished work; behind it the revision. Of a request of which nothing was said yet it is empty. */
    static final String WORK = ",work=";

    /** The terminal state of work. */
    static final String DONE = ",done";

    /** Its owner was reminded at a turn's end; behind it the revision of the work. */
    static final String REMINDED = ",reminded=";

    /** Its owner was told that it is due. */
    static final String DUE = ",due";

    /** The longest mark, in bytes. */
    public static final int MAX_BYTES = WorkFile.MAX_BYTES;

    private static final Pattern NUMBERED = Pattern.compile("(?:" + WORK + '|' + REMINDED + ")[0-9]{1,9}");

    private LedgerMark() {}

    /**
     * Whether what follows a message's id in a file's name makes it a mark.
     *
     * @param suffix from the comma on
     */
    public static boolean isSuffix(String suffix) {
        return suffix.equals(ANSWERED)
                || suffix.equals(RUNG)
                || suffix.equals(DONE)
                || suffix.equals(DUE)
                || suffix.equals(WITHDRAWN)
                || suffix.startsWith(RUNG + '=')
                || NUMBERED.matcher(suffix).matches();
    }

    /**
     * Checks that the content of a mark of work can be read; any other mark is as good as it is.
     *
     * @param suffix what makes it a mark
     * @throws CorruptFileException if it cannot
     */
    public static void requireReadable(String suffix, Path file, byte[] content) throws CorruptFileException {
        if (suffix.equals(DONE)) {
            if (!WorkFile.decode(file, content).state().isTerminal()) {
                throw new CorruptFileException(file, 0, "its state is not terminal");
            }
        } else if (suffix.startsWith(WORK)
                && !isFirst(suffix)
                && WorkFile.decode(file, content).state().isTerminal()) {
            throw new CorruptFileException(file, 0, "its state is terminal");
        }
    }

    /** Whether it is the mark of a request of which nothing was said yet. */
    static boolean isFirst(String suffix) {
        return suffix.equals(WORK + 0);
    }

    /** The revision of a mark of work; empty if it is another. */
    static OptionalInt revision(String suffix) {
        return suffix.startsWith(WORK) && isSuffix(suffix)
                ? OptionalInt.of(Integer.parseInt(suffix.substring(WORK.length())))
                : OptionalInt.empty();
    }
}
