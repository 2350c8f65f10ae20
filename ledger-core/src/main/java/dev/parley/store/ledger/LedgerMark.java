package dev.parley.store.ledger;

import java.util.Map;
import java.util.regex.Pattern;

/** What is noted of a recorded message: a file beside its record, named after it and what is noted. */
public final class LedgerMark {

    /** It was answered. */
    static final String ANSWERED = ",answered";

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

    private static final Pattern NUMBERED = Pattern.compile("(?:" + WORK + '|' + REMINDED + ")[0-9]{1,9}");

    private LedgerMark() {}

    /**
     * Whether what follows a message's id in a file's name makes it a mark.
     *
     * @param suffix from the comma on
     */
    public static boolean isSuffix(String suffix) {
        return suffix.equals(ANSWERED) || suffix.equals(RUNG)
                || suffix.equals(DONE)
                || suffix.equals(DUE)
                || suffix.startsWith(RUNG + '=')
                || NUMBERED.matcher(suffix).matches();
    }
}
