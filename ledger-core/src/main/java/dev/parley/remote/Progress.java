package dev.parley.remote;

import dev.parley.address.MessageId;
import dev.parley.ledger.MessageState;
import dev.parley.ledger.ReceivedLedger.Rung;
import dev.parley.ledger.Work;
import dev.parley.ledger.WorkState;
import java.time.Instant;
import java.util.Optional;

/**
 * How far a message is on the machine of its receiver, as that machine told it. Each is a whole: the one with the greatest
 * revision says all that the others say.
 *
 * @param message the message
 * @param revision greater with each that the machine tells of this message
 * @param state how far it has come; {@link MessageState#STORED} also if it was refused
 * @param rung when a wake for it was accepted, and by which rung
 * @param handed when it was given to the receiver's client
 * @param shown when the receiver's client went on after that
 * @param answered when the receiver first answered it
 * @param refused why that machine does not take it in at present; it is sent again
 * @param work how far the work on it is; only of a request
 */
public record Progress(
        MessageId message,
        long revision,
        MessageState state,
        Optional<Rung> rung,
        Optional<Instant> handed,
        Optional<Instant> shown,
        Optional<Instant> answered,
        Optional<String> refused,
        Optional<WorkDone> work) {

    /** The longest reason of a refusal, in characters. */
    public static final int MAX_REASON = 300;

    /** The longest name of a rung, in characters. */
    private static final int MAX_RUNG = 40;

    /**
     * How far the work on a request is.
     *
     * @param state how far
     * @param revision how many changes led to it
     * @param since when the last was made
     * @param note what was said of it
     * @param needs what a blocked one needs
     */
    public record WorkDone(
            WorkState state, int revision, Instant since, Optional<String> note, Optional<String> needs) {

        /**
         * Checks it.
         *
         * @throws IllegalArgumentException if a text is too long, or the revision below zero
         */
        public WorkDone {
            require(revision >= 0, "a revision is not below zero");
            require(isShort(note, Work.MAX_NOTE) && isShort(needs, Work.MAX_NOTE), "a note is too long");
        }
    }

    /**
     * Checks it.
     *
     * @throws IllegalArgumentException if a text is too long, or the revision below one
     */
    public Progress {
        require(revision >= 1, "revisions begin at 1");
        require(isShort(refused, MAX_REASON), "the reason of a refusal is too long");
        require(
                rung.filter(it -> !it.rung().matches("[a-z0-9-]{1," + MAX_RUNG + "}"))
                        .isEmpty(),
                "no name of a rung");
    }

    /** That a message is not taken in at present. */
    public static Progress refused(MessageId message, long revision, String reason) {
        String shortened = reason.codePointCount(0, reason.length()) <= MAX_REASON
                ? reason
                : reason.substring(0, reason.offsetByCodePoints(0, MAX_REASON));
        return new Progress(
                message,
                revision,
                MessageState.STORED,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(shortened),
                Optional.empty());
    }

    /** Whether it says nothing that another does not. What was taken in is not refused later, whatever the clocks say. */
    public boolean isNoNewsAfter(Progress other) {
        return refused.isPresent() == other.refused.isPresent() ? revision <= other.revision : refused.isPresent();
    }

    /** Whether the message was answered, or the work on it has ended otherwise. */
    public boolean isSettled() {
        return answered.isPresent()
                || work.filter(done -> done.state().isTerminal()).isPresent();
    }

    /** The same under another revision. */
    public Progress withRevision(long next) {
        return new Progress(message, next, state, rung, handed, shown, answered, refused, work);
    }

    private static boolean isShort(Optional<String> text, int most) {
        return text.filter(it -> it.isEmpty() || it.codePointCount(0, it.length()) > most)
                .isEmpty();
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
