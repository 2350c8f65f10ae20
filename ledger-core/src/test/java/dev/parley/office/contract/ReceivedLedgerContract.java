package dev.parley.office.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.MessageId;
import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.ledger.ReceivedLedger;
import dev.parley.ledger.ReceivedLedger.Listing;
import dev.parley.ledger.ReceivedLedger.Rung;
import dev.parley.ledger.Retention;
import dev.parley.mailbox.Budget;
import dev.parley.mailbox.Envelope;
import dev.parley.mailbox.Mailbox;
import dev.parley.office.contract.OfficeUnderTest.Tolerated;
import dev.parley.testing.Letters;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link ReceivedLedger} promises. */
public abstract class ReceivedLedgerContract extends OfficeContract {

    private static final int NEWEST = 16;
    private static final Retention FEW = new Retention(NEWEST, Duration.ofHours(24));

    protected ReceivedLedgerContract() {
        super(FEW, Tolerated.NOTHING);
    }

    @BeforeEach
    void registerThem() throws Exception {
        register(ANN);
        register(BEN);
    }

    private ReceivedLedger ledger(SessionId owner) throws IOException {
        return here().ledger(owner);
    }

    private ReceivedLedger elsewhere(SessionId owner) throws IOException {
        return elsewhere().ledger(owner);
    }

    private Mailbox mailbox(SessionId owner) throws IOException {
        return here().mailbox(owner);
    }

    private void pass(Duration time) {
        office().pass(time);
    }

    private Envelope record(Envelope letter) throws IOException {
        pass(Duration.ofMillis(5));
        ledger(letter.to()).record(letter);
        return letter;
    }

    private Envelope plain(String body) {
        return Letters.plain(BEN, ANN, body);
    }

    private List<Envelope> recordMany(int count) throws IOException {
        List<Envelope> recorded = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            recorded.add(record(plain("message " + i)));
        }
        return recorded;
    }

    @Test
    void whatIsRecordedIsFoundByItsId() throws IOException {
        Envelope letter = record(plain("one"));
        assertEquals(Optional.of(letter), ledger(ANN).find(letter.id()));
        assertEquals(Optional.of(letter), elsewhere(ANN).find(letter.id()));
        assertEquals(1, ledger(ANN).size());
    }

    @Test
    void nobodyFindsAnothersMessages() throws IOException {
        Envelope letter = record(plain("one"));
        assertEquals(Optional.empty(), ledger(BEN).find(letter.id()));
    }

    @Test
    void whatIsNoNameOfARungIsNoPartOfAPath() throws IOException {
        Envelope letter = record(plain("one"));
        assertThrows(IllegalArgumentException.class, () -> ledger(ANN).markRung(letter.id(), "../x"));
    }

    @Test
    void recordingAgainChangesNothing() throws IOException {
        Envelope letter = record(plain("one"));
        elsewhere(ANN).record(letter);
        assertEquals(1, ledger(ANN).size());
        assertEquals(Optional.of(letter), ledger(ANN).find(letter.id()));
    }

    @Test
    void withoutASessionNothingIsRecorded() {
        SessionId nobody = new SessionId("nobody");
        assertThrows(IOException.class, () -> ledger(nobody).record(Letters.plain(BEN, nobody, "x")));
    }

    @Test
    void marksSayWhenItHappenedFirst() throws IOException {
        Envelope letter = record(plain("one"));
        assertEquals(Optional.empty(), ledger(ANN).answeredAt(letter.id()));
        assertEquals(Optional.empty(), ledger(ANN).rung(letter.id()));
        ledger(ANN).markAnswered(letter.id());
        ledger(ANN).markRung(letter.id(), "codex-queue");
        Instant answered = ledger(ANN).answeredAt(letter.id()).orElseThrow();
        Rung rung = ledger(ANN).rung(letter.id()).orElseThrow();
        assertEquals("codex-queue", rung.rung());
        pass(Duration.ofSeconds(10));
        elsewhere(ANN).markAnswered(letter.id());
        elsewhere(ANN).markRung(letter.id(), "codex-queue");
        assertEquals(Optional.of(answered), ledger(ANN).answeredAt(letter.id()));
        assertEquals(Optional.of(rung), ledger(ANN).rung(letter.id()));
        assertEquals(1, ledger(ANN).size());
    }

    @Test
    void onlyTheNewestAreKept() throws IOException {
        List<Envelope> recorded = recordMany(5 * NEWEST);
        assertTrue(ledger(ANN).size() <= NEWEST + NEWEST / 8, () -> "too many");
        assertTrue(ledger(ANN).find(recorded.get(0).id()).isEmpty());
        for (Envelope newest : recorded.subList(4 * NEWEST, 5 * NEWEST)) {
            assertTrue(ledger(ANN).find(newest.id()).isPresent());
        }
    }

    @Test
    void marksGoWithTheirRecord() throws IOException {
        Envelope first = record(plain("one"));
        ledger(ANN).markAnswered(first.id());
        ledger(ANN).markRung(first.id(), "tmux");
        recordMany(5 * NEWEST);
        assertTrue(ledger(ANN).answeredAt(first.id()).isEmpty());
        assertTrue(ledger(ANN).rung(first.id()).isEmpty());
    }

    @Test
    void whatIsOwedIsSparedUntilItIsAnsweredOrTooOld() throws IOException {
        Envelope owed = record(Letters.question(BEN, ANN, RequestId.create(), "owed"));
        Envelope answered = record(Letters.question(BEN, ANN, RequestId.create(), "answered"));
        ledger(ANN).markAnswered(answered.id());
        recordMany(2 * NEWEST);
        assertTrue(ledger(ANN).find(owed.id()).isPresent());
        assertFalse(ledger(ANN).find(answered.id()).isPresent());
        pass(Duration.ofHours(25));
        recordMany(NEWEST);
        assertFalse(ledger(ANN).find(owed.id()).isPresent());
    }

    @Test
    void evenWhatIsOwedIsBounded() throws IOException {
        for (int i = 0; i < 6 * NEWEST; i++) {
            record(Letters.question(BEN, ANN, RequestId.create(), "owed " + i));
        }
        assertTrue(ledger(ANN).size() <= 4 * NEWEST * 9 / 8, () -> "too many are owed");
    }

    @Test
    void whatCanStillBeSeenCanBeLookedUp() throws IOException {
        List<Envelope> sent = new ArrayList<>();
        for (int i = 0; i < 6 * NEWEST; i++) {
            Envelope letter = plain("unread " + i);
            pass(Duration.ofMillis(5));
            try (Mailbox.Posting posting = mailbox(ANN).prepare(letter)) {
                ledger(ANN).record(letter);
                posting.deliver();
            }
            sent.add(letter);
        }
        for (Envelope letter : sent) {
            assertTrue(ledger(ANN).find(letter.id()).isPresent(), () -> "waits, and cannot be looked up");
        }
        mailbox(ANN)
                .claim(new Budget(3 * NEWEST, 100_000), Set.<RequestId>of()::contains)
                .confirm();
        recordMany(NEWEST);
        assertTrue(ledger(ANN).find(sent.get(0).id()).isEmpty(), "it has been shown, and is among the oldest");
        assertTrue(ledger(ANN).find(sent.get(3 * NEWEST).id()).isPresent());
    }

    @Test
    void recordsAndMarksGoWithTheirSession() throws Exception {
        Envelope letter = record(plain("one"));
        ledger(ANN).markAnswered(letter.id());
        ReceivedLedger kept = elsewhere(ANN);
        move(ANN, EVE);
        assertEquals(Optional.of(letter), ledger(EVE).find(letter.id()));
        assertTrue(ledger(EVE).answeredAt(letter.id()).isPresent());
        Envelope late = plain("to the old id");
        kept.record(late);
        kept.markRung(late.id(), "tmux");
        assertEquals(Optional.of(late), ledger(EVE).find(late.id()));
        assertEquals("tmux", ledger(EVE).rung(late.id()).orElseThrow().rung());
        assertEquals(Optional.of(late), kept.find(late.id()));
    }

    @Test
    void aListingTellsOfEveryMessageWhatTheLedgerDoes() throws IOException {
        Envelope plain = record(plain("one"));
        Envelope question = record(Letters.question(BEN, ANN, RequestId.create(), "two"));
        Instant recorded = office().now();
        pass(Duration.ofSeconds(1));
        ledger(ANN).markAnswered(question.id());
        ledger(ANN).markRung(question.id(), "tmux");

        Listing listing = elsewhere(ANN).listing();

        assertEquals(Set.of(plain.id(), question.id()), listing.ids());
        assertFalse(elsewhere(ANN).latest().isBefore(recorded));
        assertEquals(Optional.of(plain), listing.find(plain.id()));
        assertEquals(Optional.of(question), listing.find(question.id()));
        assertEquals(Optional.of(recorded), listing.recordedAt(question.id()));
        assertEquals(Optional.empty(), listing.answeredAt(plain.id()));
        assertEquals(Optional.empty(), listing.rung(plain.id()));
        assertEquals(ledger(ANN).answeredAt(question.id()), listing.answeredAt(question.id()));
        assertTrue(listing.answeredAt(question.id()).isPresent());
        assertEquals(ledger(ANN).rung(question.id()), listing.rung(question.id()));
        assertEquals("tmux", listing.rung(question.id()).orElseThrow().rung());
    }

    @Test
    void aListingIsOfOneMomentAndForgetsWhatTheLedgerForgets() throws IOException {
        Envelope first = record(plain("one"));
        Listing listing = ledger(ANN).listing();
        Envelope late = record(plain("late"));
        assertEquals(Set.of(first.id()), listing.ids());
        assertEquals(Optional.empty(), listing.find(late.id()));
        recordMany(5 * NEWEST);
        assertEquals(Optional.empty(), listing.find(first.id()));
        assertEquals(Optional.empty(), listing.recordedAt(first.id()));
        assertEquals(Optional.empty(), listing.find(MessageId.create(Optional.empty())));
    }

    @Test
    void aListingFollowsWhatMovesMeanwhile() throws Exception {
        Envelope letter = record(plain("one"));
        ledger(ANN).markAnswered(letter.id());
        Listing listing = elsewhere(ANN).listing();
        move(ANN, EVE);
        assertEquals(Optional.of(letter), listing.find(letter.id()));
        assertTrue(listing.recordedAt(letter.id()).isPresent());
        assertTrue(listing.answeredAt(letter.id()).isPresent());
    }

    @Test
    void withoutASessionNothingIsListed() {
        assertThrows(IOException.class, () -> ledger(new SessionId("nobody")).listing());
        assertThrows(IOException.class, () -> ledger(new SessionId("nobody")).latest());
    }
}
