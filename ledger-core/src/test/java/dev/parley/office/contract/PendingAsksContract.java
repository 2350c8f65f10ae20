package dev.parley.office.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.MessageId;
import dev.parley.address.RequestId;
import dev.parley.ledger.PendingAsk;
import dev.parley.ledger.PendingAsks;
import dev.parley.ledger.PendingAsks.Edge;
import dev.parley.ledger.PendingAsks.Edge.Kind;
import dev.parley.ledger.PendingAsks.IdleSign;
import dev.parley.ledger.WorkState;
import dev.parley.office.contract.OfficeUnderTest.Tolerated;
import dev.parley.testing.Letters;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What all {@link PendingAsks} promise: questions are stored, waited for, run out, moved. */
public abstract class PendingAsksContract extends OfficeContract {

    /** A waiter that has died leaves a mark. */
    protected PendingAsksContract() {
        super(Tolerated.LEFTOVERS);
    }

    @BeforeEach
    void registerAnn() throws Exception {
        register(ANN);
    }

    private PendingAsk open() throws IOException {
        PendingAsk ask = new PendingAsk(
                RequestId.create(),
                MessageId.create(Optional.empty()),
                BEN,
                office().now().truncatedTo(ChronoUnit.MILLIS));
        here().asks(ANN).open(ask);
        office().pass(Duration.ofSeconds(1));
        return ask;
    }

    @Test
    void aQuestionIsOpenUntilItIsClosed() throws IOException {
        PendingAsk first = open();
        PendingAsk second = open();
        assertEquals(Optional.of(first), elsewhere().asks(ANN).find(first.requestId()));
        assertEquals(List.of(first, second), elsewhere().asks(ANN).all());
        elsewhere().asks(ANN).close(first.requestId());
        elsewhere().asks(ANN).close(first.requestId());
        assertEquals(List.of(second), here().asks(ANN).all());
    }

    @Test
    void aTicketRunsOut() throws IOException {
        PendingAsk ask = open();
        office().pass(PendingAsk.LIFE);
        assertEquals(List.of(), here().asks(ANN).all());
        assertEquals(Optional.empty(), here().asks(ANN).find(ask.requestId()));
        assertEquals(List.of(), here().asks(ANN).all());
    }

    @Test
    void tellingWhatIsOpenForgetsNothing() throws IOException {
        PendingAsk ask = open();
        office().pass(PendingAsk.LIFE);
        assertEquals(List.of(), here().asks(ANN).all());
        office().pass(PendingAsk.LIFE.negated());
        assertEquals(List.of(ask), here().asks(ANN).all(), "it had run out, and is not forgotten for that");
        office().pass(PendingAsk.LIFE);
        assertEquals(Optional.empty(), here().asks(ANN).find(ask.requestId()));
        office().pass(PendingAsk.LIFE.negated());
        assertEquals(List.of(), here().asks(ANN).all(), "whoever wanted it has it forgotten");
    }

    @Test
    void anAnswerIsAwaitedByTheLivingOnly() throws IOException {
        PendingAsk ask = open();
        PendingAsks.Waiting waiting = here().asks(ANN).waiting(ask.requestId());
        PendingAsks.Waiting also = elsewhere().asks(ANN).waiting(ask.requestId());
        assertTrue(elsewhere().asks(ANN).awaited().contains(ask.requestId()));
        assertFalse(elsewhere().asks(ANN).awaited().contains(RequestId.create()));
        waiting.close();
        assertTrue(elsewhere().asks(ANN).awaited().contains(ask.requestId()), "the other still waits");
        also.close();
        assertFalse(elsewhere().asks(ANN).awaited().contains(ask.requestId()));
        here().asks(ANN).waiting(ask.requestId());
        office().restart();
        assertFalse(elsewhere().asks(ANN).awaited().contains(ask.requestId()));
    }

    @Test
    void questionsAndWaitersGoWithTheirSession() throws IOException, InterruptedException {
        PendingAsk ask = open();
        PendingAsks.Waiting waiting = here().asks(ANN).waiting(ask.requestId());
        move(ANN, EVE);
        assertEquals(Optional.of(ask), elsewhere().asks(EVE).find(ask.requestId()));
        assertTrue(elsewhere().asks(EVE).awaited().contains(ask.requestId()));
        waiting.close();
        assertFalse(elsewhere().asks(EVE).awaited().contains(ask.requestId()));
        PendingAsk late = new PendingAsk(RequestId.create(), MessageId.create(Optional.empty()), BEN, Letters.SENT);
        here().asks(ANN).open(late);
        assertEquals(Optional.of(late), elsewhere().asks(EVE).find(late.requestId()));
    }

    private PendingAsk open(Duration dueIn) throws IOException {
        Instant now = office().now().truncatedTo(ChronoUnit.MILLIS);
        PendingAsk ask = new PendingAsk(
                RequestId.create(), MessageId.create(Optional.empty()), BEN, now, Optional.of(now.plus(dueIn)));
        here().asks(ANN).open(ask);
        office().pass(Duration.ofSeconds(1));
        return ask;
    }

    /** What is kept only to be told. */
    private List<PendingAsk> runOut() throws IOException {
        List<PendingAsk> kept = new ArrayList<>(elsewhere().asks(ANN).kept());
        kept.removeAll(elsewhere().asks(ANN).all());
        return kept;
    }

    @Test
    void aTicketIsGoodForAsLongAgainAfterItWasDue() throws IOException {
        PendingAsk plain = open();
        PendingAsk due = open(Duration.ofHours(30));
        PendingAsk soon = open(Duration.ofMinutes(1));
        assertEquals(Optional.of(due), elsewhere().asks(ANN).find(due.requestId()));
        assertEquals(List.of(plain, due, soon), elsewhere().asks(ANN).all());
        office().pass(PendingAsk.LIFE);
        assertEquals(List.of(due, soon), elsewhere().asks(ANN).all());
        assertEquals(List.of(plain), runOut());
        assertEquals(List.of(plain, due, soon), elsewhere().asks(ANN).kept());
        office().pass(Duration.ofMinutes(1));
        assertEquals(List.of(due), elsewhere().asks(ANN).all());
        assertEquals(List.of(plain, soon), runOut());
        office().pass(Duration.ofHours(30).minus(Duration.ofSeconds(70)));
        assertEquals(Optional.of(due), elsewhere().asks(ANN).find(due.requestId()));
        office().pass(Duration.ofSeconds(10));
        assertEquals(List.of(plain, due, soon), runOut());
        assertEquals(List.of(), elsewhere().asks(ANN).all());
    }

    @Test
    void whatHasRunOutIsKeptUntilItsAskerKnows() throws Exception {
        PendingAsk ask = open();
        assertEquals(List.of(), runOut());
        office().pass(PendingAsk.LIFE);
        assertEquals(List.of(ask), runOut());
        assertEquals(List.of(ask), runOut(), "to look changes nothing");
        assertTrue(here().asks(ANN).claim(ask.requestId(), Edge.of(Kind.RAN_OUT)));
        assertFalse(elsewhere().asks(ANN).claim(ask.requestId(), Edge.of(Kind.RAN_OUT)));
        here().asks(ANN).close(ask.requestId());
        assertEquals(List.of(), runOut());
    }

    @Test
    void anAskerIsToldOfEachEdgeOnce() throws Exception {
        PendingAsk ask = open();
        PendingAsk other = open();
        for (Kind kind : Kind.values()) {
            assertTrue(here().asks(ANN).claim(ask.requestId(), Edge.of(kind)), kind::name);
            assertFalse(here().asks(ANN).claim(ask.requestId(), Edge.of(kind)), kind::name);
            assertFalse(elsewhere().asks(ANN).claim(ask.requestId(), Edge.of(kind)), kind::name);
            assertTrue(elsewhere().asks(ANN).claim(other.requestId(), Edge.of(kind)), kind::name);
        }
        assertTrue(here().asks(ANN).claim(ask.requestId(), new Edge(Kind.BLOCKED, 3)), "blocked once more");
        assertFalse(here().asks(ANN).claim(ask.requestId(), new Edge(Kind.BLOCKED, 3)));
        office().restart();
        assertFalse(here().asks(ANN).claim(ask.requestId(), Edge.of(Kind.ENDED)));
        assertFalse(here().asks(ANN).claim(RequestId.create(), Edge.of(Kind.ENDED)), "nobody asked that");
        here().asks(ANN).close(other.requestId());
        assertFalse(here().asks(ANN).claim(other.requestId(), new Edge(Kind.BLOCKED, 4)), "nobody asks that any more");
        assertThrows(IllegalArgumentException.class, () -> new Edge(Kind.ENDED, 1));
        assertThrows(IllegalArgumentException.class, () -> new Edge(Kind.IDLE, -1));
    }

    @Test
    void everyStateThatAnAskerIsToldOfIsAnEdgeOfItsOwn() {
        assertEquals(Optional.empty(), Edge.of(WorkState.OPEN, 0));
        assertEquals(Optional.empty(), Edge.of(WorkState.WORKING, 1));
        assertEquals(Optional.empty(), Edge.of(WorkState.CANCELED, 1));
        assertEquals(Optional.of("blocked-3"), Edge.of(WorkState.BLOCKED, 3).map(Edge::word));
        for (WorkState end : List.of(WorkState.COMPLETED, WorkState.FAILED, WorkState.DECLINED, WorkState.EXPIRED)) {
            assertEquals(Optional.of(end.word()), Edge.of(end, 3).map(Edge::word));
        }
    }

    @Test
    void aSignIsThereUntilItsEdgeIsClaimed() throws Exception {
        PendingAsk ask = open();
        PendingAsk closed = open();
        assertEquals(List.of(), here().asks(ANN).idleSigns());
        office().signsIdle(ANN, ask.requestId(), 2);
        office().signsIdle(ANN, closed.requestId(), 0);
        here().asks(ANN).close(closed.requestId());
        IdleSign sign = new IdleSign(ask.requestId(), 2);
        assertEquals(List.of(sign), here().asks(ANN).idleSigns());
        assertEquals(List.of(sign), elsewhere().asks(ANN).idleSigns(), "to look changes nothing");
        assertTrue(elsewhere().asks(ANN).claim(ask.requestId(), new Edge(Kind.IDLE, 2)));
        assertEquals(List.of(), here().asks(ANN).idleSigns());
        office().signsIdle(ANN, ask.requestId(), 2);
        assertFalse(here().asks(ANN).claim(ask.requestId(), new Edge(Kind.IDLE, 2)), "whoever left it was late");
        assertEquals(List.of(), here().asks(ANN).idleSigns());
        office().signsIdle(ANN, ask.requestId(), 3);
        assertTrue(here().asks(ANN).claim(ask.requestId(), new Edge(Kind.IDLE, 3)));
    }

    @Test
    void whatIsNotedOfAQuestionGoesWithIt() throws Exception {
        PendingAsk ask = open(Duration.ofHours(30));
        office().signsIdle(ANN, ask.requestId(), 1);
        assertTrue(here().asks(ANN).claim(ask.requestId(), Edge.of(Kind.ENDED)));
        move(ANN, EVE);
        assertEquals(Optional.of(ask), elsewhere().asks(EVE).find(ask.requestId()));
        assertEquals(
                List.of(new IdleSign(ask.requestId(), 1)), elsewhere().asks(EVE).idleSigns());
        assertFalse(here().asks(EVE).claim(ask.requestId(), Edge.of(Kind.ENDED)));
        assertFalse(here().asks(ANN).claim(ask.requestId(), Edge.of(Kind.ENDED)));
        office().signsIdle(ANN, ask.requestId(), 2);
        assertTrue(elsewhere().asks(EVE).claim(ask.requestId(), new Edge(Kind.IDLE, 2)));
        assertEquals(
                List.of(new IdleSign(ask.requestId(), 1)), elsewhere().asks(ANN).idleSigns());
    }

    @Test
    void ofManyClaimsAtOnceOneWins() throws Exception {
        PendingAsk ask = open();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Callable<Boolean>> claims = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                PendingAsks asks = office().as("process " + i).asks(ANN);
                claims.add(() -> asks.claim(ask.requestId(), new Edge(Kind.IDLE, 1)));
            }
            int won = 0;
            for (Future<Boolean> claim : threads.invokeAll(claims)) {
                won += claim.get() ? 1 : 0;
            }
            assertEquals(1, won);
        } finally {
            threads.shutdownNow();
        }
    }

    /** Its end is what the wait is for; if it comes early, the caller looks again. */
    @Test
    @Timeout(60)
    void whoWatchesSeesASign() throws Exception {
        PendingAsk ask = open();
        try (PendingAsks.Watch watch = here().asks(ANN).watch()) {
            office().signsIdle(ANN, ask.requestId(), 0);
            while (here().asks(ANN).idleSigns().isEmpty()) {
                watch.await(Duration.ofMillis(50));
            }
        }
        assertEquals(List.of(new IdleSign(ask.requestId(), 0)), here().asks(ANN).idleSigns());
    }
}
