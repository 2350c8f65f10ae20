package dev.parley.peer;

/** What a rung knows after it tried. */
public sealed interface WakeOutcome {

    /** Why a rung that could have acted did not. */
    enum Reason {
        /** The peer is at work; it will see its mail by itself. */
        BUSY,
        /** Acting could hit a dialog, a draft, a shell, or somebody else's screen. */
        UNSAFE,
        /** Another process is waking the same peer at this moment. */
        TAKEN,
        /** What the rung needs did not answer, or answered with an error. */
        FAILED
    }

    /**
     * The rung took it: the text was submitted, or the queue holds it. It does not say that the peer read anything.
     *
     * @param evidence what was seen, for the trace
     */
    record Accepted(String evidence) implements WakeOutcome {}

    /**
     * The rung applies, but did not act, and left nothing of Parley's anywhere.
     *
     * @param reason the kind
     * @param detail what was seen, in a few words, for people and the trace
     */
    record Refused(Reason reason, String detail) implements WakeOutcome {}

    /**
     * This peer cannot be reached this way; the next rung may.
     *
     * @param detail what is missing
     */
    record NotApplicable(String detail) implements WakeOutcome {}

    /**
     * It may or may not have arrived. Never tried again by itself, and no further rung is climbed.
     *
     * @param detail where it was lost sight of
     */
    record Unknown(String detail) implements WakeOutcome {}
}
