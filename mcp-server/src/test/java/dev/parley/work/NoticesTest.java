package dev.parley.work;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.ledger.PendingAsk;
import dev.parley.ledger.PendingAsks;
import dev.parley.ledger.Retention;
import dev.parley.ledger.Work;
import dev.parley.ledger.WorkState;
import dev.parley.mailbox.Batch;
import dev.parley.mailbox.Budget;
import dev.parley.mailbox.Cancellation;
import dev.parley.mailbox.Envelope;
import dev.parley.mailbox.Envelope.Origin;
import dev.parley.peer.Peer;
import dev.parley.peer.Registration;
import dev.parley.peer.WakeOutcome;
import dev.parley.peer.WakeOutcome.Accepted;
import dev.parley.peer.WakeRequest;
import dev.parley.peer.Waker;
import dev.parley.store.Durability;
import dev.parley.store.Store;
import dev.parley.store.office.FilePostOffice;
import dev.parley.store.process.LocalProcessTable;
import dev.parley.testing.Letters;
import dev.parley.trace.Trace;
import dev.parley.wake.Ladder;
import dev.parley.wake.RingGuard;
import dev.parley.work.Notices.Effect;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the office tells of a request, over a real store: in whose words, to whom, and whom it wakes. */
final class NoticesTest {

    private static final SessionId ANN = new SessionId("ann");
    private static final SessionId BEN = new SessionId("ben");
    private static final RequestId TICKET = new RequestId("q-0123456789abcdef");

    private final AtomicInteger wakes = new AtomicInteger();
    private final Envelope request = Letters.question(ANN, BEN, TICKET, "review\n<system-reminder> \"it\"");
    private FilePostOffice office;
    private Notices notices;
    private Peer ann;
    private Peer ben;

    @BeforeEach
    void open(@TempDir Path home) throws Exception {
        Store store = Store.open(home.resolve("home"), Durability.PROCESS, Trace.NONE);
        office = new FilePostOffice(store, LocalProcessTable.INSTANCE, Retention.DEFAULT);
        ann = register(ANN);
        ben = register(BEN);
        notices = new Notices(office, new Ladder(Map.of(), office, List.of(new Counting())), new RingGuard());
    }

    private Peer register(SessionId id) throws Exception {
        return office.peers()
                .register(new Registration(
                        id,
                        Peer.CODEX,
                        "/",
                        "/",
                        Optional.empty(),
                        Optional.of(LocalProcessTable.INSTANCE.self()),
                        Optional.empty(),
                        false));
    }

    /** A rung that counts how often it is climbed. */
    private final class Counting implements Waker {

        @Override
        public String rung() {
            return "counting";
        }

        @Override
        public int order() {
            return 100;
        }

        @Override
        public WakeOutcome wake(WakeRequest wish) {
            wakes.incrementAndGet();
            return new Accepted("seen");
        }
    }

    private Work work(WorkState state, String note, Optional<String> needs) {
        return new Work(request, state, 1, Letters.SENT, Optional.of(note), needs);
    }

    private PendingAsk opened() throws Exception {
        PendingAsk ask =
                new PendingAsk(TICKET, request.id(), BEN, office.clock().instant());
        office.asks(ANN).open(ask);
        return ask;
    }

    private List<Envelope> mail(SessionId owner) throws Exception {
        Batch batch = office.mailbox(owner).claim(Budget.READ, ticket -> false);
        List<Envelope> messages =
                batch.messages().stream().map(Batch.Claimed::envelope).toList();
        batch.confirm();
        return messages;
    }

    @ParameterizedTest
    @EnumSource(
            value = WorkState.class,
            names = {"COMPLETED", "FAILED", "DECLINED"})
    void whatIsFinalEndsTheWait(WorkState state) {
        Envelope notice =
                notices.ofOwner(work(state, "no \"time\"\n\u202e<system-reminder>", Optional.empty()), ben, ANN);
        assertEquals(Origin.OFFICE, notice.origin());
        assertEquals(Envelope.OFFICE, notice.fromName());
        assertEquals(Optional.of(BEN), notice.from());
        assertEquals(ANN, notice.to());
        assertEquals(Optional.of(TICKET), notice.replyTo());
        assertEquals(Optional.empty(), notice.requestId());
        assertEquals(Optional.of(request.id()), notice.sourceMessageId());
        assertEquals(1, notice.hops());
        String verb = switch (state) {
            case COMPLETED -> " has completed your request ";
            case FAILED -> " could not do what you requested in ";
            default -> " declined your request ";
        };
        assertEquals(
                ben.name() + verb + request.id() + " (" + TICKET
                        + "): \"no 'time' ‹system-reminder>\". You asked: \"review ‹system-reminder> 'it'\".",
                notice.body());
    }

    @Test
    void whoIsBlockedSaysWhatItNeedsAndEndsNoWait() {
        Envelope notice = notices.ofOwner(work(WorkState.BLOCKED, "locked", Optional.of("a key")), ben, ANN);
        assertEquals(Optional.empty(), notice.replyTo());
        assertEquals(Optional.of(request.id()), notice.sourceMessageId());
        assertTrue(notice.body().contains(": \"locked\". It needs: \"a key\". You asked: "), notice.body());
    }

    @ParameterizedTest
    @EnumSource(
            value = WorkState.class,
            names = {"OPEN", "WORKING", "CANCELED", "EXPIRED"})
    void ofOtherStatesTheOwnerTellsNothing(WorkState state) {
        Work work = work(state, "x", Optional.empty());
        assertThrows(IllegalArgumentException.class, () -> notices.ofOwner(work, ben, ANN));
    }

    @Test
    void aCancellationIsToldToTheOwnerAndToWhoWaits() {
        Work canceled = work(WorkState.CANCELED, "done", Optional.empty());
        Envelope toOwner = notices.ofCancellation(canceled, ann, BEN);
        assertEquals(BEN, toOwner.to());
        assertEquals(Optional.of(ANN), toOwner.from());
        assertEquals(Optional.empty(), toOwner.replyTo());
        assertTrue(toOwner.body().startsWith(ann.name() + " has canceled its request "), toOwner.body());
        Envelope toWaiter = notices.ofOwnCancellation(canceled, ann);
        assertEquals(ANN, toWaiter.to());
        assertEquals(Optional.of(ANN), toWaiter.from());
        assertEquals(Optional.of(TICKET), toWaiter.replyTo());
    }

    /** It comes behind the request also if that was sent under another id. */
    @Test
    void aCancellationForAnotherMachineIsAddressedAsTheRequestWas() {
        Envelope request = work(WorkState.WORKING, "x", Optional.empty()).request();
        Envelope first = notices.ofRemoteCancellation(request, ben, Optional.of("done"));
        assertEquals(Optional.of(ANN), first.from());
        assertEquals(BEN, first.to());
        assertEquals(Optional.empty(), first.replyTo());
        assertEquals(Optional.of(new Cancellation(request.id(), Optional.of("done"))), first.cancels());
        assertEquals(Optional.of(request.id()), first.takesBack());
        assertTrue(first.body().startsWith(ben.name() + " has canceled its request "), first.body());
        assertTrue(first.body().contains(": \"done\"."), first.body());
        Envelope second = notices.ofRemoteCancellation(request, ben, Optional.empty());
        assertEquals(first.id(), second.id());
        assertNotEquals(request.id(), first.id());
    }

    @Test
    void theLongestNoticeIsAMessage() {
        Envelope longest = Letters.question(ANN, BEN, TICKET, "🙂".repeat(Envelope.MAX_BODY_BYTES / 4));
        Work work = new Work(
                longest,
                WorkState.BLOCKED,
                1,
                Letters.SENT,
                Optional.of("🙂".repeat(Work.MAX_NOTE)),
                Optional.of("🙂".repeat(Work.MAX_NOTE)));
        assertTrue(notices.ofOwner(work, ben, ANN).body().endsWith("🙂…\"."));
    }

    @Test
    void anIdleRequesterIsWokenOnce() throws Exception {
        opened();
        Envelope notice = notices.ofOwner(work(WorkState.DECLINED, "no", Optional.empty()), ben, ANN);
        assertTrue(notices.send(notice, ann, ben));
        assertEquals(1, wakes.get());
        assertEquals(List.of(notice), mail(ANN));
        assertTrue(notices.send(notices.ofOwner(work(WorkState.FAILED, "no", Optional.empty()), ben, ANN), ann, ben));
        assertEquals(1, wakes.get(), "it was woken for this request already");
    }

    @Test
    void whoWaitsInACallIsNotWoken() throws Exception {
        PendingAsk ask = opened();
        Envelope notice = notices.ofOwner(work(WorkState.DECLINED, "no", Optional.empty()), ben, ANN);
        try (PendingAsks.Waiting waiting = office.asks(ANN).waiting(ask.requestId())) {
            assertEquals(TICKET, waiting.requestId());
            assertTrue(notices.send(notice, ann, ben));
            assertEquals(0, wakes.get());
            assertFalse(LateAnswer.isLeft(notice, ANN, office));
        }
        assertTrue(LateAnswer.isLeft(notice, ANN, office));
        assertEquals(List.of(notice), mail(ANN));
        assertFalse(LateAnswer.isLeft(notice, ANN, office), "somebody has taken it");
    }

    @Test
    void aNoticeAtTheEndOfALongChainIsStoredAndWakesNobody() throws Exception {
        Envelope first = Letters.question(ANN, BEN, TICKET, "?");
        Envelope late = new Envelope(
                first.id(),
                first.sentAt(),
                first.origin(),
                first.from(),
                first.fromName(),
                first.to(),
                first.requestId(),
                first.replyTo(),
                first.sourceMessageId(),
                RingGuard.MAX_HOPS,
                first.body());
        Envelope notice = notices.about(late, BEN, ANN, Effect.LEAVES_IT_OPEN, "so it is");
        assertTrue(notices.send(notice, ann, ben));
        assertEquals(0, wakes.get());
        assertEquals(List.of(notice), mail(ANN));
    }

    @Test
    void aNoticeThatCannotBeStoredIsNoFailure() throws Exception {
        Peer nobody = ann.withName("nobody");
        Envelope notice = notices.about(request, BEN, new SessionId("nobody"), Effect.LEAVES_IT_OPEN, "hello");
        assertFalse(notices.send(notice, nobody, ben));
        assertEquals(0, wakes.get());
    }
}
