package dev.parley.overview;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.MessageId;
import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.ledger.Delivery;
import dev.parley.ledger.PendingAsk;
import dev.parley.ledger.PendingAsks;
import dev.parley.ledger.Retention;
import dev.parley.ledger.WorkChange;
import dev.parley.ledger.WorkState;
import dev.parley.ledger.WorkState.Actor;
import dev.parley.mailbox.Envelope;
import dev.parley.mailbox.Envelope.Origin;
import dev.parley.peer.Peer;
import dev.parley.peer.Peer.Ending;
import dev.parley.peer.Registration;
import dev.parley.process.ProcessIdentity;
import dev.parley.store.Disk;
import dev.parley.store.Durability;
import dev.parley.store.Store;
import dev.parley.store.office.FilePostOffice;
import dev.parley.store.process.LocalProcessTable;
import dev.parley.testing.CountedDisk;
import dev.parley.testing.SteppedClock;
import dev.parley.trace.Trace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who owes what to whom, as an onlooker sees it in a file store. */
final class WorkOverviewTest {

    private static final String PROJECT = "/work/project/.git";
    private static final SessionId ANN = new SessionId("ann");
    private static final SessionId BEN = new SessionId("ben");
    private static final SessionId EVE = new SessionId("eve");

    private final SteppedClock clock = new SteppedClock(Instant.now().truncatedTo(ChronoUnit.MILLIS));
    private final Map<String, Integer> verbs = new ConcurrentHashMap<>();
    private Path home;
    private FilePostOffice office;
    private FilePostOffice onlooker;

    @BeforeEach
    void open(@TempDir Path temp) throws Exception {
        home = Files.createDirectory(temp.resolve("home"));
        office = over(home, Disk.local(Durability.PROCESS));
        onlooker = over(home, CountedDisk.byVerb(Disk.local(Durability.PROCESS), verbs));
        for (SessionId id : List.of(ANN, BEN, EVE)) {
            register(id);
        }
    }

    private FilePostOffice over(Path home, Disk disk) throws IOException {
        return new FilePostOffice(
                Store.over(home, disk, clock, Trace.NONE), LocalProcessTable.INSTANCE, Retention.DEFAULT);
    }

    private static Registration registration(SessionId id) {
        ProcessIdentity self = LocalProcessTable.INSTANCE.self();
        return new Registration(
                id,
                Peer.CLAUDE_CODE,
                "/work/project",
                PROJECT,
                Optional.of(self),
                Optional.of(self),
                Optional.empty(),
                false);
    }

    private void register(SessionId id) throws Exception {
        office.peers().register(registration(id));
    }

    private void end(SessionId id) throws Exception {
        office.peers().update(id, card -> card.withEnding(Optional.of(new Ending(clock.instant(), "exit"))));
    }

    private ProjectWork work() throws IOException {
        return new WorkOverview(onlooker).of(new Overview(onlooker).of(PROJECT));
    }

    /** A request, a second after the last. */
    private Envelope ask(SessionId from, SessionId to, String body, Optional<Duration> within) throws IOException {
        clock.advance(Duration.ofSeconds(1));
        Envelope request = new Envelope(
                MessageId.create(Optional.of(from)),
                clock.instant(),
                Origin.PEER,
                Optional.of(from),
                from.value(),
                to,
                Optional.of(RequestId.create()),
                Optional.empty(),
                Optional.empty(),
                0,
                within.map(clock.instant()::plus),
                Optional.empty(),
                body);
        office.asks(from).open(new PendingAsk(request.requestId().orElseThrow(), request.id(), to, request.sentAt()));
        office.delivery().send(request, Delivery.Ring.NO);
        return request;
    }

    private Envelope ask(SessionId from, SessionId to) throws IOException {
        return ask(from, to, "please", Optional.empty());
    }

    private static List<String> bodies(ProjectWork work) {
        return work.items().stream().map(item -> item.work().request().body()).toList();
    }

    private static List<String> lines(ProjectWork work) {
        return work.chains().stream().map(chain -> chain.text(Who::target)).toList();
    }

    @Test
    void whatIsOverdueComesFirstThenTheOldest() throws Exception {
        ask(ANN, BEN, "oldest", Optional.empty());
        ask(ANN, BEN, "due soon", Optional.of(Duration.ofMinutes(2)));
        ask(ANN, EVE, "due sooner", Optional.of(Duration.ofMinutes(1)));
        ask(ANN, EVE, "due late", Optional.of(Duration.ofHours(1)));
        assertEquals(List.of("oldest", "due soon", "due sooner", "due late"), bodies(work()));
        assertFalse(work().isStuck());

        clock.advance(Duration.ofMinutes(3));

        ProjectWork late = work();
        assertEquals(List.of("due sooner", "due soon", "oldest", "due late"), bodies(late));
        assertEquals(
                List.of(true, true, false, false),
                late.items().stream().map(OwedWork::isOverdue).toList());
        assertTrue(late.isStuck());
    }

    @Test
    void whatIsFinishedIsNoOpenWorkAndPlainMailNever() throws Exception {
        Envelope declined = ask(ANN, BEN);
        Envelope working = ask(ANN, BEN);
        office.delivery().send(dev.parley.testing.Letters.plain(ANN, BEN, "for your information"), Delivery.Ring.NO);
        office.work(BEN).change(declined.id(), WorkChange.of(Actor.OWNER, WorkState.DECLINED));
        office.work(BEN)
                .change(
                        working.id(),
                        new WorkChange(
                                Actor.OWNER, WorkState.BLOCKED, Optional.of("no key"), Optional.of("the vault key")));

        ProjectWork left = work();

        assertEquals(
                List.of(working.id()),
                left.items().stream().map(item -> item.work().request().id()).toList());
        OwedWork item = left.items().get(0);
        assertEquals(WorkState.BLOCKED, item.work().state());
        assertEquals(Optional.of("no key"), item.work().note());
        assertEquals(Who.here(BEN), item.owner());
        assertEquals(Optional.of(ANN), item.requester());
        assertFalse(item.isStuck(), "blocked is not stuck: its requester is told");
    }

    @Test
    void whoOwesAndHasEndedLeavesItsWorkToBeLookedAfter() throws Exception {
        ask(ANN, BEN);
        assertFalse(work().isStuck());
        end(BEN);
        assertTrue(work().items().get(0).isOrphaned());
        assertTrue(work().isStuck());
        register(BEN);
        assertFalse(work().isStuck(), "it is back");
        end(ANN);
        assertFalse(work().isStuck(), "who asked and ended is owed all the same");
    }

    @Test
    void sessionsThatOweEachOtherAreACycle() throws Exception {
        ask(ANN, BEN);
        ask(BEN, EVE);
        assertEquals(List.of("ann → ben → eve"), lines(work()));
        assertFalse(work().isStuck());
        ask(EVE, ANN);
        ask(EVE, ANN);
        ProjectWork circle = work();
        assertEquals(List.of("ann → ben → eve → ann (cycle, nobody is in a call)"), lines(circle));
        assertTrue(circle.items().stream().allMatch(OwedWork::isInCycle));
        assertTrue(circle.isStuck());
        SessionId out = new SessionId("out");
        register(out);
        ask(out, ANN);
        OwedWork outside = work().items().get(4);
        assertFalse(outside.isInCycle(), "who waits for one in a cycle is not in it");
    }

    @Test
    void aCallThatWaitsIsToldAlsoWhereItsQuestionIsNoWork() throws Exception {
        Envelope asked = ask(ANN, BEN);
        clock.advance(Duration.ofSeconds(1));
        PendingAsk old = new PendingAsk(RequestId.create(), MessageId.create(Optional.of(BEN)), ANN, clock.instant());
        office.asks(BEN).open(old);
        assertEquals(List.of("ann → ben"), lines(work()), "a question that nobody recorded holds nobody up");
        try (PendingAsks.Waiting here =
                        office.asks(ANN).waiting(asked.requestId().orElseThrow());
                PendingAsks.Waiting there = office.asks(BEN).waiting(old.requestId())) {
            assertEquals(asked.requestId().orElseThrow(), here.requestId());
            assertEquals(old.requestId(), there.requestId());
            ProjectWork work = work();
            assertEquals(List.of("ann → ben → ann (cycle)"), lines(work));
            assertEquals(1, work.items().size());
            assertTrue(work.items().get(0).isAwaited() && work.items().get(0).isInCycle());
            assertTrue(work.isStuck());
        }
        assertFalse(work().items().get(0).isAwaited());
    }

    @Test
    void aSessionUnderANewIdOwesAndIsOwedUnderIt() throws Exception {
        ask(ANN, BEN, "to ben", Optional.empty());
        ask(BEN, ANN, "to ann", Optional.empty());
        SessionId now = new SessionId("ann-of-now");
        office.peers().move(ANN, registration(now));

        ProjectWork work = work();

        assertEquals(List.of("to ben", "to ann"), bodies(work));
        assertEquals(Optional.of(now), work.items().get(0).requester());
        assertEquals(Who.here(now), work.items().get(1).owner());
        assertEquals(1, work.chains().size());
    }

    @Test
    void anOwnerWhoHasItsRequestersAddressByNowWaitsForNobody() throws Exception {
        ask(ANN, BEN);
        office.peers().give(ANN, BEN);
        ProjectWork work = work();
        assertEquals(1, work.items().size());
        assertEquals(List.of(), work.chains());
        assertFalse(work.isStuck());
    }

    @Test
    void whatCannotBeReadIsToldAndHidesNothingElse() throws Exception {
        ask(ANN, BEN, "readable", Optional.empty());
        Path ledger = office.store().ledger(EVE);
        Files.delete(ledger);
        Files.writeString(ledger, "no directory");

        ProjectWork work = work();

        assertEquals(List.of("readable"), bodies(work));
        assertEquals(Set.of(EVE), work.unreadable().keySet());
    }

    /** What send_message wants has no ticket; a ticket whose request has ended is waited for by nobody. */
    @Test
    void whoWaitsForWhomIsToldByWhatIsOwed() throws Exception {
        Envelope wanted = ask(ANN, BEN);
        office.asks(ANN).close(wanted.requestId().orElseThrow());
        Envelope asked = ask(BEN, EVE);
        office.work(EVE).change(asked.id(), WorkChange.of(Actor.OWNER, WorkState.WORKING));
        Envelope declined = ask(BEN, ANN);
        office.work(ANN).change(declined.id(), WorkChange.of(Actor.OWNER, WorkState.DECLINED));
        ask(EVE, ANN);
        end(EVE);

        ProjectWork work = work();

        assertEquals(
                List.of("ann ben", "ben eve"),
                work.waits().stream()
                        .map(wait -> wait.asker() + " " + wait.asked().target())
                        .toList(),
                "who has ended waits for nobody");
        assertEquals(
                List.of(Optional.of(WorkState.OPEN), Optional.of(WorkState.WORKING)),
                work.waits().stream()
                        .map(wait -> work.item(wait).map(item -> item.work().state()))
                        .toList());
        assertEquals(3, work.items().size(), "it is owed all the same");
    }

    /** A request of which its owner has said something is found only among all names of a ledger. */
    @Test
    void theNamesOfEachLedgerAreReadOnce() throws Exception {
        for (int i = 0; i < 5; i++) {
            Envelope asked = ask(ANN, BEN);
            office.work(BEN).change(asked.id(), WorkChange.of(Actor.OWNER, WorkState.WORKING));
            ask(BEN, EVE);
        }
        Map<String, Integer> counted = new ConcurrentHashMap<>();
        FilePostOffice looked = over(home, CountedDisk.byVerbAndFile(Disk.local(Durability.PROCESS), counted));
        ProjectOverview project = new Overview(looked).of(PROJECT);

        ProjectWork work = new WorkOverview(looked).of(project);

        assertEquals(10, work.items().size());
        assertEquals(10, work.waits().size());
        assertEquals(3, counted.get("list ledger"), counted::toString);
    }

    @Test
    void lookingChangesNothing() throws Exception {
        ask(ANN, BEN, "please", Optional.of(Duration.ofMinutes(1)));
        clock.advance(Duration.ofDays(3));
        assertEquals(1, work().items().size(), "that it has expired is for others to write down");
        Set<String> looks = Set.of("isAbsent", "kind", "list", "readFile", "stat");
        assertTrue(looks.containsAll(verbs.keySet()), verbs::toString);
    }
}
