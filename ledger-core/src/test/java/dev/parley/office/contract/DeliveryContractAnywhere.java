package dev.parley.office.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.MessageId;
import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.ledger.Delivery;
import dev.parley.ledger.Delivery.Ring;
import dev.parley.mailbox.Batch;
import dev.parley.mailbox.Batch.Claimed;
import dev.parley.mailbox.Budget;
import dev.parley.mailbox.Envelope;
import dev.parley.office.PostOffice;
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

/** What every {@link Delivery} promises of a message that it could store, wherever its receiver is: it can be seen, and looked up. */
public abstract class DeliveryContractAnywhere extends OfficeContract {

    static final Duration MOMENT = Duration.ofSeconds(1);

    protected DeliveryContractAnywhere() {
        super(Tolerated.NOTHING);
    }

    @BeforeEach
    void registerThem() throws Exception {
        register(ANN);
        office().pass(MOMENT);
    }

    final Envelope send(Ring ring) throws IOException {
        return send(Letters.plain(BEN, ANN, "text"), ring);
    }

    /** Sends, and tells what its receiver gets. */
    final Envelope send(Envelope letter, Ring ring) throws IOException {
        here().delivery().send(letter, ring);
        return office().arrived(letter);
    }

    static List<MessageId> claimed(PostOffice office, SessionId owner) throws IOException {
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
    void theBellIsRungForIt() throws IOException {
        office().pass(MOMENT);
        send(Ring.YES);
        assertEquals(office().now(), office().rungAt(ANN));
    }

    /** A client listens under the id that it knows, also where its session is addressed by another. */
    @Test
    void theBellIsRungAlsoWhereTheReceiverListens() throws Exception {
        register(EVE);
        Peer ann = here().peers().update(ANN, card -> card.withOwnSession(Optional.of(EVE)));
        office().pass(MOMENT);
        here().delivery().send(Letters.plain(BEN, ANN, "text"), ann, Ring.YES);
        assertEquals(office().now(), office().rungAt(ANN));
        assertEquals(office().now(), office().rungAt(EVE));
        assertEquals(1, here().mailbox(ANN).waiting());
        assertEquals(0, here().mailbox(EVE).waiting(), "a bell is no address");
    }

    /** Wherever the receiver listens: each member sees it when it next looks. */
    @Test
    void noBellIsRungForWhatGoesToAGroup() throws Exception {
        register(EVE);
        Peer ann = here().peers().update(ANN, card -> card.withOwnSession(Optional.of(EVE)));
        Instant before = office().rungAt(ANN);
        Instant beforeThere = office().rungAt(EVE);
        office().pass(MOMENT);
        Envelope copy = Letters.plain(BEN, ANN, "text").toGroup("docs");
        here().delivery().send(copy, ann, Ring.of(copy));
        assertEquals(before, office().rungAt(ANN));
        assertEquals(beforeThere, office().rungAt(EVE));
        assertEquals(1, here().mailbox(ANN).waiting());
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

    /** How many are sent while somebody reads. */
    protected int letters() {
        return 200;
    }

    @Test
    void whoSeesAMessageCanLookItUp() throws Exception {
        int letters = letters();
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
