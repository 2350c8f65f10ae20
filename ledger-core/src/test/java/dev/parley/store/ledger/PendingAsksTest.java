package dev.parley.store.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.Ids;
import dev.parley.address.SessionId;
import dev.parley.ledger.PendingAsk;
import dev.parley.ledger.PendingAsks;
import dev.parley.store.Store;
import dev.parley.testing.Letters;
import dev.parley.testing.SimulatedFiles;
import dev.parley.testing.SimulatedProcesses;
import dev.parley.testing.SteppedClock;
import dev.parley.trace.Trace;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Open questions: stored, waited for, run out, moved. */
final class PendingAsksTest {

    private static final Path HOME = Path.of("/parley");
    private static final SessionId ANN = new SessionId("ann");
    private static final SessionId BEN = new SessionId("ben");
    private static final SessionId EVE = new SessionId("eve");

    private final SteppedClock clock = new SteppedClock(Letters.SENT);
    private final SimulatedFiles files = SimulatedFiles.empty(clock);
    private final SimulatedProcesses machine = new SimulatedProcesses();
    private Post post;
    private Post other;

    @BeforeEach
    void openStore() throws IOException, InterruptedException {
        files.disk().makeDirectory(HOME);
        post = Post.over(Store.over(HOME, files.disk(), clock, Trace.NONE), machine.start(1));
        other = Post.over(Store.over(HOME, files.disk(), clock, Trace.NONE), machine.start(2));
        post.peers().register(post.registration(ANN));
    }

    @AfterEach
    void lookThrough() throws IOException {
        Soundness.assertNoErrors(post.store(), post.processes());
    }

    private PendingAsk open() throws IOException {
        PendingAsk ask = new PendingAsk(
                Ids.newRequestId(),
                Ids.newMessageId(Optional.empty()),
                BEN,
                clock.instant().truncatedTo(java.time.temporal.ChronoUnit.MILLIS));
        post.asks(ANN).open(ask);
        clock.advance(Duration.ofSeconds(1));
        return ask;
    }

    @Test
    void aQuestionIsOpenUntilItIsClosed() throws IOException {
        PendingAsk first = open();
        PendingAsk second = open();
        assertEquals(Optional.of(first), other.asks(ANN).find(first.requestId()));
        assertEquals(List.of(first, second), other.asks(ANN).all());
        other.asks(ANN).close(first.requestId());
        other.asks(ANN).close(first.requestId());
        assertEquals(List.of(second), post.asks(ANN).all());
    }

    @Test
    void aTicketRunsOut() throws IOException {
        PendingAsk ask = open();
        clock.advance(PendingAsk.LIFE);
        assertEquals(Optional.empty(), post.asks(ANN).find(ask.requestId()));
        assertEquals(List.of(), post.asks(ANN).all());
    }

    @Test
    void tellingWhatIsOpenForgetsNothing() throws IOException {
        PendingAsk ask = open();
        clock.advance(PendingAsk.LIFE);
        assertEquals(List.of(), post.asks(ANN).all());
        clock.advance(PendingAsk.LIFE.negated());
        assertEquals(List.of(ask), post.asks(ANN).all(), "it had run out, and is not forgotten for that");
        clock.advance(PendingAsk.LIFE);
        assertEquals(Optional.empty(), post.asks(ANN).find(ask.requestId()));
        clock.advance(PendingAsk.LIFE.negated());
        assertEquals(List.of(), post.asks(ANN).all(), "whoever wanted it has it forgotten");
    }

    @Test
    void anAnswerIsAwaitedByTheLivingOnly() throws IOException {
        PendingAsk ask = open();
        PendingAsks.Waiting waiting = post.asks(ANN).waiting(ask.requestId());
        PendingAsks.Waiting also = other.asks(ANN).waiting(ask.requestId());
        assertTrue(other.asks(ANN).awaited().test(ask.requestId()));
        assertFalse(other.asks(ANN).awaited().test(Ids.newRequestId()));
        waiting.close();
        assertTrue(other.asks(ANN).awaited().test(ask.requestId()), "the other still waits");
        also.close();
        assertFalse(other.asks(ANN).awaited().test(ask.requestId()));
        post.asks(ANN).waiting(ask.requestId());
        machine.kill(1);
        assertFalse(other.asks(ANN).awaited().test(ask.requestId()));
    }

    @Test
    void questionsAndWaitersGoWithTheirSession() throws IOException, InterruptedException {
        PendingAsk ask = open();
        PendingAsks.Waiting waiting = post.asks(ANN).waiting(ask.requestId());
        post.peers().move(ANN, post.registration(EVE));
        assertEquals(Optional.of(ask), other.asks(EVE).find(ask.requestId()));
        assertTrue(other.asks(EVE).awaited().test(ask.requestId()));
        waiting.close();
        assertFalse(other.asks(EVE).awaited().test(ask.requestId()));
        PendingAsk late = new PendingAsk(Ids.newRequestId(), Ids.newMessageId(Optional.empty()), BEN, Letters.SENT);
        post.asks(ANN).open(late);
        assertEquals(Optional.of(late), other.asks(EVE).find(late.requestId()));
    }

    @Test
    void whatIsNoIdIsNoPartOfAPath() throws IOException {
        for (String odd : List.of("", "..", "../session.json", "q-0000000000000000/..", "Q-0000000000000000")) {
            assertEquals(Optional.empty(), post.asks(ANN).find(odd));
            assertThrows(IllegalArgumentException.class, () -> post.asks(ANN).close(odd));
            assertThrows(IllegalArgumentException.class, () -> post.asks(ANN).waiting(odd));
        }
    }
}
