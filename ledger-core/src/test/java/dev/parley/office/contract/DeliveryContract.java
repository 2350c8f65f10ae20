package dev.parley.office.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.HostName;
import dev.parley.address.SessionId;
import dev.parley.ledger.Delivery;
import dev.parley.ledger.Delivery.Ring;
import dev.parley.ledger.OtherMachineException;
import dev.parley.ledger.UnrecordedException;
import dev.parley.mailbox.Envelope;
import dev.parley.mailbox.Mailbox;
import dev.parley.mailbox.MailboxFullException;
import dev.parley.office.contract.OfficeUnderTest.Breakage;
import dev.parley.peer.Peer;
import dev.parley.testing.Letters;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What every {@link Delivery} promises within a machine: record, mailbox, bell, in this order, or nothing. */
public abstract class DeliveryContract extends DeliveryContractAnywhere {

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

    @Test
    void theBellIsLeftAloneWhereItIsNotToRing() throws IOException {
        Instant before = office().rungAt(ANN);
        send(Ring.NO);
        assertEquals(before, office().rungAt(ANN));
    }

    @Test
    void theBellCanBeRungByItselfWhereverTheReceiverListens() throws Exception {
        register(EVE);
        Peer ann = here().peers().update(ANN, card -> card.withOwnSession(Optional.of(EVE)));
        office().pass(MOMENT);
        here().delivery().ring(ann);
        assertEquals(office().now(), office().rungAt(ANN));
        assertEquals(office().now(), office().rungAt(EVE));
        Instant last = office().now();
        office().pass(MOMENT);
        here().delivery().send(Letters.plain(BEN, ANN, "text"), ann, Ring.NO);
        assertEquals(last, office().rungAt(ANN));
        assertEquals(last, office().rungAt(EVE));
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
}
