package dev.parley.wake;

import java.util.Locale;

/** What came of a wish to wake somebody. {@link #FIRED} means that a rung accepted it, no more. */
public enum WakeStatus {
    /** A rung accepted it. */
    FIRED,
    /** The peer is at work, or asks its user, and will see its mail by itself. */
    SKIPPED_BUSY,
    /** No rung reaches this peer. */
    SKIPPED_NO_TARGET,
    /** It has been woken too often. */
    SKIPPED_RATE_LIMITED,
    /** It has been woken for this very answer. */
    SKIPPED_DEDUPED,
    /** It was woken a moment ago, or the text that it was woken with still waits. */
    SKIPPED_DEBOUNCED,
    /** The gates could not be read or written; the message is stored all the same. */
    SKIPPED_STORE_ERROR,
    /** A dialog, a draft, copy mode, or another program in the foreground. */
    SKIPPED_UNSAFE,
    /** It has ended, and is not resumed for a request: the reason says why, and until when. */
    SKIPPED_PARKED,
    /** Waking is turned off. */
    DISABLED;

    /** As it stands in a result. */
    public String inResult() {
        return name().toLowerCase(Locale.ROOT);
    }
}
