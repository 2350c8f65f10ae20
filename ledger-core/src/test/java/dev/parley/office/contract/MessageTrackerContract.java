package dev.parley.office.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.HostName;
import dev.parley.address.SessionId;
import dev.parley.ledger.Delivery.Ring;
import dev.parley.ledger.MessageState;
import dev.parley.ledger.MessageStatus;
import dev.parley.ledger.MessageTracker;
import dev.parley.mailbox.Envelope;
import dev.parley.mailbox.Mailbox;
import dev.parley.testing.Letters;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What every {@link MessageTracker} promises within a machine, beside what it promises anywhere. */
public abstract class MessageTrackerContract extends MessageTrackerContractAnywhere {

    /** A session of another machine may have the id of one of this one. */
    @Test
    void whatASessionOfAnotherMachineSentIsNoneOfItsNamesakes() throws IOException {
        Envelope letter = Letters.plain(ANN, BEN, "hello").from(new HostName("build-server"));
        here().delivery().send(letter, Ring.NO);
        assertEquals(
                MessageState.STORED, here().tracker().status(letter.id(), BEN).state());
        assertEquals(MessageStatus.UNKNOWN, here().tracker().status(letter.id(), ANN));
    }

    @Test
    void whatItsSenderTookBackIsNeverHandedOver() throws IOException {
        Envelope letter = send(ANN);
        assertTrue(elsewhere().delivery().withdraw(ANN, letter.id()));
        assertEquals(MessageState.WITHDRAWN, state(letter));
        assertEquals(Optional.empty(), status(letter, BEN).handed());
        assertEquals(Optional.empty(), status(letter, BEN).shown());
        for (int i = 0; i <= Mailbox.MAX_SHOWN; i++) {
            here().delivery().withdraw(ANN, send(ANN).id());
        }
        assertEquals(Optional.empty(), here().mailbox(ANN).locate(letter.id()), "only the latest are kept there");
        assertEquals(MessageState.WITHDRAWN, state(letter), "it is no less true for that");
        Envelope taken = send(ANN);
        claim(ANN).written();
        assertFalse(here().delivery().withdraw(ANN, taken.id()));
        assertEquals(MessageState.HANDED, state(taken));
    }

    @Test
    void aSenderIsToldItsReceiversNewId() throws Exception {
        Envelope letter = send(ANN);
        SessionId now = new SessionId("ann-now");
        move(ANN, now);
        assertEquals(Optional.of(now), status(letter, BEN).receiver());
    }
}
