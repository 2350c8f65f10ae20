package dev.parley.office.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.HostName;
import dev.parley.address.MessageId;
import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.ledger.Delivery;
import dev.parley.ledger.Delivery.Ring;
import dev.parley.ledger.OtherMachineException;
import dev.parley.ledger.UnrecordedException;
import dev.parley.mailbox.Batch;
import dev.parley.mailbox.Batch.Claimed;
import dev.parley.mailbox.Budget;
import dev.parley.mailbox.Envelope;
import dev.parley.mailbox.Mailbox;
import dev.parley.mailbox.MailboxFullException;
import dev.parley.office.PostOffice;
import dev.parley.office.contract.OfficeUnderTest.Breakage;
import dev.parley.office.contract.OfficeUnderTest.Tolerated;
import dev.parley.peer.Peer;
import dev.parley.testing.Letters;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link Delivery} promises: record, mailbox, bell, in this order, or nothing. */
public abstract class DeliveryContract extends OfficeContract {

    private static final Duration MOMENT = Duration.ofSeconds(1);

    protected DeliveryContract() {
        super(Tolerated.NOTHING);
    }

    @BeforeEach
    void registerThem() throws Exception {
        register(ANN);
        office().pass(MOMENT);
    }

    private Envelope send(Ring ring) throws IOException {
        return send(Letters.plain(BEN, ANN, "text"), ring);
    }

    private Envelope send(Envelope letter, Ring ring) throws IOException {
        here().delivery().send(letter, ring);
        return letter;
    }

    /** A session of this machine may have the id of one of another, and is not given its mail. */
    @Test
    void whatIsForAnotherMachineIsNotGivenToANamesake() throws IOException {
        Peer ann = here().peers().find(ANN).orElseThrow();
        Peer there = Peer.elsewhere(
                new HostName("build-server"),
                ANN,
                ann.name(),
                ann.client(),
                Optional.empty(),
                Optional.empty(),
                ann.project(),
                ann.registeredAt());
        Envelope letter = Letters.plain(BEN, ANN, "text");
        assertThrows(OtherMachineException.class, () -> here().delivery().send(letter, there, Ring.YES));
        assertEquals(0, here().mailbox(ANN).waiting());
        assertEquals(Optional.empty(), here().ledger(ANN).find(letter.id()));
    }

    private static List<MessageId> claimed(PostOffice office, SessionId owner) throws IOException {
        Batch batch = office.mailbox(owner).claim(Budget.READ, Set.<RequestId>of()::contains);
        List<MessageId> ids = batch.messages().stream()
                .map(Claimed::envelope)
                .map(Envelope::id)
                .toList();
        batch.confirm();
        return ids;
    }

    @Test
    void aMessageIsRecordedAndStored() throws IOException {
        Envelope letter = send(Ring.YES);
        assertEquals(Optional.of(letter), elsewhere().ledger(ANN).find(letter.id()));
        assertTrue(elsewhere().mailbox(ANN).isWaiting(letter.id()));
        assertEquals(List.of(letter.id()), claimed(elsewhere(), ANN));
        assertEquals(Optional.of(letter), here().ledger(ANN).find(letter.id()), "also when it was read");
    }

    @Test
    void theBellIsRungForItAndOnlyThen() throws IOException {
        Instant before = office().rungAt(ANN);
        send(Ring.NO);
        assertEquals(before, office().rungAt(ANN));
        send(Ring.YES);
        assertEquals(office().now(), office().rungAt(ANN));
    }

    /** A client listens under the id that it knows, also where its session is addressed by another. */
    @Test
    void theBellIsRungWhereverTheReceiverListens() throws Exception {
        register(EVE);
        Peer ann = here().peers().update(ANN, card -> card.withOwnSession(Optional.of(EVE)));
        office().pass(MOMENT);
        here().delivery().send(Letters.plain(BEN, ANN, "text"), ann, Ring.YES);
        assertEquals(office().now(), office().rungAt(ANN));
        assertEquals(office().now(), office().rungAt(EVE));
        office().pass(MOMENT);
        here().delivery().ring(ann);
        assertEquals(office().now(), office().rungAt(ANN));
        assertEquals(office().now(), office().rungAt(EVE));
        Instant last = office().now();
        office().pass(MOMENT);
        here().delivery().send(Letters.plain(BEN, ANN, "text"), ann, Ring.NO);
        assertEquals(last, office().rungAt(EVE));
        assertEquals(2, here().mailbox(ANN).waiting());
        assertEquals(0, here().mailbox(EVE).waiting(), "a bell is no address");
    }

    @Test
    void mailToAnOlderIdComesToThePresentOne() throws Exception {
        move(ANN, EVE);
        office().pass(MOMENT);
        Envelope letter = send(Ring.YES);
        assertEquals(List.of(letter.id()), claimed(here(), EVE));
        assertEquals(Optional.of(letter), here().ledger(EVE).find(letter.id()));
        assertEquals(office().now(), office().rungAt(EVE));
    }

    @Test
    void nobodyCanBeSentToWithoutASession() {
        IOException e = assertThrows(IOException.class, () -> send(Letters.plain(ANN, BEN, "text"), Ring.YES));
        assertTrue(String.valueOf(e.getMessage()).contains("ben"), e::toString);
    }

    @Test
    void whatIsRefusedIsNotRecorded() throws IOException {
        SessionId filler = new SessionId("filler");
        for (int i = 0; i < Mailbox.CAPACITY_OF_ONE; i++) {
            send(Letters.plain(filler, ANN, "m"), Ring.NO);
        }
        Instant before = office().rungAt(ANN);
        Envelope tooMuch = Letters.plain(filler, ANN, "one too many");
        assertThrows(MailboxFullException.class, () -> send(tooMuch, Ring.YES));
        assertEquals(Optional.empty(), here().ledger(ANN).find(tooMuch.id()));
        assertEquals(before, office().rungAt(ANN));
        Envelope ofAnother = send(Ring.YES);
        assertEquals(Optional.of(ofAnother), here().ledger(ANN).find(ofAnother.id()));
    }

    @Test
    void whatCouldNotBeAnsweredByItsIdIsNotSent() throws Exception {
        Instant before = office().rungAt(ANN);
        try (Breakage broken = office().breakLedger(ANN)) {
            assertThrows(UnrecordedException.class, () -> send(Ring.YES), broken::toString);
        }
        assertEquals(0, here().mailbox(ANN).waiting());
        assertEquals(Set.of(), here().mailbox(ANN).unproven(), "nothing of it is left");
        assertEquals(before, office().rungAt(ANN));
        Envelope letter = send(Ring.YES);
        assertEquals(List.of(letter.id()), claimed(here(), ANN));
    }

    @Test
    void whoSeesAMessageCanLookItUp() throws Exception {
        int letters = 200;
        Delivery delivery = elsewhere().delivery();
        ExecutorService pool = Executors.newSingleThreadExecutor();
        try {
            Future<Integer> sending = pool.submit(() -> {
                for (int i = 0; i < letters; i++) {
                    delivery.send(Letters.plain(BEN, ANN, "m" + i), Ring.YES);
                }
                return letters;
            });
            int seen = 0;
            boolean last = false;
            while (!last) {
                last = sending.isDone();
                for (MessageId id : claimed(here(), ANN)) {
                    assertTrue(here().ledger(ANN).find(id).isPresent(), "it is seen, and cannot be looked up");
                    seen++;
                    last = false;
                }
            }
            assertEquals(sending.get(), seen);
        } finally {
            pool.shutdownNow();
        }
    }
}
