package dev.parley.office.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.MessageId;
import dev.parley.address.RequestId;
import dev.parley.ledger.PendingAsk;
import dev.parley.ledger.PendingAsks;
import dev.parley.office.contract.OfficeUnderTest.Tolerated;
import dev.parley.testing.Letters;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

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
                office().now().truncatedTo(java.time.temporal.ChronoUnit.MILLIS));
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
        assertTrue(elsewhere().asks(ANN).awaited().test(ask.requestId()));
        assertFalse(elsewhere().asks(ANN).awaited().test(RequestId.create()));
        waiting.close();
        assertTrue(elsewhere().asks(ANN).awaited().test(ask.requestId()), "the other still waits");
        also.close();
        assertFalse(elsewhere().asks(ANN).awaited().test(ask.requestId()));
        here().asks(ANN).waiting(ask.requestId());
        office().restart();
        assertFalse(elsewhere().asks(ANN).awaited().test(ask.requestId()));
    }

    @Test
    void questionsAndWaitersGoWithTheirSession() throws IOException, InterruptedException {
        PendingAsk ask = open();
        PendingAsks.Waiting waiting = here().asks(ANN).waiting(ask.requestId());
        move(ANN, EVE);
        assertEquals(Optional.of(ask), elsewhere().asks(EVE).find(ask.requestId()));
        assertTrue(elsewhere().asks(EVE).awaited().test(ask.requestId()));
        waiting.close();
        assertFalse(elsewhere().asks(EVE).awaited().test(ask.requestId()));
        PendingAsk late = new PendingAsk(RequestId.create(), MessageId.create(Optional.empty()), BEN, Letters.SENT);
        here().asks(ANN).open(late);
        assertEquals(Optional.of(late), elsewhere().asks(EVE).find(late.requestId()));
    }
}
