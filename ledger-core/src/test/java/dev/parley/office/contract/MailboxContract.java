package dev.parley.office.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.HostName;
import dev.parley.address.MessageId;
import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.mailbox.Batch;
import dev.parley.mailbox.Batch.Claimed;
import dev.parley.mailbox.Batch.Seen;
import dev.parley.mailbox.Budget;
import dev.parley.mailbox.Envelope;
import dev.parley.mailbox.Mailbox;
import dev.parley.mailbox.MailboxFullException;
import dev.parley.mailbox.Position;
import dev.parley.mailbox.Position.Place;
import dev.parley.office.contract.OfficeUnderTest.Tolerated;
import dev.parley.testing.Letters;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link Mailbox} promises. */
public abstract class MailboxContract extends OfficeContract {

    private static final Predicate<RequestId> NOBODY_WAITS = Set.<RequestId>of()::contains;

    /** Letters are put into the mailbox without being recorded: that is the delivery's part. */
    protected MailboxContract() {
        super(Tolerated.UNRECORDED_MAIL);
    }

    @BeforeEach
    void registerThem() throws Exception {
        register(ANN);
        register(BEN);
    }

    private Mailbox mailbox(SessionId owner) throws IOException {
        return here().mailbox(owner);
    }

    private Mailbox elsewhere(SessionId owner) throws IOException {
        return elsewhere().mailbox(owner);
    }

    private Envelope send(String body) throws IOException {
        return send(mailbox(ANN), Letters.plain(BEN, ANN, body));
    }

    private static Envelope send(Mailbox mailbox, Envelope letter) throws IOException {
        mailbox.deliver(letter);
        return letter;
    }

    private Batch claim() throws IOException {
        return mailbox(ANN).claim(Budget.READ, NOBODY_WAITS);
    }

    /** What a batch holds; a message that was handed over before has a star. */
    private static List<String> bodies(Batch batch) {
        return batch.messages().stream()
                .map(claimed -> claimed.envelope().body() + (claimed.redelivered() ? "*" : ""))
                .toList();
    }

    @Test
    void mailComesOutWholeAndInTheOrderOfSending() throws IOException {
        List<Envelope> sent = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            sent.add(send("message " + i));
        }
        assertEquals(20, mailbox(ANN).waiting());
        Batch batch = claim();
        assertEquals(sent, batch.messages().stream().map(Claimed::envelope).toList());
        assertEquals(0, batch.remaining());
        assertEquals(0, mailbox(ANN).waiting());
    }

    @Test
    void anEmptyMailboxGivesAnEmptyBatchThatCanBeEndedEitherWay() throws IOException {
        Batch batch = claim();
        assertEquals(List.of(), batch.messages());
        batch.written();
        batch.confirm();
        claim().giveBack(Seen.PERHAPS);
        assertEquals(0, mailbox(ANN).waiting());
    }

    @Test
    void thereIsNoMailboxWithoutASession() throws IOException {
        SessionId nobody = new SessionId("nobody");
        IOException e = assertThrows(IOException.class, () -> mailbox(nobody).deliver(Letters.plain(BEN, nobody, "x")));
        assertTrue(String.valueOf(e.getMessage()).contains("nobody"), e::toString);
        assertThrows(IOException.class, () -> mailbox(nobody).claim(Budget.READ, NOBODY_WAITS));
        assertThrows(IOException.class, () -> mailbox(nobody).waiting());
    }

    @Test
    void whatOneTakerHasNoOtherGets() throws IOException {
        send("one");
        Batch first = claim();
        send("two");
        Batch second = elsewhere(ANN).claim(Budget.READ, NOBODY_WAITS);
        assertEquals(List.of("one"), bodies(first));
        assertEquals(List.of("two"), bodies(second));
        assertEquals(List.of(), bodies(claim()));
    }

    @Test
    void theOtherServerOfASessionGivesBackToTheSameInbox() throws IOException {
        send("one");
        elsewhere(ANN).claim(Budget.READ, NOBODY_WAITS).giveBack(Seen.NO);
        assertEquals(List.of("one"), bodies(claim()));
    }

    @Test
    void confirmedMailNeverComesBack() throws IOException {
        send("one");
        Batch batch = claim();
        batch.written();
        batch.confirm();
        office().restart();
        assertEquals(0, mailbox(ANN).recover());
        assertEquals(List.of(), bodies(claim()));
    }

    @Test
    void mailCanBeConfirmedWithoutHavingBeenNotedAsWritten() throws IOException {
        Envelope letter = send("one");
        claim().confirm();
        assertEquals(Optional.of(Place.SHOWN), place(letter));
    }

    @Test
    void whatWasNeverWrittenGoesBackAsItWas() throws IOException {
        send("one");
        send("two");
        claim().giveBack(Seen.NO);
        send("three");
        assertEquals(List.of("one", "two", "three"), bodies(claim()));
    }

    @Test
    void whatMayHaveBeenSeenGoesBackMarkedAndStaysMarked() throws IOException {
        send("one");
        send("two");
        Batch batch = claim();
        batch.written();
        batch.giveBack(Seen.PERHAPS);
        claim().giveBack(Seen.NO);
        claim().giveBack(Seen.PERHAPS);
        claim().giveBack(Seen.NO);
        send("three");
        assertEquals(List.of("one*", "two*", "three"), bodies(claim()));
    }

    @Test
    void aDeadTakersMailComesBackMarked() throws IOException {
        send("taken");
        claim();
        send("written");
        claim().written();
        send("waiting");
        office().restart();
        assertEquals(2, mailbox(ANN).recover());
        assertEquals(List.of("taken*", "written*", "waiting"), bodies(claim()));
        assertEquals(0, mailbox(ANN).recover());
    }

    @Test
    void aLivingTakersMailIsNotTakenBack() throws IOException {
        send("one");
        Batch batch = elsewhere(ANN).claim(Budget.READ, NOBODY_WAITS);
        assertEquals(0, mailbox(ANN).recover());
        batch.confirm();
        assertEquals(List.of(), bodies(claim()));
    }

    @Test
    void aBatchThatWasTakenBackCanNoLongerBeEnded() throws IOException {
        send("one");
        Batch batch = claim();
        office().restart();
        mailbox(ANN).recover();
        batch.written();
        batch.confirm();
        batch.giveBack(Seen.NO);
        assertEquals(List.of("one*"), bodies(claim()));
    }

    @Test
    void whatDoesNotFitABudgetStaysInOrder() throws IOException {
        for (int i = 0; i < 5; i++) {
            send("message " + i);
        }
        Batch two = mailbox(ANN).claim(new Budget(2, 1000), NOBODY_WAITS);
        assertEquals(List.of("message 0", "message 1"), bodies(two));
        assertEquals(3, two.remaining());
        assertEquals(
                List.of("message 2", "message 3"),
                bodies(mailbox(ANN).claim(new Budget(50, 2 * "message 0".length()), NOBODY_WAITS)));
        assertEquals(List.of("message 4"), bodies(claim()));
    }

    @Test
    void nothingSmallOvertakesWhatIsTooLarge() throws IOException {
        send("small");
        send("x".repeat(100));
        send("tiny");
        assertEquals(List.of("small"), bodies(mailbox(ANN).claim(new Budget(50, 50), NOBODY_WAITS)));
        assertEquals(List.of("x".repeat(100)), bodies(mailbox(ANN).claim(new Budget(50, 50), NOBODY_WAITS)));
    }

    @Test
    void anAwaitedAnswerIsLeftForItsWaiter() throws IOException {
        RequestId request = RequestId.create();
        send("before");
        Envelope answer = send(mailbox(ANN), Letters.answer(BEN, ANN, request, "answer"));
        send("after");
        Batch batch = mailbox(ANN).claim(Budget.READ, request::equals);
        assertEquals(List.of("before", "after"), bodies(batch));
        assertEquals(0, batch.remaining());
        Batch taken = elsewhere(ANN).claimAnswer(request, BEN::equals).orElseThrow();
        assertEquals(answer, taken.messages().get(0).envelope());
    }

    @Test
    void anAnswerIsOrdinaryMailWhenNobodyWaits() throws IOException {
        send(mailbox(ANN), Letters.answer(BEN, ANN, RequestId.create(), "late answer"));
        assertEquals(List.of("late answer"), bodies(claim()));
    }

    @Test
    void onlyTheAnswerOfTheOneThatWasAskedIsTaken() throws IOException {
        RequestId request = RequestId.create();
        send("plain");
        send(mailbox(ANN), Letters.answer(EVE, ANN, request, "forged"));
        send(mailbox(ANN), Letters.answer(BEN, ANN, RequestId.create(), "another"));
        HostName host = new HostName("build-server");
        Envelope ofAnother = send(
                mailbox(ANN),
                Letters.answer(BEN, ANN, request, "of another machine").from(host));
        assertEquals(Optional.empty(), mailbox(ANN).claimAnswer(request, BEN::equals));
        send(mailbox(ANN), Letters.answer(BEN, ANN, request, "first"));
        send(mailbox(ANN), Letters.answer(BEN, ANN, request, "second"));
        Batch taken = mailbox(ANN).claimAnswer(request, BEN::equals).orElseThrow();
        assertEquals(List.of("first"), bodies(taken));
        Batch there = mailbox(ANN)
                .claimAnswerIf(request, letter -> letter.host().equals(Optional.of(host)))
                .orElseThrow();
        assertEquals(ofAnother, there.messages().get(0).envelope());
        assertEquals(List.of("plain", "forged", "another", "second"), bodies(claim()));
    }

    @Test
    void aFullMailboxRefusesAndKeepsWhatItHas() throws Exception {
        office().fill(ANN, Mailbox.CAPACITY - 3);
        for (int i = 0; i < 3; i++) {
            send("m");
        }
        assertThrows(MailboxFullException.class, () -> send("m"));
        assertEquals(Mailbox.CAPACITY, mailbox(ANN).waiting());
        assertEquals(50, claim().messages().size());
        send("room again");
        assertEquals(Mailbox.CAPACITY - 50 + 1, mailbox(ANN).waiting());
    }

    @Test
    void oneSenderFillsNobodyElsesRoom() throws Exception {
        office().fill(ANN, Mailbox.CAPACITY_OF_ONE - 2);
        SessionId filler = new SessionId("filler");
        for (int i = 0; i < 2; i++) {
            send(mailbox(ANN), Letters.plain(filler, ANN, "m"));
        }
        MailboxFullException e = assertThrows(
                MailboxFullException.class, () -> send(mailbox(ANN), Letters.plain(filler, ANN, "one too many")));
        assertTrue(String.valueOf(e.getMessage()).contains("others can still write"), e::toString);
        assertThrows(
                MailboxFullException.class, () -> send(elsewhere(ANN), Letters.plain(filler, ANN, "one too many")));
        send("of another sender");
        claim();
        send(mailbox(ANN), Letters.plain(filler, ANN, "room again"));
        assertEquals(Mailbox.CAPACITY_OF_ONE + 2 - 50, mailbox(ANN).waiting());
    }

    @Test
    void nobodysMailIsBehindAnothersThousands() throws Exception {
        office().fill(ANN, 1_000);
        send("first of ben");
        send(mailbox(ANN), Letters.plain(EVE, ANN, "of eve"));
        send("second of ben");
        Batch batch = claim();
        List<String> bodies = bodies(batch);
        assertEquals(50, bodies.size());
        // In the order of sending: what of the others fits comes first, since it is older.
        assertEquals(List.of("first of ben", "of eve", "second of ben"), bodies.subList(47, 50));
        assertEquals(1_003 - 50, batch.remaining());
    }

    @Test
    void aShareIsAMessageARoundWhateverItsLength() throws Exception {
        for (int i = 0; i < 4; i++) {
            send("b".repeat(100));
        }
        for (int i = 0; i < 4; i++) {
            send(mailbox(ANN), Letters.plain(EVE, ANN, "e".repeat(10)));
        }
        Batch batch = mailbox(ANN).claim(new Budget(50, 230), NOBODY_WAITS);
        assertEquals(
                List.of(100, 100, 10, 10, 10),
                batch.messages().stream().map(Claimed::bodyBytes).toList());
        assertEquals(3, batch.remaining());
    }

    @Test
    void whatDoesNotFitHoldsBackItsSendersMailOnly() throws Exception {
        for (int i = 0; i < 20; i++) {
            send(mailbox(ANN), Letters.plain(EVE, ANN, "e".repeat(100)));
        }
        SessionId fay = new SessionId("fay");
        send(mailbox(ANN), Letters.plain(fay, ANN, "f".repeat(100)));
        send(mailbox(ANN), Letters.plain(fay, ANN, "small, but behind what is large"));
        send("small");
        send("small, too");
        Batch batch = mailbox(ANN).claim(new Budget(50, 150), NOBODY_WAITS);
        assertEquals(List.of("e".repeat(100), "small", "small, too"), bodies(batch));
        assertEquals(21, batch.remaining());
        assertEquals(List.of("e".repeat(100)), bodies(mailbox(ANN).claim(new Budget(50, 150), NOBODY_WAITS)));
    }

    private Optional<Place> place(Envelope letter) throws IOException {
        return mailbox(ANN).locate(letter.id()).map(Position::place);
    }

    @Test
    void manyMessagesAreFollowedInOneLook() throws IOException {
        Envelope shown = send("shown");
        claim().confirm();
        Envelope handed = send("handed");
        Batch batch = claim();
        Envelope waiting = send("waiting");
        Set<MessageId> ids = Set.of(shown.id(), handed.id(), waiting.id(), MessageId.create(Optional.empty()));

        Map<MessageId, Position> found = mailbox(ANN).locate(ids);

        assertEquals(Set.of(shown.id(), handed.id(), waiting.id()), found.keySet());
        for (MessageId id : found.keySet()) {
            assertEquals(mailbox(ANN).locate(id), Optional.ofNullable(found.get(id)));
        }
        assertEquals(Map.of(), mailbox(ANN).locate(Set.of()));
        assertEquals(
                Set.of(handed.id()), mailbox(ANN).locate(Set.of(handed.id())).keySet());
        batch.confirm();
    }

    @Test
    void aMessageCanBeFollowed() throws IOException {
        Envelope letter = send("one");
        assertEquals(Optional.of(Place.WAITING), place(letter));
        assertTrue(mailbox(ANN).isWaiting(letter.id()));
        assertEquals(Set.of(letter.id()), mailbox(ANN).unproven());
        Batch batch = claim();
        assertEquals(Optional.of(Place.HANDED), place(letter));
        batch.written();
        assertEquals(Optional.of(Place.HANDED), place(letter));
        assertEquals(Set.of(letter.id()), mailbox(ANN).unproven());
        batch.confirm();
        assertEquals(Optional.of(Place.SHOWN), place(letter));
        assertEquals(Set.of(), mailbox(ANN).unproven());
        assertEquals(Optional.empty(), mailbox(ANN).locate(MessageId.create(Optional.empty())));
        assertFalse(mailbox(ANN).isWaiting(MessageId.create(Optional.empty())));
    }

    @Test
    void whatNobodyWasGivenCanBeTakenBack() throws IOException {
        Envelope first = send("first");
        Envelope last = send("last");
        assertTrue(elsewhere(ANN).withdraw(first.id()));
        assertEquals(Optional.of(Place.WITHDRAWN), place(first));
        assertEquals(
                Optional.of(office().now().toEpochMilli() / 60_000),
                mailbox(ANN).locate(first.id()).map(position -> position.since().toEpochMilli() / 60_000));
        assertFalse(mailbox(ANN).isWaiting(first.id()));
        assertEquals(Set.of(last.id()), mailbox(ANN).unproven());
        assertEquals(1, mailbox(ANN).waiting());
        assertEquals(1, mailbox(ANN).unread());
        assertFalse(mailbox(ANN).withdraw(first.id()), "it is taken back already");
        assertFalse(mailbox(ANN).withdraw(MessageId.create(Optional.empty())));
        office().endAll();
        assertEquals(0, mailbox(ANN).recover(), "its taker has died, and it does not come back for that");
        assertEquals(List.of("last"), bodies(claim()));
        assertEquals(Optional.of(Place.WITHDRAWN), place(first));
    }

    @Test
    void whatSomebodyMayHaveSeenIsNotTakenBack() throws IOException {
        Envelope letter = send("one");
        Batch batch = claim();
        assertFalse(elsewhere(ANN).withdraw(letter.id()));
        batch.giveBack(Seen.PERHAPS);
        assertFalse(elsewhere(ANN).withdraw(letter.id()), "it was handed over, and perhaps shown");
        assertEquals(List.of("one*"), bodies(claim()));
        Envelope unseen = send("two");
        claim().giveBack(Seen.NO);
        assertTrue(elsewhere(ANN).withdraw(unseen.id()), "nobody has seen it");
        Envelope shown = send("three");
        claim().confirm();
        assertFalse(elsewhere(ANN).withdraw(shown.id()));
        assertEquals(Optional.of(Place.SHOWN), place(shown));
    }

    @Test
    void whatWasTakenBackStaysSoUnderAnotherId() throws Exception {
        Envelope before = send("before");
        assertTrue(mailbox(ANN).withdraw(before.id()));
        Envelope late = send("late");
        move(ANN, EVE);
        assertEquals(
                Optional.of(Place.WITHDRAWN), mailbox(EVE).locate(before.id()).map(Position::place));
        assertTrue(mailbox(ANN).withdraw(late.id()));
        assertEquals(0, mailbox(EVE).waiting());
    }

    @Test
    void aMessageIsTakenOrTakenBackNeverBoth() throws Exception {
        int letters = 200;
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            List<MessageId> ids = new ArrayList<>();
            for (int i = 0; i < letters; i++) {
                ids.add(send("m" + i).id());
            }
            Mailbox other = elsewhere(ANN);
            Future<Set<MessageId>> takenBack = threads.submit(() -> {
                Set<MessageId> back = new HashSet<>();
                for (int i = letters - 1; i >= 0; i--) {
                    if (other.withdraw(ids.get(i))) {
                        back.add(ids.get(i));
                    }
                }
                return back;
            });
            Set<MessageId> taken = new HashSet<>();
            while (mailbox(ANN).waiting() > 0) {
                mailbox(ANN)
                        .claim(new Budget(5, 10_000), NOBODY_WAITS)
                        .messages()
                        .forEach(claimed -> taken.add(claimed.envelope().id()));
            }
            for (MessageId id : ids) {
                assertTrue(taken.contains(id) != takenBack.get().contains(id), id::value);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void mailGoesWithItsSession() throws Exception {
        send("one");
        send("two");
        mailbox(ANN).claim(new Budget(1, 1000), NOBODY_WAITS);
        office().restart();
        move(ANN, EVE);
        send("three, to the old id");
        mailbox(EVE).recover();
        Batch batch = mailbox(EVE).claim(Budget.READ, NOBODY_WAITS);
        assertEquals(List.of("one*", "two", "three, to the old id"), bodies(batch));
    }

    @Test
    void whoeverHasAMailboxKeepsItWhenItsSessionGetsAnotherId() throws Exception {
        Mailbox kept = elsewhere(ANN);
        send("one");
        Batch batch = kept.claim(Budget.READ, NOBODY_WAITS);
        move(ANN, EVE);
        batch.giveBack(Seen.NO);
        assertEquals(List.of("one"), bodies(mailbox(EVE).claim(Budget.READ, NOBODY_WAITS)));
        send(kept, Letters.plain(BEN, ANN, "two"));
        assertEquals(1, kept.waiting());
        assertEquals(List.of("two"), bodies(kept.claim(Budget.READ, NOBODY_WAITS)));
    }

    @Test
    void mailThatComesIsNotSleptThrough() throws Exception {
        try (Mailbox.Arrivals arrivals = mailbox(ANN).arrivals()) {
            send("one");
            assertTimeoutPreemptively(Duration.ofSeconds(10), () -> {
                while (mailbox(ANN).waiting() == 0) {
                    arrivals.await(Duration.ofSeconds(5));
                }
            });
        }
    }

    @Test
    void manySendersAndTakersLoseNothingAndDoubleNothing() throws Exception {
        int senders = 4;
        int each = 60;
        ExecutorService pool = Executors.newFixedThreadPool(senders + 2);
        try {
            List<Future<Integer>> sending = new ArrayList<>();
            for (int sender = 0; sender < senders; sender++) {
                int name = sender;
                Mailbox mailbox = sender % 2 == 0 ? mailbox(ANN) : elsewhere(ANN);
                sending.add(pool.submit(() -> {
                    for (int i = 0; i < each; i++) {
                        mailbox.deliver(Letters.plain(new SessionId("s" + name), ANN, name + " " + i));
                    }
                    return each;
                }));
            }
            Callable<List<String>> taker = () -> takeUntilAllAreSent(sending);
            List<Future<List<String>>> taking = pool.invokeAll(List.of(taker, taker));
            List<String> all = new ArrayList<>();
            for (Future<List<String>> taken : taking) {
                assertInOrder(taken.get(), senders);
                all.addAll(taken.get());
            }
            assertEquals(senders * each, all.size());
            assertEquals(senders * each, Set.copyOf(all).size());
        } finally {
            pool.shutdownNow();
        }
    }

    private List<String> takeUntilAllAreSent(List<Future<Integer>> sending) throws IOException {
        List<String> taken = new ArrayList<>();
        boolean last = false;
        while (true) {
            Batch batch = mailbox(ANN).claim(new Budget(7, 1000), NOBODY_WAITS);
            taken.addAll(bodies(batch));
            batch.confirm();
            if (batch.messages().isEmpty()) {
                if (last) {
                    return taken;
                }
                last = sending.stream().allMatch(Future::isDone);
            }
        }
    }

    private static void assertInOrder(List<String> bodies, int senders) {
        IntStream.range(0, senders).forEach(sender -> {
            List<Integer> numbers = bodies.stream()
                    .filter(body -> body.startsWith(sender + " "))
                    .map(body -> Integer.valueOf(body.split(" ", 2)[1]))
                    .toList();
            assertEquals(numbers.stream().sorted().toList(), numbers);
        });
        assertFalse(bodies.stream().anyMatch(body -> body.endsWith("*")));
    }
}
