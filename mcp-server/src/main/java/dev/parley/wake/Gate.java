package dev.parley.wake;

import dev.parley.address.RequestId;
import dev.parley.peer.Presence;
import dev.parley.wake.WakeLog.Entry;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Decides whether a peer may be woken now. A pure function of what is known, so that every sequence of events can be
 * tried in a test.
 */
final class Gate {

    /** Two wakes of one target closer than this are one. */
    static final Duration DEBOUNCE = Duration.ofSeconds(1);

    /** One answer wakes its asker once. */
    static final Duration DEDUPE = Duration.ofHours(1);

    /** The cost guard: so many wakes of one target by one sender within {@link #PAIR_TIME}. */
    static final int PAIR_WAKES = 30;

    /** See {@link #PAIR_WAKES}. */
    static final Duration PAIR_TIME = Duration.ofMinutes(10);

    private Gate() {}

    /**
     * Why not; empty if it may be woken.
     *
     * @param outstanding whether the text that it was last woken with still waits to be read
     */
    static Optional<WakeReport> refusal(Wish wish, Presence presence, WakeLog log, boolean outstanding, Instant now) {
        Optional<WakeReport> atWork = atWork(presence);
        if (atWork.isPresent()) {
            return atWork;
        }
        if (wish.replyTo().isPresent()
                && isWithin(
                        log, DEDUPE, now, e -> e.replyTo().equals(wish.replyTo().map(RequestId::value)))) {
            return no(WakeStatus.SKIPPED_DEDUPED, "it was woken for this answer already");
        }
        if (outstanding) {
            return no(
                    WakeStatus.SKIPPED_DEBOUNCED,
                    "the text that it was woken with for an earlier message still waits in its queue");
        }
        if (isWithin(log, DEBOUNCE, now, e -> true)) {
            return no(WakeStatus.SKIPPED_DEBOUNCED, "it was woken less than " + DEBOUNCE.toSeconds() + " s ago");
        }
        String sender = wish.sender().id().value();
        long pair = log.entries().stream()
                .filter(e -> e.sender().equals(sender) && isRecent(e, PAIR_TIME, now))
                .count();
        return pair >= PAIR_WAKES
                ? no(
                        WakeStatus.SKIPPED_RATE_LIMITED,
                        "this session woke it " + pair + " times within " + PAIR_TIME.toMinutes() + " min")
                : Optional.empty();
    }

    /** The part of it that needs no look at earlier wakes. */
    static Optional<WakeReport> atWork(Presence presence) {
        return switch (presence.activity()) {
            case BUSY -> no(WakeStatus.SKIPPED_BUSY, "it is at work and sees its mail by itself");
            case ASKING ->
                no(WakeStatus.SKIPPED_BUSY, "it asks its user something, and sees its mail once that is answered");
            default -> Optional.empty();
        };
    }

    private static boolean isWithin(
            WakeLog log, Duration time, Instant now, java.util.function.Predicate<Entry> which) {
        return log.entries().stream().anyMatch(e -> which.test(e) && isRecent(e, time, now));
    }

    /** A stamp from the future, of a clock that was set back, counts as recent only within the same span. */
    private static boolean isRecent(Entry entry, Duration time, Instant now) {
        return Duration.between(entry.at(), now).abs().compareTo(time) < 0;
    }

    private static Optional<WakeReport> no(WakeStatus status, String reason) {
        return Optional.of(WakeReport.not(status, reason));
    }
}
