package dev.parley.office.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.parley.address.MessageId;
import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.ledger.Delivery.Ring;
import dev.parley.ledger.MessageState;
import dev.parley.ledger.MessageStatus;
import dev.parley.ledger.MessageTracker;
import dev.parley.ledger.ReceivedLedger.Rung;
import dev.parley.mailbox.Batch;
import dev.parley.mailbox.Batch.Seen;
import dev.parley.mailbox.Budget;
import dev.parley.mailbox.Envelope;
import dev.parley.office.contract.OfficeUnderTest.Tolerated;
import dev.parley.peer.Peer;
import dev.parley.testing.Letters;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What every {@link MessageTracker} promises, wherever the receiver is: it says what is known of a message, to those whose it is, and
 * never more.
 */
public abstract class MessageTrackerContractAnywhere extends OfficeContract {

    private static final SessionId MADE_UP = new SessionId(Peer.MADE_UP + "0000000000000001");

    protected MessageTrackerContractAnywhere() {
        super(Tolerated.NOTHING);
    }

    @BeforeEach
    void registerThem() throws Exception {
        register(ANN);
        register(BEN);
        register(EVE);
    }

    final Envelope send(SessionId to) throws IOException {
        Envelope letter = Letters.plain(BEN, to, "text");
        here().delivery().send(letter, Ring.NO);
        office().pass(Duration.ofSeconds(1));
        return letter;
    }

    final Batch claim(SessionId owner) throws IOException {
        return here().mailbox(owner).claim(Budget.READ, Set.<RequestId>of()::contains);
    }

    final MessageStatus status(Envelope letter, SessionId caller) throws IOException {
        return office().ofTheMessage(elsewhere().tracker().status(letter.id(), caller));
    }

    final MessageState state(Envelope letter) throws IOException {
        return status(letter, BEN).state();
    }

    @Test
    void aMessageIsFollowedOnItsWholeWay() throws IOException {
        Envelope letter = send(ANN);
        MessageStatus stored = status(letter, BEN);
        assertEquals(
                new MessageStatus(
                        MessageState.STORED,
                        Optional.of(ANN),
                        Optional.of(letter.sentAt()),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty()),
                stored);
        here().ledger(ANN).markRung(letter.id(), "tmux");
        Rung rung = here().ledger(ANN).rung(letter.id()).orElseThrow();
        assertEquals(MessageState.RUNG, state(letter));
        assertEquals(Optional.of(rung), status(letter, BEN).rung());
        Batch batch = claim(ANN);
        batch.written();
        assertEquals(MessageState.HANDED, state(letter));
        assertEquals(Optional.of(office().now()), status(letter, BEN).handed());
        assertEquals(Optional.empty(), status(letter, BEN).shown());
        office().pass(Duration.ofSeconds(1));
        Instant confirmed = office().now();
        batch.confirm();
        assertEquals(MessageState.SHOWN, state(letter));
        assertEquals(Optional.of(confirmed), status(letter, BEN).shown());
        office().pass(Duration.ofSeconds(1));
        here().ledger(ANN).markAnswered(letter.id());
        assertEquals(MessageState.ANSWERED, state(letter));
        assertEquals(Optional.of(office().now()), status(letter, BEN).answered());
        assertEquals(Optional.of(confirmed), status(letter, BEN).shown(), "what it went through stays known");
        assertEquals(Optional.of(rung), status(letter, BEN).rung());
    }

    @Test
    void whatWasGivenBackIsOnlyStoredAgain() throws IOException {
        Envelope letter = send(ANN);
        Batch batch = claim(ANN);
        assertEquals(MessageState.HANDED, state(letter));
        batch.giveBack(Seen.NO);
        assertEquals(MessageState.STORED, state(letter));
        assertEquals(Optional.empty(), status(letter, BEN).handed());
    }

    @Test
    void anAnswerThatCameBeforeAnyProofIsAnAnswer() throws IOException {
        Envelope letter = send(ANN);
        here().ledger(ANN).markAnswered(letter.id());
        assertEquals(MessageState.ANSWERED, state(letter));
    }

    @Test
    void onlySenderAndReceiverAreTold() throws IOException {
        Envelope letter = send(ANN);
        assertEquals(status(letter, BEN), status(letter, ANN));
        assertEquals(MessageStatus.UNKNOWN, status(letter, EVE));
        assertEquals(MessageStatus.UNKNOWN, status(letter, new SessionId("nobody")));
    }

    @Test
    void whatWasNeverSentIsUnknown() throws IOException {
        MessageId never = MessageId.create(Optional.of(BEN));
        assertEquals(MessageStatus.UNKNOWN, here().tracker().status(never, BEN));
    }

    @Test
    void aMessageIsFollowedToItsReceiversNewId() throws Exception {
        Envelope letter = send(ANN);
        SessionId now = new SessionId("ann-now");
        move(ANN, now);
        assertEquals(MessageState.STORED, state(letter));
        assertEquals(MessageState.STORED, status(letter, now).state());
        assertEquals(MessageStatus.UNKNOWN, status(letter, EVE));
    }

    @Test
    void aSenderFollowsItUnderANewId() throws Exception {
        Envelope letter = send(ANN);
        SessionId now = new SessionId("ben-now");
        move(BEN, now);
        assertEquals(MessageState.STORED, status(letter, now).state());
    }

    private void registerMadeUp() throws Exception {
        var unused = here().peers()
                .register(office().registration(
                                MADE_UP, Peer.CODEX, PROJECT, Optional.of("client"), Optional.of("server")));
    }

    @Test
    void whatNobodyCanComeForIsGone() throws Exception {
        registerMadeUp();
        Envelope letter = send(MADE_UP);
        assertEquals(MessageState.STORED, state(letter));
        office().end("client");
        office().end("server");
        assertEquals(MessageState.GONE, state(letter));
    }

    @Test
    void whatWasHandedOverStaysSo() throws Exception {
        registerMadeUp();
        Envelope letter = send(MADE_UP);
        claim(MADE_UP).written();
        office().end("client");
        office().end("server");
        assertEquals(MessageState.HANDED, state(letter));
    }

    @Test
    void theMailOfASessionThatCanBeResumedIsNotGone() throws Exception {
        office().restart();
        Envelope letter = send(ANN);
        here().peers()
                .register(office().registration(
                                ANN, Peer.CLAUDE_CODE, PROJECT, Optional.of("client"), Optional.of("client")));
        office().end("client");
        assertEquals(MessageState.STORED, state(letter));
    }
}
