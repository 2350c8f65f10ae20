package dev.parley.office.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.MessageId;
import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.ledger.Delivery.Ring;
import dev.parley.ledger.PendingAsk;
import dev.parley.ledger.PendingAsks;
import dev.parley.mailbox.Batch;
import dev.parley.mailbox.Budget;
import dev.parley.mailbox.Envelope;
import dev.parley.office.Changes;
import dev.parley.office.contract.OfficeUnderTest.Tolerated;
import dev.parley.peer.Peer;
import dev.parley.testing.Letters;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link Changes} promises. */
public abstract class ChangesContract extends OfficeContract {

    private static final Duration LONG = Duration.ofMinutes(10);
    private static final Duration A_WHILE = Duration.ofSeconds(10);

    private Changes changes;

    protected ChangesContract() {
        super(Tolerated.NOTHING);
    }

    @BeforeEach
    void beginToLook() throws Exception {
        register(ANN);
        register(BEN);
        office().pass(A_WHILE);
        changes = elsewhere().changes(PROJECT);
        assertEquals(Set.of(), changed());
    }

    @AfterEach
    void endIt() {
        changes.close();
    }

    /** What has changed since the last look, some time after which nothing more has. */
    private Set<SessionId> changed() throws Exception {
        Set<SessionId> changed = changes.await(Duration.ZERO);
        office().pass(A_WHILE);
        changes.await(Duration.ZERO);
        assertEquals(Set.of(), changes.await(Duration.ZERO), "it is told again and again");
        return changed;
    }

    private Envelope send() throws IOException {
        Envelope letter = Letters.question(BEN, ANN, RequestId.create(), "well?");
        here().delivery().send(letter, Ring.NO);
        return letter;
    }

    @Test
    void aMessageIsToldOnItsWholeWay() throws Exception {
        Envelope letter = send();
        assertEquals(Set.of(ANN), changed());
        here().ledger(ANN).markRung(letter.id(), "doorbell");
        assertEquals(Set.of(ANN), changed());
        Batch batch = here().mailbox(ANN).claim(Budget.READ, Set.<RequestId>of()::contains);
        assertEquals(Set.of(ANN), changed());
        batch.confirm();
        assertEquals(Set.of(ANN), changed());
        here().ledger(ANN).markAnswered(letter.id());
        assertEquals(Set.of(ANN), changed());
    }

    @Test
    void aQuestionIsToldFromItsTicketOn() throws Exception {
        PendingAsk ask = new PendingAsk(RequestId.create(), MessageId.create(Optional.of(ANN)), BEN, office().now());
        here().asks(ANN).open(ask);
        assertEquals(Set.of(ANN), changed());
        PendingAsks.Waiting waiting = here().asks(ANN).waiting(ask.requestId());
        assertEquals(Set.of(ANN), changed());
        waiting.close();
        assertEquals(Set.of(ANN), changed());
        here().asks(ANN).close(ask.requestId());
        assertEquals(Set.of(ANN), changed());
    }

    @Test
    void whatASessionDoesAndSaysOfItselfIsTold() throws Exception {
        office().says(BEN, "busy");
        assertEquals(Set.of(BEN), changed());
        office().says(BEN, "asks");
        assertEquals(Set.of(BEN), changed());
        here().peers().update(BEN, card -> card.withPurpose(Optional.of("plans"), office().now()));
        assertEquals(Set.of(BEN), changed());
    }

    @Test
    void whoComesAndWhoMovesIsTold() throws Exception {
        register(EVE);
        assertTrue(changed().contains(EVE));
        send();
        assertEquals(Set.of(ANN), changed());
        SessionId later = new SessionId("ann-later");
        move(ANN, later);
        assertTrue(changed().contains(later));
        here().delivery().send(Letters.plain(BEN, ANN, "to the older id"), Ring.NO);
        assertTrue(changed().contains(later));
    }

    @Test
    void anotherProjectsSessionsAreNotTold() throws Exception {
        here().peers()
                .register(office().registration(
                                EVE, Peer.CLAUDE_CODE, "/elsewhere/.git", Optional.of("here"), Optional.of("here")));
        assertEquals(Set.of(), changed());
        office().says(EVE, "busy");
        here().delivery().send(Letters.plain(BEN, EVE, "across"), Ring.NO);
        assertEquals(Set.of(), changed());
    }

    @Test
    void whoeverWaitsIsToldWhenItHappens() throws Exception {
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try {
            Future<Set<SessionId>> waiting = executor.submit(() -> changes.await(LONG));
            send();
            assertEquals(Set.of(ANN), waiting.get());
        } finally {
            executor.shutdownNow();
        }
    }
}
