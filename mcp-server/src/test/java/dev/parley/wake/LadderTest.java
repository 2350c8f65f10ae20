package dev.parley.wake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.MessageId;
import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.ledger.Delivery;
import dev.parley.ledger.Retention;
import dev.parley.mailbox.Budget;
import dev.parley.mailbox.Envelope;
import dev.parley.peer.Peer;
import dev.parley.peer.Registration;
import dev.parley.peer.WakeOutcome;
import dev.parley.peer.WakeOutcome.Accepted;
import dev.parley.peer.WakeOutcome.NotApplicable;
import dev.parley.peer.WakeOutcome.Reason;
import dev.parley.peer.WakeOutcome.Refused;
import dev.parley.peer.WakeOutcome.Unknown;
import dev.parley.peer.WakeRequest;
import dev.parley.peer.Waker;
import dev.parley.store.Checksummed;
import dev.parley.store.Durability;
import dev.parley.store.Store;
import dev.parley.store.office.FilePostOffice;
import dev.parley.store.process.LocalProcessTable;
import dev.parley.trace.Trace;
import dev.parley.wake.Wish.Cause;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ladder over a real store, with rungs whose answers the test chooses. */
final class LadderTest {

    @TempDir
    private Path temporary;

    private FilePostOffice office;
    private Peer sender;
    private Peer target;

    @BeforeEach
    void twoSessions() throws Exception {
        office = open();
        sender = register("sender");
        target = register("target");
    }

    private FilePostOffice open() throws Exception {
        Store store = Store.open(temporary.resolve("home"), Durability.PROCESS, Trace.NONE);
        return new FilePostOffice(store, LocalProcessTable.INSTANCE, Retention.DEFAULT);
    }

    private Peer register(String id) throws Exception {
        return office.peers()
                .register(new Registration(
                        new SessionId(id),
                        Peer.CODEX,
                        "/",
                        "/",
                        Optional.empty(),
                        Optional.of(LocalProcessTable.INSTANCE.self()),
                        Optional.empty(),
                        false));
    }

    /** A rung that counts how often it is climbed. */
    private record Rung(String rung, int order, AtomicInteger climbed, Supplier<WakeOutcome> answer) implements Waker {

        static Rung of(String name, int order, WakeOutcome answer) {
            return new Rung(name, order, new AtomicInteger(), () -> answer);
        }

        @Override
        public WakeOutcome wake(WakeRequest request) {
            climbed.incrementAndGet();
            return answer.get();
        }
    }

    private Ladder ladder(Rung... rungs) {
        return new Ladder(Map.of(), office, List.of(rungs));
    }

    private Wish wish(Cause cause) {
        return new Wish(target, sender, cause, MessageId.create(Optional.empty()), Optional.empty());
    }

    private void targetIs(String activity) throws Exception {
        Files.writeString(office.store().activity(target.id()), activity + "\n");
    }

    @Test
    void theFirstRungThatAppliesIsTheOnlyOne() throws Exception {
        Rung none = Rung.of("none", 100, new NotApplicable("not here"));
        Rung first = Rung.of("first", 200, new Accepted("seen"));
        Rung second = Rung.of("second", 300, new Accepted("seen"));
        WakeReport report = ladder(second, first, none).climb(wish(Cause.WANTED));
        assertEquals(WakeReport.fired("first"), report);
        assertEquals(1, none.climbed().get());
        assertEquals(0, second.climbed().get());
    }

    @Test
    void aRefusalGoesOnAndIsTheReasonInTheEnd() throws Exception {
        Rung unsafe = Rung.of("tmux", 900, new Refused(Reason.UNSAFE, "a dialog is open"));
        WakeReport report = ladder(unsafe).climb(wish(Cause.WANTED));
        assertEquals(WakeStatus.SKIPPED_UNSAFE, report.status());
        assertEquals(Optional.of("tmux: a dialog is open"), report.reason());
    }

    @Test
    void aFailedTryIsNotHeldAgainstTheNext() throws Exception {
        Rung failing = Rung.of("tmux", 900, new Refused(Reason.FAILED, "no answer"));
        Ladder ladder = ladder(failing);
        ladder.climb(wish(Cause.WANTED));
        ladder.climb(wish(Cause.WANTED));
        assertEquals(2, failing.climbed().get(), "its stamp was cleared, so the debounce did not hold it back");
    }

    @Test
    void anUnknownOutcomeIsNeverReplayed() throws Exception {
        Rung lost = Rung.of("codex-queue", 200, new Unknown("no answer in time"));
        Rung next = Rung.of("tmux", 900, new Accepted("typed"));
        Ladder ladder = ladder(lost, next);
        WakeReport report = ladder.climb(wish(Cause.WANTED));
        assertTrue(report.via().isEmpty());
        assertEquals(0, next.climbed().get());
        assertEquals(
                WakeStatus.SKIPPED_DEBOUNCED, ladder.climb(wish(Cause.WANTED)).status());
        assertEquals(1, lost.climbed().get());
    }

    @Test
    void aBusyPeerIsLeftAlone() throws Exception {
        targetIs("busy");
        Rung rung = Rung.of("tmux", 900, new Accepted("typed"));
        assertEquals(
                WakeStatus.SKIPPED_BUSY, ladder(rung).climb(wish(Cause.WANTED)).status());
        assertEquals(0, rung.climbed().get());
    }

    @Test
    void whoSaidNothingAboutWakingClimbsWhatTheClientOffersAndTypesNothing() throws Exception {
        Rung typing = Rung.of("tmux", 900, new Accepted("typed"));
        Rung queue = Rung.of("codex-queue", 200, new Accepted("queued"));
        Rung doorbell = Rung.of("doorbell", 100, new Accepted("fetched"));
        assertTrue(ladder(typing, queue, doorbell).hasOwnRung(target));
        assertEquals(
                WakeReport.fired("codex-queue"), ladder(typing, queue, doorbell).climb(wish(Cause.UNSAID)));
        assertEquals(0, typing.climbed().get());
        assertEquals(0, doorbell.climbed().get(), "it was rung when the message was stored");
        assertFalse(ladder(typing, doorbell).hasOwnRung(target));
    }

    @Test
    void aPeerThatAsksItsUserIsLeftAlone() throws Exception {
        targetIs("asks");
        Rung rung = Rung.of("tmux", 900, new Accepted("typed"));
        WakeReport report = ladder(rung).climb(wish(Cause.WANTED));
        assertEquals(WakeStatus.SKIPPED_BUSY, report.status());
        assertTrue(report.reason().orElseThrow().contains("asks its user"), report::toString);
        assertEquals(0, rung.climbed().get());
    }

    /** A text in Codex' queue becomes a turn of its own: a second one would cost a turn for nothing. */
    @Test
    void noSecondTextIsQueuedUntilTheFirstWasRead() throws Exception {
        Rung queue = Rung.of("codex-queue", 200, new Accepted("queued"));
        Ladder ladder = ladder(queue);
        Envelope first = deliver();
        assertEquals(WakeStatus.FIRED, ladder.climb(about(first)).status());
        rungLongAgo(first);

        WakeReport second = ladder.climb(about(deliver()));

        assertEquals(WakeStatus.SKIPPED_DEBOUNCED, second.status());
        assertTrue(second.reason().orElseThrow().contains("still waits"), second::toString);
        assertEquals(1, queue.climbed().get());
        office.mailbox(target.id()).claim(Budget.READ, request -> false);
        assertEquals(WakeStatus.FIRED, ladder.climb(about(deliver())).status());
        assertEquals(2, queue.climbed().get());
    }

    /** A line that was typed is not in the queue: its turn begins at once, and if that was stopped another is wanted. */
    @Test
    void aTypedLineIsNoReasonNotToTypeAnother() throws Exception {
        Rung typing = Rung.of("tmux", 900, new Accepted("typed"));
        Envelope first = deliver();
        assertEquals(WakeStatus.FIRED, ladder(typing).climb(about(first)).status());
        rungLongAgo(first);
        assertEquals(WakeStatus.FIRED, ladder(typing).climb(about(deliver())).status());
    }

    private Envelope deliver() throws Exception {
        Envelope envelope = new Envelope(
                MessageId.create(Optional.empty()),
                Instant.now().truncatedTo(ChronoUnit.MILLIS),
                Envelope.Origin.PEER,
                Optional.of(sender.id()),
                "sender",
                target.id(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                0,
                "hello");
        office.delivery().send(envelope, Delivery.Ring.NO);
        return envelope;
    }

    private Wish about(Envelope message) {
        return Wish.about(message, target, sender, Cause.WANTED);
    }

    /** As if the debounce were over. */
    private void rungLongAgo(Envelope message) throws Exception {
        WakeLog.Entry entry = new WakeLog.Entry(
                Instant.now().minusSeconds(100),
                sender.id().value(),
                Optional.empty(),
                message.id().value());
        Files.write(
                office.store().session(target.id()).resolve("wakes"),
                Checksummed.encode(new String(WakeLog.empty().plus(entry).encode(), UTF_8)));
    }

    @Test
    void oneAnswerWakesItsAskerOnce() throws Exception {
        Rung rung = Rung.of("tmux", 900, new Accepted("typed"));
        Wish late = new Wish(
                target,
                sender,
                Cause.LATE_ANSWER,
                MessageId.create(Optional.empty()),
                Optional.of(new RequestId("q-0000000000000000")));
        assertEquals(WakeStatus.FIRED, ladder(rung).climb(late).status());
        assertEquals(WakeStatus.SKIPPED_DEDUPED, ladder(rung).climb(late).status());
    }

    @Test
    void theKillSwitchAndTheStrategyHold() throws Exception {
        Rung tmux = Rung.of("tmux", 900, new Accepted("typed"));
        for (Map<String, String> off : List.of(Map.of("PARLEY_WAKE", "off"), Map.of("PARLEY_WAKE_STRATEGY", "off"))) {
            assertEquals(
                    WakeStatus.DISABLED,
                    new Ladder(off, office, List.of(tmux))
                            .climb(wish(Cause.WANTED))
                            .status());
        }
        Ladder nativeOnly = new Ladder(Map.of("PARLEY_WAKE_STRATEGY", "native"), office, List.of(tmux));
        assertEquals(
                WakeStatus.SKIPPED_NO_TARGET,
                nativeOnly.climb(wish(Cause.WANTED)).status());
        assertEquals(0, tmux.climbed().get());
    }

    @Test
    void aBrokenGateStoreSaysSoAndClimbsNothing() throws Exception {
        Files.createDirectory(office.store().session(target.id()).resolve("wakes"));
        Rung rung = Rung.of("tmux", 900, new Accepted("typed"));
        assertEquals(
                WakeStatus.SKIPPED_STORE_ERROR,
                ladder(rung).climb(wish(Cause.WANTED)).status());
        assertEquals(0, rung.climbed().get());
    }

    @Test
    void aDamagedLogIsForgottenNotFatal() throws Exception {
        Files.writeString(office.store().session(target.id()).resolve("wakes"), "garbage\n");
        Rung rung = Rung.of("tmux", 900, new Accepted("typed"));
        assertEquals(WakeStatus.FIRED, ladder(rung).climb(wish(Cause.WANTED)).status());
    }

    @Test
    void manySendersAtOnceAreOneWake() throws Exception {
        Rung rung = Rung.of("tmux", 900, new Accepted("typed"));
        ExecutorService pool = Executors.newFixedThreadPool(8);
        try {
            List<Callable<WakeReport>> tries = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                // Each with its own view of the store, as another process would have.
                Ladder ladder = new Ladder(Map.of(), open(), List.of(rung));
                tries.add(() -> ladder.climb(wish(Cause.WANTED)));
            }
            int fired = 0;
            for (Future<WakeReport> report : pool.invokeAll(tries)) {
                fired += report.get().status() == WakeStatus.FIRED ? 1 : 0;
            }
            assertEquals(1, fired);
            assertEquals(1, rung.climbed().get());
        } finally {
            pool.shutdownNow();
        }
    }
}
