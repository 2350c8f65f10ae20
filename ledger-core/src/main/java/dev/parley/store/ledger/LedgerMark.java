package dev.parley.store.ledger;

import java.util.Map;

/** What is noted of a recorded message: a file beside its record, named after it and what is noted. */
public final class LedgerMark {

    /** It was answered. */
    static final String ANSWERED = ",answered";

    /** A rung accepted to wake for it; the mark holds the rung's name. */
    static final String RUNG = ",rung";

    /** What older versions wrote: a mark of each rung's own, its name in the file's. Read for as long as there are such stores. */
    static final Map<String, String> OLDER_RUNGS =
            Map.of("doorbell", RUNG + "=doorbell", "codex-queue", RUNG + "=codex-queue", "tmux", RUNG + "=tmux");

    private LedgerMark() {}

    /**
     * Whether what follows a message's id in a file's name makes it a mark.
     *
     * @param suffix from the comma on
     */
    public static boolean isSuffix(String suffix) {
        return suffix.equals(ANSWERED) || suffix.equals(RUNG) || suffix.startsWith(RUNG + '=');
    }
}
