package dev.parley.wake.tmux;

import dev.parley.lock.Lease;
import dev.parley.peer.WakeOutcome;
import dev.parley.peer.WakeOutcome.Accepted;
import dev.parley.peer.WakeOutcome.Reason;
import dev.parley.peer.WakeOutcome.Refused;
import dev.parley.peer.WakeOutcome.Unknown;
import dev.parley.trace.Why;
import dev.parley.wake.tmux.ClientPane.Look;
import dev.parley.wake.tmux.Composer.Empty;
import dev.parley.wake.tmux.Composer.Holding;
import dev.parley.wake.tmux.Composer.Reading;
import dev.parley.wake.tmux.Composer.Settling;
import dev.parley.wake.tmux.Composer.Unsafe;
import dev.parley.wake.tmux.Composer.Working;
import dev.parley.wake.tmux.TmuxServer.Sent;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Submits one line in one pane: look, paste, look, Enter, look. For one use, by one thread, under the pane's lock.
 *
 * <p>Every key is decided on a look that found the pane proven and its composer in the one right state, and is written by
 * the tmux server only if the pane is then still as it was seen. If Enter does not submit, it is pressed once more; if
 * that does not either, or the client began to work meanwhile, the text is taken back. Both only while the composer holds
 * exactly that text: if somebody typed into it, it is theirs.
 */
final class Typist {

    /** A paste and an Enter that arrive in one read are taken for one paste; from 120 ms on it was never seen. */
    private static final Duration SETTLE = Duration.ofMillis(150);

    private static final Duration PAUSE = Duration.ofMillis(40);

    /** A frame that is being drawn at that moment is not recognised; the next one is. */
    private static final int LOOKS = 4;

    /** How much of the limit the typing keeps for itself. The rest may go by until the composer has settled. */
    private static final Duration FOR_TYPING = Duration.ofMillis(4500);

    private static final Duration PAUSE_TO_SETTLE = Duration.ofMillis(200);

    /** Which part of the time each step may use up, in percent, counted from the beginning. */
    private static final int SEEN_BY = 40;

    private static final int SUBMITTED_BY = 65;
    private static final int SUBMITTED_AGAIN_BY = 85;
    private static final int TAKEN_BACK_BY = 100;

    private final ClientPane pane;
    private final Composer composer;
    private final String text;
    private final String ours;
    private final Lease lease;
    private final Duration limit;

    /** Until when it waits for the composer to settle. */
    private final Deadline patience;

    /** Of the typing; begins anew once it has settled. */
    private Deadline deadline;

    Typist(ClientPane pane, Composer composer, String text, Lease lease, Duration limit) {
        this.pane = pane;
        this.composer = composer;
        this.text = text;
        this.ours = Composer.squeezed(text);
        this.lease = lease;
        this.limit = limit;
        this.patience = new Deadline(limit.compareTo(FOR_TYPING) > 0 ? limit.minus(FOR_TYPING) : Duration.ZERO);
        this.deadline = new Deadline(limit);
    }

    /** Does it. What it says is what is known at the end. */
    WakeOutcome type() throws InterruptedException {
        String loaded;
        try {
            loaded = pane.load(text);
        } catch (IOException e) {
            return new Refused(Reason.FAILED, "loading the text: " + Why.of(e));
        }
        boolean pasted = false;
        try {
            Optional<WakeOutcome> refusal = pasteInto(loaded);
            pasted = refusal.isEmpty();
            return pasted ? submit() : refusal.get();
        } finally {
            if (!pasted) {
                drop(loaded);
            }
        }
    }

    /** A buffer that stays behind is seen by nobody but a user who lists them. */
    private void drop(String loaded) throws InterruptedException {
        try {
            pane.drop(loaded);
        } catch (IOException e) {
            // Pasted after all, and dropped by that, or the server has ended. There is nothing left to drop.
            return;
        }
    }

    /** Empty if the text was pasted. */
    private Optional<WakeOutcome> pasteInto(String loaded) throws InterruptedException {
        boolean asked = false;
        try {
            WakeOutcome refusal = new Refused(Reason.UNSAFE, "the pane kept changing");
            for (int attempt = 0; attempt < LOOKS; attempt++) {
                if (attempt > 0) {
                    pause();
                }
                Look look = settled();
                if (look.reading() instanceof Empty) {
                    lease.ensureHeld();
                    asked = true;
                    if (pane.paste(look.snapshot().orElseThrow(), loaded) == Sent.TYPED) {
                        return Optional.empty();
                    }
                    asked = false;
                } else {
                    refusal = refusal(look);
                    if (!(look.reading() instanceof Unsafe)) {
                        break;
                    }
                }
            }
            return Optional.of(refusal);
        } catch (IOException e) {
            return Optional.of(
                    asked ? new Unknown("pasting: " + Why.of(e)) : new Refused(Reason.FAILED, "looking: " + Why.of(e)));
        }
    }

    /** The first look that finds nothing which goes by itself, or the last one while there is patience. */
    private Look settled() throws IOException, InterruptedException {
        Look look = pane.look(composer);
        while (look.reading() instanceof Settling && !patience.isPast(100)) {
            TimeUnit.NANOSECONDS.sleep(PAUSE_TO_SETTLE.toNanos());
            look = pane.look(composer);
        }
        deadline = new Deadline(limit.minus(patience.elapsed()));
        return look;
    }

    private static Refused refusal(Look look) {
        if (look.reading() instanceof Working) {
            return new Refused(Reason.BUSY, "the client is at work");
        } else if (look.reading() instanceof Settling settling) {
            return new Refused(Reason.BUSY, settling.why());
        } else if (look.reading() instanceof Holding) {
            return new Refused(Reason.UNSAFE, "there is a draft in the composer");
        } else if (look.reading() instanceof Unsafe unsafe) {
            return new Refused(Reason.UNSAFE, unsafe.why());
        }
        return new Refused(Reason.UNSAFE, "the pane kept changing");
    }

    /** From here on the text is, or was, in the composer. */
    private WakeOutcome submit() throws InterruptedException {
        Deadline settling = new Deadline(SETTLE);
        try {
            if (!comesToStand(settling)) {
                return takeBack(Reason.BUSY, "the client began to work");
            }
            Optional<WakeOutcome> outcome = enterAndWatch(SUBMITTED_BY);
            if (outcome.isEmpty()) {
                outcome = enterAndWatch(SUBMITTED_AGAIN_BY);
            }
            return outcome.isPresent() ? outcome.get() : takeBack(Reason.FAILED, "the client did not submit it");
        } catch (IOException e) {
            return new Unknown("after pasting: " + Why.of(e));
        }
    }

    /** Waits until the composer holds exactly the text, and long enough for a paste not to run into the Enter. */
    private boolean comesToStand(Deadline settling) throws IOException, InterruptedException {
        do {
            pause();
            if (holdsOurs(pane.look(composer)) && settling.isPast(100)) {
                return true;
            }
        } while (!deadline.isPast(SEEN_BY));
        return false;
    }

    /** Presses Enter, once, and watches what comes of it. Empty if the text still stands there. */
    private Optional<WakeOutcome> enterAndWatch(int percent) throws IOException, InterruptedException {
        if (!pressed(this::holdsOurs, pane::enter, percent)) {
            return Optional.of(new Unknown("pasted, and then the composer changed; not submitted"));
        }
        Look look;
        do {
            pause();
            look = pane.look(composer);
            if (isSubmitted(look)) {
                return Optional.of(new Accepted("submitted in " + pane + after()));
            }
        } while (!deadline.isPast(percent));
        if (hasOurs(look)) {
            return Optional.empty();
        }
        return Optional.of(
                look.reading() instanceof Empty
                        ? new Accepted("the composer of " + pane + " gave it up" + after())
                        : new Unknown("Enter was pressed; what came of it was not recognised"));
    }

    private String after() {
        return " after " + patience.elapsed().toMillis() + " ms";
    }

    /** Seen to have left the composer for the conversation. */
    private boolean isSubmitted(Look look) {
        return !hasOurs(look)
                && (look.reading() instanceof Working
                        || look.snapshot()
                                .filter(seen -> composer.showsSubmitted(seen, text))
                                .isPresent());
    }

    /** Erases the text, if it is all that stands in the composer. */
    private WakeOutcome takeBack(Reason reason, String why) throws IOException, InterruptedException {
        if (!pressed(this::hasOurs, seen -> pane.erase(seen, text.length()), TAKEN_BACK_BY)) {
            return new Unknown("pasted, but the composer does not hold just that; not submitted, and left standing");
        }
        do {
            pause();
            Reading reading = pane.look(composer).reading();
            if (reading instanceof Empty
                    || (reading instanceof Working working && working.draft().isEmpty())) {
                return new Refused(reason, why + "; taken back");
            }
        } while (!deadline.isPast(TAKEN_BACK_BY));
        return new Unknown("not submitted, and not seen to be taken back");
    }

    /** A key that is written only if the pane still is as it was seen. */
    private interface Key {
        Sent press(Snapshot seen) throws IOException, InterruptedException;
    }

    /** Presses a key on a look that allows it. False if none does, or the pane keeps changing. */
    private boolean pressed(Predicate<Look> allowed, Key key, int percent) throws IOException, InterruptedException {
        for (int attempt = 0; attempt < LOOKS; attempt++) {
            Look look = pane.look(composer);
            if (allowed.test(look)) {
                lease.ensureHeld();
                if (key.press(look.snapshot().orElseThrow()) == Sent.TYPED) {
                    return true;
                }
            }
            if (deadline.isPast(percent)) {
                return false;
            }
            pause();
        }
        return false;
    }

    /** Whether the client waits for input, and exactly the text stands in its composer. */
    private boolean holdsOurs(Look look) {
        return look.reading() instanceof Holding holding && holding.draft().equals(ours);
    }

    /** The same, also if the client is at work. */
    private boolean hasOurs(Look look) {
        return holdsOurs(look)
                || (look.reading() instanceof Working working && working.draft().equals(ours));
    }

    private static void pause() throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
    }
}
