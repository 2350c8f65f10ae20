package dev.parley.office.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.MessageId;
import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.ledger.Delivery.Ring;
import dev.parley.ledger.OpenWork.Edge;
import dev.parley.ledger.OpenWork.FellDue;
import dev.parley.ledger.OpenWork.Outcome;
import dev.parley.ledger.OpenWork.TurnEnded;
import dev.parley.ledger.PendingAsk;
import dev.parley.ledger.Work;
import dev.parley.ledger.WorkChange;
import dev.parley.ledger.WorkState;
import dev.parley.ledger.WorkState.Actor;
import dev.parley.mailbox.Envelope;
import dev.parley.office.PostOffice;
import dev.parley.office.contract.OfficeUnderTest.Tolerated;
import dev.parley.testing.Letters;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link dev.parley.ledger.OpenWork} promises: who may change what, that it is final, and that each is told once. */
public abstract class OpenWorkContract extends OfficeContract {

    private static final Duration A_SECOND = Duration.ofSeconds(1);

    protected OpenWorkContract() {
        super(Tolerated.NOTHING);
    }

    @BeforeEach
    void registerThem() throws Exception {
        register(ANN);
        register(BEN);
    }

    private Envelope request(Optional<Duration> dueIn) throws IOException {
        Instant now = office().now().truncatedTo(ChronoUnit.MILLIS);
        Envelope plain = Letters.question(BEN, ANN, RequestId.create(), "do it");
        Envelope request = new Envelope(
                plain.id(),
                now,
                plain.origin(),
                plain.from(),
                plain.fromName(),
                plain.to(),
                plain.requestId(),
                plain.replyTo(),
                plain.sourceMessageId(),
                0,
                dueIn.map(now::plus),
                Optional.empty(),
                plain.body());
        here().delivery().send(request, Ring.NO);
        office().pass(A_SECOND);
        return office().arrived(request);
    }

    private Envelope request() throws IOException {
        return request(Optional.empty());
    }

    private static WorkChange owner(WorkState next) {
        return WorkChange.of(Actor.OWNER, next);
    }

    private static Outcome change(PostOffice office, Envelope request, WorkChange change) throws Exception {
        return office.work(ANN).change(request.id(), change).orElseThrow();
    }

    private Outcome change(Envelope request, WorkChange change) throws Exception {
        Outcome outcome = change(here(), request, change);
        assertEquals(Optional.of(outcome.work()), elsewhere().work(ANN).find(request.id()));
        return outcome;
    }

    private static List<MessageId> ids(List<Work> works) {
        return works.stream().map(work -> work.request().id()).toList();
    }

    @Test
    void aRequestIsOpenUntilItsOwnerSaysMore() throws Exception {
        Envelope first = request();
        Envelope second = request();
        assertEquals(
                Optional.of(new Work(first, WorkState.OPEN, 0, first.sentAt(), Optional.empty(), Optional.empty())),
                elsewhere().work(ANN).find(first.id()));
        assertEquals(List.of(first.id(), second.id()), ids(here().work(ANN).unfinished()));
        assertEquals(List.of(), here().work(BEN).unfinished(), "it is the receiver who owes it");
        Instant before = office().now().truncatedTo(ChronoUnit.MILLIS);
        WorkChange blocked = new WorkChange(
                Actor.OWNER, WorkState.BLOCKED, Optional.of("no \"key\"\nto it: ü 漢字"), Optional.of("the key of eve"));
        Outcome outcome = change(first, blocked);
        assertTrue(outcome.isChanged());
        Work work = outcome.work();
        assertEquals(new Work(first, WorkState.BLOCKED, 1, work.since(), blocked.note(), blocked.needs()), work);
        assertFalse(work.since().isBefore(before));
        assertEquals(List.of(work), elsewhere().work(ANN).unfinished().subList(0, 1));
        Work again = change(first, owner(WorkState.WORKING)).work();
        assertEquals(
                new Work(first, WorkState.WORKING, 2, again.since(), Optional.empty(), Optional.empty()),
                again,
                "what was said of an earlier state is not said of a later one");
        for (int revision = 3; revision < 8; revision++) {
            assertEquals(
                    revision, change(first, owner(WorkState.WORKING)).work().revision());
        }
    }

    @Test
    void aPlainMessageIsNoWork() throws Exception {
        Envelope plain = Letters.plain(BEN, ANN, "by the way");
        here().delivery().send(plain, Ring.NO);
        assertEquals(Optional.empty(), here().work(ANN).find(plain.id()));
        assertEquals(List.of(), here().work(ANN).unfinished());
        assertEquals(Optional.empty(), here().work(ANN).change(plain.id(), owner(WorkState.WORKING)));
        assertFalse(here().work(ANN).claim(plain.id(), new TurnEnded(0)));
    }

    @Test
    void whatIsNotThereCannotBeChanged() throws Exception {
        MessageId never = MessageId.create(Optional.of(BEN));
        assertEquals(Optional.empty(), here().work(ANN).find(never));
        assertEquals(Optional.empty(), here().work(ANN).change(never, owner(WorkState.DECLINED)));
        assertFalse(here().work(ANN).claim(never, new FellDue()));
    }

    @Test
    void whatIsFinishedStaysAsItIs() throws Exception {
        for (WorkState end : WorkState.values()) {
            if (!end.isTerminal() || end == WorkState.EXPIRED) {
                continue;
            }
            Envelope request = request();
            var unused = change(request, owner(WorkState.WORKING));
            Work done = change(request, WorkChange.of(end.mover().orElseThrow(), end))
                    .work();
            assertEquals(end, done.state());
            assertEquals(2, done.revision());
            for (WorkState next : WorkState.values()) {
                if (next.mover().isPresent()) {
                    assertEquals(
                            new Outcome(done, false),
                            change(request, WorkChange.of(next.mover().get(), next)),
                            end + " is followed by " + next);
                }
            }
            here().ledger(ANN).markAnswered(request.id());
            assertEquals(Optional.of(done), here().work(ANN).find(request.id()), "a reply after it changes nothing");
            here().ledger(ANN).record(request);
            assertEquals(Optional.of(done), here().work(ANN).find(request.id()), "nor does recording it again");
            assertEquals(List.of(), here().work(ANN).unfinished());
        }
    }

    @Test
    void noActorDoesWhatIsAnothers() {
        for (Actor actor : Actor.values()) {
            for (WorkState next : WorkState.values()) {
                if (!next.mover().equals(Optional.of(actor))) {
                    assertThrows(IllegalArgumentException.class, () -> WorkChange.of(actor, next));
                }
            }
        }
        Optional<String> tooLong = Optional.of("x".repeat(Work.MAX_NOTE + 1));
        assertThrows(
                IllegalArgumentException.class,
                () -> new WorkChange(Actor.OWNER, WorkState.WORKING, tooLong, Optional.empty()));
        assertThrows(
                IllegalArgumentException.class,
                () -> new WorkChange(Actor.OWNER, WorkState.WORKING, Optional.empty(), Optional.of("eve")));
    }

    @Test
    void theLongestNotesAreKept() throws Exception {
        for (String character : List.of("x", "\u0001", "\"", "漢", "\ud83d\ude42")) {
            Optional<String> text = Optional.of(character.repeat(Work.MAX_NOTE / character.length()));
            Work work = change(request(), new WorkChange(Actor.OWNER, WorkState.BLOCKED, text, text))
                    .work();
            assertEquals(text, work.note());
            assertEquals(text, work.needs());
        }
    }

    /** An older version notes only that it was answered. */
    @Test
    void whatIsAnsweredIsCompleted() throws Exception {
        Envelope request = request();
        here().ledger(ANN).markAnswered(request.id());
        Work work = elsewhere().work(ANN).find(request.id()).orElseThrow();
        assertEquals(WorkState.COMPLETED, work.state());
        assertEquals(here().ledger(ANN).answeredAt(request.id()), Optional.of(work.since()));
        assertEquals(List.of(), here().work(ANN).unfinished());
        assertFalse(change(request, owner(WorkState.DECLINED)).isChanged());
    }

    @Test
    void timeLetsOnlyThatExpireWhichIsLongOverdue() throws Exception {
        WorkChange expired = WorkChange.of(Actor.TIME, WorkState.EXPIRED);
        Envelope endless = request();
        Envelope due = request(Optional.of(Duration.ofHours(1)));
        assertFalse(elsewhere().work(ANN).find(due.id()).orElseThrow().isOverdue(office().now()));
        office().pass(Duration.ofHours(1));
        assertTrue(elsewhere().work(ANN).find(due.id()).orElseThrow().isOverdue(office().now()));
        assertFalse(change(due, expired).isChanged(), "overdue is not over");
        office().pass(PendingAsk.LIFE.minus(Duration.ofSeconds(2)));
        assertFalse(change(due, expired).isChanged());
        office().pass(A_SECOND);
        Outcome over = change(due, expired);
        assertTrue(over.isChanged());
        assertFalse(over.work().isOverdue(office().now()));
        office().pass(Duration.ofDays(365));
        assertFalse(change(endless, expired).isChanged(), "it has all the time in the world");
    }

    @Test
    void anOwnerIsToldOfEachEdgeOnce() throws Exception {
        Envelope request = request();
        assertTrue(here().work(ANN).claim(request.id(), new TurnEnded(0)));
        assertFalse(here().work(ANN).claim(request.id(), new TurnEnded(0)));
        assertFalse(elsewhere().work(ANN).claim(request.id(), new TurnEnded(0)));
        assertTrue(elsewhere().work(ANN).claim(request.id(), new FellDue()));
        assertFalse(here().work(ANN).claim(request.id(), new FellDue()));
        var working = change(request, owner(WorkState.WORKING));
        assertFalse(here().work(ANN).claim(request.id(), new TurnEnded(0)), "of a state that is no more");
        assertTrue(here().work(ANN).claim(request.id(), new TurnEnded(1)));
        office().restart();
        assertFalse(here().work(ANN).claim(request.id(), new TurnEnded(1)));
        var done = change(request, owner(WorkState.COMPLETED));
        assertFalse(here().work(ANN).claim(request.id(), new TurnEnded(2)), "it owes nothing any more");
        assertTrue(working.isChanged() && done.isChanged());
    }

    @Test
    void itGoesWithItsSession() throws Exception {
        Envelope request = request();
        var working = change(request, owner(WorkState.WORKING));
        assertTrue(here().work(ANN).claim(request.id(), new FellDue()));
        move(ANN, EVE);
        for (SessionId id : List.of(ANN, EVE)) {
            assertEquals(Optional.of(working.work()), elsewhere().work(id).find(request.id()));
            assertFalse(here().work(id).claim(request.id(), new FellDue()));
        }
        assertEquals(List.of(working.work()), here().work(EVE).unfinished());
        assertTrue(change(request, owner(WorkState.FAILED)).isChanged());
        assertEquals(List.of(), here().work(EVE).unfinished());
    }

    @Test
    void ofManyChangesAtOnceNoneIsLost() throws Exception {
        Envelope request = request();
        int each = 6;
        List<Outcome> outcomes = atOnce(
                office -> IntStream.range(0, each)
                        .mapToObj(i -> changed(office, request, owner(WorkState.WORKING)))
                        .toList(),
                3);
        assertEquals(
                IntStream.rangeClosed(1, 3 * each).boxed().toList(),
                outcomes.stream()
                        .map(outcome -> outcome.work().revision())
                        .sorted()
                        .toList());
    }

    @Test
    void ofManyEndsAtOnceOneWins() throws Exception {
        Envelope request = request();
        List<WorkState> ends = List.of(WorkState.DECLINED, WorkState.COMPLETED, WorkState.FAILED, WorkState.CANCELED);
        List<Outcome> outcomes = new ArrayList<>(atOnce(
                office -> ends.stream()
                        .map(end -> changed(
                                office, request, WorkChange.of(end.mover().orElseThrow(), end)))
                        .toList(),
                3));
        Work won = here().work(ANN).find(request.id()).orElseThrow();
        assertEquals(1, outcomes.stream().filter(Outcome::isChanged).count());
        assertTrue(outcomes.stream().allMatch(outcome -> outcome.work().equals(won)), outcomes::toString);
    }

    @Test
    void ofManyClaimsAtOnceOneWins() throws Exception {
        Envelope request = request();
        List<Boolean> claims = atOnce(
                office -> List.of(claimed(office, request, new FellDue()), claimed(office, request, new TurnEnded(0))),
                4);
        assertEquals(2, claims.stream().filter(Boolean::booleanValue).count());
    }

    private interface Doing<T> {
        List<T> in(PostOffice office) throws Exception;
    }

    /** What so many processes do at once. */
    private <T> List<T> atOnce(Doing<T> doing, int processes) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(processes);
        try {
            List<Callable<List<T>>> tasks = new ArrayList<>();
            for (int i = 0; i < processes; i++) {
                PostOffice office = office().as("process " + i);
                tasks.add(() -> doing.in(office));
            }
            List<T> all = new ArrayList<>();
            for (Future<List<T>> future : threads.invokeAll(tasks)) {
                all.addAll(future.get());
            }
            return all;
        } finally {
            threads.shutdownNow();
        }
    }

    private static Outcome changed(PostOffice office, Envelope request, WorkChange change) {
        try {
            return change(office, request, change);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean claimed(PostOffice office, Envelope request, Edge edge) {
        try {
            return office.work(ANN).claim(request.id(), edge);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
