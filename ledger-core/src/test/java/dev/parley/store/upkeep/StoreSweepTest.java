package dev.parley.store.upkeep;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.MessageId;
import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.ledger.Delivery;
import dev.parley.ledger.OpenWork.Outcome;
import dev.parley.ledger.PendingAsk;
import dev.parley.ledger.PendingAsks.Edge;
import dev.parley.ledger.WorkChange;
import dev.parley.ledger.WorkState;
import dev.parley.ledger.WorkState.Actor;
import dev.parley.mailbox.Budget;
import dev.parley.mailbox.Envelope;
import dev.parley.mailbox.Mailbox;
import dev.parley.office.Upkeep.Mode;
import dev.parley.store.Disk;
import dev.parley.store.Store;
import dev.parley.store.ledger.Post;
import dev.parley.store.ledger.Soundness;
import dev.parley.store.lock.FileLease;
import dev.parley.store.lock.Locks;
import dev.parley.store.peer.ProjectIndex;
import dev.parley.store.peer.Relocation;
import dev.parley.store.upkeep.StoreSweep.Removed;
import dev.parley.testing.Errno;
import dev.parley.testing.Kernel;
import dev.parley.testing.Letters;
import dev.parley.testing.Reply;
import dev.parley.testing.SimulatedDisk;
import dev.parley.testing.SimulatedFiles;
import dev.parley.testing.SimulatedProcesses;
import dev.parley.testing.SteppedClock;
import dev.parley.testing.SystemCall;
import dev.parley.trace.Trace;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a sweep removes, and what it leaves alone. */
final class StoreSweepTest {

    private static final Path HOME = Path.of("/parley");
    private static final SessionId ANN = new SessionId("ann");
    private static final SessionId BEN = new SessionId("ben");
    private static final SessionId EVE = new SessionId("eve");
    private static final Duration LONG = StoreSweep.KEEP_ENDED.plusDays(1);

    private final SteppedClock clock = new SteppedClock(Letters.SENT);
    private final SimulatedFiles files = SimulatedFiles.empty(clock);
    private final Disk disk = files.disk();
    private final SimulatedProcesses machine = new SimulatedProcesses();
    private Store store;
    /** The process that sweeps, and that lives all the time. */
    private Post post;
    /** Another, that the test may kill. */
    private Post other;

    @BeforeEach
    void openStore() throws IOException, InterruptedException {
        disk.makeDirectory(HOME);
        store = Store.over(HOME, disk, clock, Trace.NONE);
        post = Post.over(store, machine.start(1));
        other = Post.over(store, machine.start(2));
        post.peers().register(post.registration(ANN));
    }

    @AfterEach
    void lookThrough() throws IOException {
        Soundness.assertNoErrors(store, post.processes());
    }

    private Set<String> sweep(Mode mode) throws IOException, InterruptedException {
        List<Removed> removed = new StoreSweep(store, post.processes(), StoreSweep.KEEP_ENDED).sweep(mode);
        return removed.stream()
                .map(one -> HOME.relativize(one.file()).toString())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** What a dry run says, is what is removed, and then nothing more. */
    private Set<String> swept() throws IOException, InterruptedException {
        var before = files.tree();
        Set<String> would = sweep(Mode.DRY_RUN);
        assertEquals(before, files.tree(), "a dry run changed something");
        assertEquals(would, sweep(Mode.REMOVE));
        assertEquals(Set.of(), sweep(Mode.REMOVE));
        would.forEach(name -> assertFalse(files.tree().containsKey(HOME + "/" + name), name));
        return would;
    }

    private void file(String name) throws IOException {
        note(name, "x");
    }

    @Test
    void aStoreInUseIsLeftAlone() throws Exception {
        post.delivery().send(Letters.plain(BEN, ANN, "one"), Delivery.Ring.YES);
        post.mailbox(ANN).claim(Budget.READ, Set.<RequestId>of()::contains);
        post.delivery().send(Letters.plain(BEN, ANN, "two"), Delivery.Ring.YES);
        RequestId request = RequestId.create();
        post.asks(ANN).open(new PendingAsk(request, MessageId.create(Optional.empty()), BEN, clock.instant()));
        post.asks(ANN).waiting(request);
        assertEquals(Set.of(), swept());
    }

    @Test
    void begunFilesGoWhenTheyAreOld() throws Exception {
        file("sessions/ann/mailbox/tmp/begun");
        file("format.0000000000000000.tmp");
        file("clients/12.h34.tmp");
        assertEquals(Set.of(), swept());
        clock.advance(Duration.ofMinutes(61));
        assertEquals(
                Set.of("sessions/ann/mailbox/tmp/begun", "format.0000000000000000.tmp", "clients/12.h34.tmp"), swept());
    }

    @Test
    void marksAndLocksOfTheDeadGo() throws Exception {
        RequestId request = RequestId.create();
        other.asks(ANN).open(new PendingAsk(request, MessageId.create(Optional.empty()), BEN, clock.instant()));
        other.asks(ANN).waiting(request);
        String pointer = "clients/" + other.processes().self();
        file(pointer);
        FileLease held = new Locks(store, other.processes()).named("some-lock").acquire(Duration.ofSeconds(1));
        assertEquals(Set.of(), swept());
        machine.kill(2);
        Set<String> gone = swept();
        assertEquals(3, gone.size(), gone::toString);
        assertTrue(gone.containsAll(Set.of(pointer, "locks/some-lock")), gone::toString);
        assertTrue(gone.stream().anyMatch(name -> name.startsWith("sessions/ann/asks/" + request + ",w=")));
        assertEquals(2, held.token().holder().pid());
    }

    /** A bare number, as hooks of before wrote it, may be of a client in another container. */
    @Test
    void whatMayBeAnotherContainersStays() throws Exception {
        file("clients/3");
        note("clients/1.100.anotherboot1n1", ANN.value());
        note("clients/1.100.anotherboot1n2", "a-session-that-is-gone");
        assertEquals(Set.of("clients/1.100.anotherboot1n2"), swept());
        clock.advance(Duration.ofDays(31));
        assertTrue(swept().contains("clients/3"));
    }

    private void note(String name, String text) throws IOException {
        disk.createFile(HOME.resolve(name), (text + "\n").getBytes(US_ASCII), Disk.Sync.FORCED);
    }

    @Test
    void questionsGoWhenTheyHaveRunOutAndTheirAskerKnows() throws Exception {
        RequestId request = RequestId.create();
        post.asks(ANN).open(new PendingAsk(request, MessageId.create(Optional.empty()), BEN, clock.instant()));
        clock.advance(PendingAsk.LIFE.plusSeconds(1));
        assertEquals(Set.of(), swept(), "its asker has not been told yet");
        assertTrue(post.asks(ANN).claim(request, Edge.of(Edge.Kind.RAN_OUT)));
        assertEquals(Set.of("sessions/ann/asks/" + request), swept());
        clock.advance(Duration.ofHours(2));
        assertEquals(Set.of("sessions/ann/asks/" + request + ",told=ran-out"), swept());
    }

    @Test
    void questionsOfWhichNobodyHasAskedForLongGo() throws Exception {
        RequestId request = RequestId.create();
        Instant due = clock.instant().plus(Duration.ofDays(2));
        post.asks(ANN)
                .open(new PendingAsk(
                        request, MessageId.create(Optional.empty()), BEN, clock.instant(), Optional.of(due)));
        clock.advance(Duration.ofDays(2).plus(PendingAsk.LIFE).plus(StoreSweep.KEEP_ENDED));
        assertEquals(List.of(), asks(swept()));
        clock.advance(Duration.ofSeconds(1));
        assertEquals(List.of(request.value(), request + ",due=" + due.toEpochMilli()), asks(swept()));
    }

    private static List<String> asks(Set<String> swept) {
        String asks = "sessions/ann/asks/";
        return swept.stream()
                .filter(name -> name.startsWith(asks))
                .map(name -> name.substring(asks.length()))
                .toList();
    }

    /** A question is noted before it is there. */
    @Test
    void notesThatWereJustMadeStay() throws Exception {
        RequestId request = RequestId.create();
        file("sessions/ann/asks/" + request + ",due=1");
        file("sessions/ann/asks/" + request + ",idle=0");
        assertEquals(Set.of(), swept());
        clock.advance(Duration.ofMinutes(61));
        assertEquals(2, asks(swept()).size());
    }

    /** The record goes first, so a mark may be alone for a moment, or until a move that was cut short is finished. */
    @Test
    void marksOfARecordThatHasMovedStay() throws Exception {
        other.peers().register(other.registration(BEN));
        Envelope request = Letters.question(BEN, ANN, RequestId.create(), "do it");
        post.delivery().send(request, Delivery.Ring.NO);
        var working = post.work(ANN).change(request.id(), WorkChange.of(Actor.OWNER, WorkState.WORKING));
        SessionId now = new SessionId("now");
        store.makeSession(now);
        new Relocation(store, post.processes()).forward(ANN, now);
        disk.rename(
                store.ledger(ANN).resolve(request.id().value()),
                store.ledger(now).resolve(request.id().value()));
        assertEquals(working.map(Outcome::work), post.work(ANN).find(request.id()));
        assertEquals(
                List.of(),
                swept().stream().filter(name -> name.contains("/ledger/")).toList());
        assertEquals(working.map(Outcome::work), post.work(now).find(request.id()));
        assertTrue(disk.list(store.ledger(now)).contains(request.id() + ",work=1"), "a sweep finishes the move");
    }

    @Test
    void marksWithoutARecordGo() throws Exception {
        MessageId id = MessageId.create(Optional.empty());
        post.ledger(ANN).markAnswered(id);
        assertEquals(Set.of("sessions/ann/ledger/" + id + ",answered"), swept());
    }

    @Test
    void aSessionGoesLongAfterItsEndWhenItsMailIsRead() throws Exception {
        other.peers().register(other.registration(BEN));
        machine.kill(2);
        post.delivery().send(Letters.plain(ANN, BEN, "unread"), Delivery.Ring.YES);
        clock.advance(Duration.ofDays(1));
        assertEquals(Set.of(), swept(), "not yet long ago");
        clock.advance(LONG);
        assertEquals(Set.of(), swept(), "it has unread mail");
        post.mailbox(BEN).claim(Budget.READ, Set.<RequestId>of()::contains).confirm();
        clock.advance(Duration.ofDays(29));
        assertEquals(Set.of(), swept(), "its mail was read not long ago");
        clock.advance(LONG);
        assertEquals(Set.of("sessions/ben"), swept());
        assertTrue(post.peers().find(BEN).isEmpty());
        other.peers().register(other.registration(BEN));
        post.delivery().send(Letters.plain(ANN, BEN, "it is back"), Delivery.Ring.YES);
    }

    @Test
    void aCardThatCannotBeReadKeepsItsOwnSessionAndNoOther() throws Exception {
        other.peers().register(other.registration(BEN));
        other.peers().register(other.registration(EVE));
        machine.kill(2);
        clock.advance(LONG);
        Kernel kernel = files.kernel("disk");
        Disk failing = new SimulatedDisk(call -> call.equals(new SystemCall.OpenRead(store.card(BEN)))
                ? new Reply.Failed(Errno.EIO)
                : kernel.call(call));
        Store damaged = Store.over(HOME, failing, clock, Trace.NONE);
        new StoreSweep(damaged, post.processes(), StoreSweep.KEEP_ENDED).sweep(Mode.REMOVE);
        assertEquals(Set.of(ANN.value(), BEN.value()), Set.copyOf(disk.list(store.sessions())));
    }

    @Test
    void whatTheIndexSaysOfASessionThatIsGoneIsToldOnce() throws Exception {
        disk.createFile(HOME.resolve("projects/known/gone"), new byte[0], Disk.Sync.UNFORCED);
        assertEquals(
                List.of(new Removed(HOME.resolve("projects/known/gone"), "of a session that is not here")),
                new StoreSweep(store, post.processes(), StoreSweep.KEEP_ENDED).sweep(Mode.DRY_RUN));
        assertEquals(Set.of("projects/known/gone"), swept());
    }

    @Test
    void whatIsNotedOfTheEndedGoesWithItsProject() throws Exception {
        disk.makeDirectory(HOME.resolve("ended"));
        String project = disk.list(store.projects()).stream()
                .filter(name -> ProjectIndex.PROJECT.matcher(name).matches())
                .findFirst()
                .orElseThrow();
        for (String name : List.of(project, "1.1", "1.1.0123456789abcdef.tmp")) {
            disk.createFile(HOME.resolve("ended").resolve(name), new byte[0], Disk.Sync.UNFORCED);
        }
        clock.advance(Duration.ofHours(2));
        assertEquals(Set.of("ended/1.1", "ended/1.1.0123456789abcdef.tmp"), swept());
        assertEquals(List.of(project), disk.list(HOME.resolve("ended")));
    }

    /** Who sends one message and ends leaves it to others. */
    @Test
    void aLedgerThatIsTooLongIsPruned() throws Exception {
        for (int i = 0; i < 1_200; i++) {
            disk.createFile(store.ledger(ANN).resolve("m-%016d".formatted(i)), new byte[0], Disk.Sync.UNFORCED);
        }
        new StoreSweep(store, post.processes(), StoreSweep.KEEP_ENDED).sweep(Mode.DRY_RUN);
        assertEquals(1_200, post.ledger(ANN).size());
        new StoreSweep(store, post.processes(), StoreSweep.KEEP_ENDED).sweep(Mode.REMOVE);
        assertEquals(1_000, post.ledger(ANN).size());
        for (String record : disk.list(store.ledger(ANN))) {
            disk.deleteFile(store.ledger(ANN).resolve(record));
        }
    }

    @Test
    void aLivingSessionStaysHoweverLongItIsSilent() throws Exception {
        clock.advance(LONG.multipliedBy(10));
        assertEquals(Set.of(), swept());
    }

    /** Older hooks proved mail without a bound, in a session that lives and is never swept away as a whole. */
    @Test
    void whatALivingSessionWasShownLongAgoGoes() throws Exception {
        for (int i = 0; i < Mailbox.MAX_SHOWN; i++) {
            post.delivery().send(Letters.plain(BEN, ANN, "x"), Delivery.Ring.NO);
            post.mailbox(ANN).claim(Budget.READ, Set.<RequestId>of()::contains).confirm();
            clock.advance(Duration.ofSeconds(1));
        }
        Path shown = store.mailbox(ANN).resolve("shown");
        Set<String> oldest = new TreeSet<>();
        for (String claim : disk.list(shown)) {
            oldest.add(HOME.relativize(shown.resolve(claim)).toString());
        }
        assertEquals(Mailbox.MAX_SHOWN, oldest.size());
        for (int i = 0; i < Mailbox.MAX_SHOWN * 3 / 4; i++) {
            disk.makeDirectory(shown.resolve("w." + post.processes().self() + ".h1s2tar" + i));
        }

        assertEquals(oldest, swept());

        clock.advance(LONG);
        assertEquals(Set.of(), swept(), "what is kept stays");
    }

    @Test
    void whatCannotBeJudgedStaysLonger() throws Exception {
        post.peers()
                .register(new dev.parley.peer.Registration(
                        BEN,
                        "other",
                        "/work",
                        Post.PROJECT,
                        java.util.Optional.of(new dev.parley.process.ProcessIdentity(5, 5, "anotherboot")),
                        java.util.Optional.empty(),
                        java.util.Optional.empty(),
                        java.util.Optional.empty(),
                        false));
        clock.advance(LONG);
        assertEquals(Set.of(), swept());
        clock.advance(LONG.multipliedBy(4));
        assertEquals(Set.of("sessions/ben"), swept());
    }

    @Test
    void formerIdsGoWhenTheyAreOldAndChainsAreShortened() throws Exception {
        SessionId first = new SessionId("first");
        other.peers().register(other.registration(first));
        other.peers().move(first, other.registration(BEN));
        // Somebody died before the older pointer was shortened.
        disk.createFile(HOME.resolve("moved"), "ben\n".getBytes(US_ASCII), Disk.Sync.FORCED);
        other.peers().move(BEN, other.registration(EVE));
        disk.rename(HOME.resolve("moved"), store.movedTo(first));
        assertEquals(Set.of("sessions/first/moved_to"), sweep(Mode.REMOVE));
        assertEquals(java.util.Optional.of(EVE), store.forwardOf(first));
        clock.advance(LONG);
        assertEquals(Set.of("sessions/first", "sessions/ben"), swept());
        assertTrue(post.peers().find(EVE).isPresent());
    }

    @Test
    void aRemovalThatWasCutShortIsFinished() throws Exception {
        String away = "~ben.0000000000000000";
        post.peers().register(post.registration(BEN));
        post.delivery().send(Letters.plain(ANN, BEN, "just in time"), Delivery.Ring.YES);
        disk.rename(store.session(BEN), store.sessions().resolve(away));
        assertEquals(Set.of("sessions/" + away), sweep(Mode.REMOVE));
        assertEquals(1, post.mailbox(BEN).waiting());
        disk.rename(store.session(BEN), store.sessions().resolve(away));
        // The session has started again before the removal was finished.
        post.peers().register(post.registration(BEN));
        assertEquals(Set.of("sessions/" + away), sweep(Mode.REMOVE));
        assertEquals(
                List.of("just in time"),
                post.mailbox(BEN).claim(Budget.READ, Set.<RequestId>of()::contains).messages().stream()
                        .map(claimed -> claimed.envelope().body())
                        .toList());
    }
}
