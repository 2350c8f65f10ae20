package dev.parley.wake;

import dev.parley.address.MessageId;
import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.client.Client;
import dev.parley.client.Clients;
import dev.parley.lock.GuardedValue;
import dev.parley.office.PostOffice;
import dev.parley.peer.Peer;
import dev.parley.peer.Presence;
import dev.parley.peer.WakeOutcome;
import dev.parley.peer.WakeOutcome.Accepted;
import dev.parley.peer.WakeOutcome.NotApplicable;
import dev.parley.peer.WakeOutcome.Reason;
import dev.parley.peer.WakeOutcome.Refused;
import dev.parley.peer.WakeOutcome.Unknown;
import dev.parley.peer.WakeRequest;
import dev.parley.peer.Waker;
import dev.parley.session.Setting;
import dev.parley.trace.Event;
import dev.parley.trace.Why;
import dev.parley.wake.WakeLog.Entry;
import dev.parley.wake.Wish.Cause;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Climbs the rungs, first that applies, if the gates let it.
 *
 * <p>Correctness never depends on it: the message is stored before, and the doorbell has been touched. The gates hold
 * across processes: the stamp of a wake is written, under a lock, before anything is done, and taken back if nothing came
 * of it. An unknown outcome keeps its stamp and is never tried again. Safe for use by several threads.
 */
public final class Ladder {

    /**
     * What is typed or queued, whoever wrote the message: never a word of a peer. Where Parley's hooks run, the mail comes along
     * with it, and says that it is not to be read again; elsewhere it has to be read.
     */
    public static final String TEXT =
            "Parley: a message from a peer session is waiting. If it is not shown to you now, call read_my_messages.";

    /** The longest a rung may take. */
    static final Duration RUNG_LIMIT = Duration.ofSeconds(8);

    private static final Duration GATE_WAIT = Duration.ofMillis(500);

    private final PostOffice office;
    private final Strategy strategy;
    private final List<Waker> rungs;

    /** Which rungs may be climbed. */
    private enum Strategy {
        AUTO,
        NATIVE,
        TMUX,
        OFF;

        boolean allows(Waker rung) {
            return switch (this) {
                case AUTO -> true;
                case NATIVE -> !rung.rung().equals(TYPING);
                case TMUX -> rung.rung().equals(TYPING);
                case OFF -> false;
            };
        }
    }

    private static final String TYPING = "tmux";

    /**
     * The ladder of a store.
     *
     * @param rungs in any order
     */
    public Ladder(Map<String, String> environment, PostOffice office, List<Waker> rungs) {
        this.office = office;
        boolean enabled = Setting.WAKE.text(environment).equals("on");
        this.strategy = enabled
                ? Strategy.valueOf(Setting.WAKE_STRATEGY.text(environment).toUpperCase(java.util.Locale.ROOT))
                : Strategy.OFF;
        this.rungs = rungs.stream()
                .filter(strategy::allows)
                .sorted(Comparator.comparingInt(Waker::order))
                .toList();
    }

    /**
     * Whether there is anything to climb for a sender who said nothing about waking: a rung of the client's own that has to
     * be climbed. A doorbell has been rung when the message was stored, and nobody waits for what comes of it.
     */
    public boolean hasOwnRung(Peer target) {
        return strategy == Strategy.OFF || !rungs(target, Cause.UNSAID).isEmpty();
    }

    /** Whether a line may be typed for this peer at all: there is that rung, and it was not turned off. */
    public boolean mayType(Peer target) {
        return rungs.stream().anyMatch(rung -> rung.rung().equals(TYPING) && rung.reaches(target.client()));
    }

    private List<Waker> rungs(Peer target, Cause cause) {
        return rungs.stream()
                .filter(rung -> rung.reaches(target.client()))
                .filter(rung -> cause != Cause.UNSAID
                        || (Strategy.NATIVE.allows(rung) && !rung.rung().equals(Client.DOORBELL)))
                .toList();
    }

    /** Tries to wake a peer for mail that is already stored. Never throws but for an interrupt. */
    public WakeReport climb(Wish wish) throws InterruptedException {
        WakeReport report = decide(wish);
        report.via().ifPresent(rung -> note(wish, rung));
        office.trace()
                .event(
                        Event.WAKE,
                        Map.of(
                                "target", wish.target().id().value(),
                                "cause", wish.cause().name(),
                                "status", report.status().inResult(),
                                "via", report.via().orElse(""),
                                "reason", report.reason().orElse("")));
        return report;
    }

    private void note(Wish wish, String rung) {
        try {
            office.ledger(wish.target().id()).markRung(wish.messageId(), rung);
        } catch (IOException e) {
            // It was rung; only the message's status will not say so.
            office.trace()
                    .event(
                            Event.RUNG_NOT_NOTED,
                            Map.of("message", wish.messageId().value(), "reason", e.toString()));
        }
    }

    private WakeReport decide(Wish wish) throws InterruptedException {
        if (strategy == Strategy.OFF) {
            return WakeReport.not(
                    WakeStatus.DISABLED,
                    "waking is turned off by " + Setting.WAKE.variable() + " or " + Setting.WAKE_STRATEGY.variable());
        }
        try {
            Presence presence = office.peers().presence(wish.target());
            // Needs no lock.
            Optional<WakeReport> refusal = Gate.atWork(presence);
            if (refusal.isEmpty()) {
                refusal = stamp(wish, presence);
            }
            if (refusal.isPresent()) {
                return refusal.get();
            }
        } catch (IOException e) {
            return WakeReport.not(WakeStatus.SKIPPED_STORE_ERROR, "the gates could not be used: " + Why.of(e));
        }
        Climbed climbed = tryRungs(wish.target(), rungs(wish.target(), wish.cause()));
        if (climbed.isVoid()) {
            unstamp(wish.target().id(), wish.messageId().value());
        }
        return climbed.report();
    }

    /** Writes the stamp if the gates allow it; the check and the stamp are one step for all processes. */
    private Optional<WakeReport> stamp(Wish wish, Presence presence) throws IOException, InterruptedException {
        Instant now = office.clock().instant().truncatedTo(ChronoUnit.MILLIS);
        Entry entry = new Entry(
                now,
                wish.sender().id().value(),
                wish.replyTo().map(RequestId::value),
                wish.messageId().value());
        Verdict verdict = new Verdict();
        log(wish.target().id()).update(GATE_WAIT, present -> {
            WakeLog log = present.isPresent() ? decodeOrForget(wish.target().id(), present.get()) : WakeLog.empty();
            verdict.refusal = Gate.refusal(wish, presence, log, isOutstanding(wish.target(), log), now);
            return verdict.refusal.isPresent()
                    ? present.orElseGet(log::encode)
                    : log.plus(entry).encode();
        });
        return verdict.refusal;
    }

    /**
     * Whether the last text that was queued for this peer still waits there: the message that it was for is unread. While one
     * waits, none is added, so the newest entry is the one. What was typed is not in the queue: its turn begins at once.
     */
    private boolean isOutstanding(Peer target, WakeLog log) throws IOException {
        if (!Clients.of(target).queuesWakes()) {
            return false;
        }
        Optional<MessageId> message = log.last().map(Entry::nonce).flatMap(MessageId::parse);
        return message.isPresent()
                && office.mailbox(target.id()).isWaiting(message.get())
                && office.ledger(target.id())
                        .rung(message.get())
                        .filter(rung -> rung.rung().equals(TYPING))
                        .isEmpty();
    }

    /** Carries the decision out of the guarded change. */
    private static final class Verdict {
        private Optional<WakeReport> refusal = Optional.empty();
    }

    /** A damaged log costs a few wakes too many, no more. */
    private WakeLog decodeOrForget(SessionId target, byte[] content) {
        try {
            return WakeLog.decode(content);
        } catch (IllegalArgumentException e) {
            office.trace().event(Event.WAKE_LOG_FORGOTTEN, Map.of("session", target.value(), "reason", e.toString()));
            return WakeLog.empty();
        }
    }

    /** Nothing reached the target, so nothing may be held against the next try. */
    private void unstamp(SessionId target, String nonce) throws InterruptedException {
        try {
            log(target)
                    .update(
                            GATE_WAIT,
                            present -> present.isPresent()
                                    ? decodeOrForget(target, present.get())
                                            .minus(nonce)
                                            .encode()
                                    : WakeLog.empty().encode());
        } catch (IOException e) {
            office.trace().event(Event.WAKE_STAMP_KEPT, Map.of("target", target.value(), "reason", e.toString()));
        }
    }

    private GuardedValue log(SessionId target) {
        return office.leases().value(target, "wakes");
    }

    /**
     * What the rungs said.
     *
     * @param isVoid whether nothing of Parley's reached the target
     */
    private record Climbed(WakeReport report, boolean isVoid) {}

    private Climbed tryRungs(Peer target, List<Waker> able) throws InterruptedException {
        WakeRequest request = new WakeRequest(target.id(), target.client(), target.process(), TEXT, RUNG_LIMIT);
        WakeReport last = WakeReport.not(
                WakeStatus.SKIPPED_NO_TARGET,
                "no rung reaches it; it sees the message when its hooks run, or when it reads");
        for (Waker rung : able) {
            WakeOutcome outcome = rung.wake(request);
            if (outcome instanceof Accepted) {
                return new Climbed(WakeReport.fired(rung.rung()), false);
            }
            if (outcome instanceof Unknown unknown) {
                return new Climbed(
                        WakeReport.not(
                                WakeStatus.SKIPPED_UNSAFE,
                                rung.rung() + ": it may or may not have arrived, and is not tried again: "
                                        + unknown.detail()),
                        false);
            }
            if (outcome instanceof Refused refused) {
                last = WakeReport.not(status(refused.reason()), rung.rung() + ": " + refused.detail());
            } else if (outcome instanceof NotApplicable none) {
                office.trace().event(Event.WAKE_RUNG, Map.of("rung", rung.rung(), "not-applicable", none.detail()));
            }
        }
        return new Climbed(last, true);
    }

    private static WakeStatus status(Reason reason) {
        return switch (reason) {
            case BUSY -> WakeStatus.SKIPPED_BUSY;
            case UNSAFE -> WakeStatus.SKIPPED_UNSAFE;
            case TAKEN -> WakeStatus.SKIPPED_DEBOUNCED;
            case FAILED -> WakeStatus.SKIPPED_NO_TARGET;
        };
    }
}
