package dev.parley.store.upkeep;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.ledger.Delivery;
import dev.parley.lock.Lease;
import dev.parley.lock.OwnerLock.Taken;
import dev.parley.mailbox.Budget;
import dev.parley.office.Finding.Severity;
import dev.parley.office.Upkeep;
import dev.parley.peer.ClientNotes;
import dev.parley.process.ProcessIdentity;
import dev.parley.store.Disk;
import dev.parley.store.Store;
import dev.parley.store.ledger.Post;
import dev.parley.store.ledger.Soundness;
import dev.parley.store.lock.Locks;
import dev.parley.store.peer.FileClientNotes;
import dev.parley.testing.CountedDisk;
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
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** That a store stays small by itself, a bounded part at a time, and that unread mail stays. */
final class LullSweepTest {

    private static final Path HOME = Path.of("/parley");
    private static final SessionId ANN = new SessionId("ann");
    private static final Duration LONG = StoreSweep.KEEP_ENDED.plusDays(1);
    private static final Duration AGAIN = Upkeep.PAUSE.plusSeconds(1);

    private final SteppedClock clock = new SteppedClock(Letters.SENT);
    private final SimulatedFiles files = SimulatedFiles.empty(clock);
    private final Map<String, Integer> verbs = new TreeMap<>();
    private final SimulatedProcesses machine = new SimulatedProcesses();
    private Store store;
    private Post post;
    private Post other;

    @BeforeEach
    void openStore() throws IOException, InterruptedException {
        Disk disk = CountedDisk.byVerb(files.disk(), verbs);
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

    private int run() throws IOException, InterruptedException {
        int removed = new LullSweep(store, post.processes()).run().size();
        clock.advance(AGAIN);
        return removed;
    }

    private SessionId ended(String id) throws IOException, InterruptedException {
        SessionId session = new SessionId(id);
        other.peers().register(other.registration(session));
        return session;
    }

    private boolean isThere(SessionId session) throws IOException {
        return store.isRealDirectory(store.session(session));
    }

    @Test
    void endedSessionsGoAPartAtATime() throws Exception {
        int count = 2 * LullSweep.SESSIONS + 5;
        for (int i = 0; i < count; i++) {
            ended(String.format("ended-%03d", i));
        }
        machine.kill(2);
        clock.advance(LONG);
        int first = run();
        assertTrue(first > 0 && first <= LullSweep.SESSIONS, () -> "a part, not all: " + first);
        int removed = first;
        for (int parts = 1; parts < 4; parts++) {
            removed += run();
        }
        assertEquals(count, removed);
        assertTrue(isThere(ANN));
        assertEquals(Set.of("ann"), Set.copyOf(store.disk().list(store.sessions())));
        // What the index said of them has gone along.
        assertFalse(
                files.tree().keySet().stream().anyMatch(file -> file.contains("ended-")),
                () -> files.tree().keySet().toString());
    }

    @Test
    void aPartCostsTheSameHoweverManyThereAre() throws Exception {
        for (int i = 0; i < 2 * LullSweep.SESSIONS; i++) {
            ended(String.format("living-%03d", i));
        }
        verbs.clear();
        run();
        Map<String, Integer> few = new TreeMap<>(verbs);
        for (int i = 0; i < 4 * LullSweep.SESSIONS; i++) {
            ended(String.format("more-%03d", i));
        }
        // From the first again.
        store.disk().deleteFile(HOME.resolve("swept"));
        verbs.clear();
        run();
        assertEquals(few, verbs);
    }

    @Test
    void aPartLooksAtNoMessageAndNoRecordOneByOne() throws Exception {
        SessionId full = ended("full");
        fill(full, 3);
        verbs.clear();
        run();
        Map<String, Integer> few = new TreeMap<>(verbs);
        fill(full, 60);
        store.disk().deleteFile(HOME.resolve("swept"));
        verbs.clear();
        run();
        assertEquals(few, verbs);
    }

    /** So many messages that were shown, each in a claim of its own, and so many that wait; all are recorded. */
    private void fill(SessionId session, int count) throws Exception {
        post.mailbox(session).claim(Budget.READ, Set.<RequestId>of()::contains).confirm();
        for (int i = 0; i < count; i++) {
            post.delivery().send(Letters.plain(ANN, session, "shown"), Delivery.Ring.NO);
            post.mailbox(session)
                    .claim(Budget.READ, Set.<RequestId>of()::contains)
                    .confirm();
        }
        for (int i = 0; i < count; i++) {
            post.delivery().send(Letters.plain(ANN, session, "waits"), Delivery.Ring.NO);
        }
    }

    @Test
    void aCardThatCannotBeReadKeepsItsOwnSessionAndNoOther() throws Exception {
        SessionId unreadable = ended("a-card-on-a-bad-sector");
        SessionId behind = ended("behind");
        machine.kill(2);
        clock.advance(LONG);
        Kernel kernel = files.kernel("disk");
        Disk failing = new SimulatedDisk(call -> call.equals(new SystemCall.OpenRead(store.card(unreadable)))
                ? new Reply.Failed(Errno.EIO)
                : kernel.call(call));
        Store damaged = Store.over(HOME, failing, clock, Trace.NONE);
        assertEquals(1, new LullSweep(damaged, post.processes()).run().size());
        assertTrue(isThere(unreadable));
        assertFalse(isThere(behind));
        assertTrue(files.tree().containsKey(HOME.resolve("swept").toString()), "the next part goes on behind it");
    }

    @Test
    void unreadMailStaysAndSoDoesWhatWasReadNotLongAgo() throws Exception {
        SessionId unread = ended("unread");
        SessionId handed = ended("handed");
        SessionId read = ended("read");
        for (SessionId session : Set.of(unread, handed, read)) {
            post.delivery().send(Letters.plain(ANN, session, "text"), Delivery.Ring.YES);
        }
        other.mailbox(handed).claim(Budget.READ, Set.<RequestId>of()::contains).written();
        machine.kill(2);
        clock.advance(LONG.multipliedBy(5));
        post.mailbox(read).claim(Budget.READ, Set.<RequestId>of()::contains).confirm();
        run();
        assertTrue(isThere(unread) && isThere(handed) && isThere(read));
        clock.advance(LONG);
        run();
        assertTrue(isThere(unread) && isThere(handed));
        assertFalse(isThere(read));
    }

    @Test
    void aSessionThatAnOlderIdLeadsToStaysAsLongAsThat() throws Exception {
        SessionId old = ended("old");
        other.peers().move(old, other.registration(new SessionId("heir")));
        machine.kill(2);
        post.delivery().send(Letters.plain(ANN, new SessionId("heir"), "text"), Delivery.Ring.YES);
        clock.advance(LONG);
        run();
        assertTrue(isThere(new SessionId("heir")));
        assertFalse(isThere(old), "nobody knows it any more");
        post.mailbox(new SessionId("heir"))
                .claim(Budget.READ, Set.<RequestId>of()::contains)
                .confirm();
        clock.advance(LONG);
        run();
        assertFalse(isThere(new SessionId("heir")));
    }

    @Test
    void oneAtATimeAndNotAgainAtOnce() throws Exception {
        SessionId gone = ended("gone");
        machine.kill(2);
        clock.advance(LONG);
        Post third = Post.over(store, machine.start(3));
        Taken taken = (Taken) new Locks(store, third.processes()).named("sweep").tryAcquire();
        try (Lease lease = taken.lease()) {
            assertEquals(0, new LullSweep(store, post.processes()).run().size());
            lease.ensureHeld();
        }
        assertTrue(isThere(gone));
        assertEquals(1, new LullSweep(store, post.processes()).run().size());
        SessionId another = new SessionId("another");
        store.makeSession(another);
        verbs.clear();
        assertEquals(0, new LullSweep(store, third.processes()).run().size());
        assertEquals(Map.of("stat", 1), verbs, "a look at the time, and no more");
    }

    @Test
    void whomADeadClientHostedIsForgottenWithIt() throws Exception {
        ClientNotes hosts = new FileClientNotes(store, post.processes());
        ProcessIdentity living = post.processes().self();
        ProcessIdentity dead = other.processes().self();
        ProcessIdentity elsewhere = new ProcessIdentity(1, 7, "another0boot");
        hosts.noteHosted(living, ANN);
        hosts.noteHosted(dead, ANN);
        hosts.noteHosted(dead, new SessionId("gone"));
        hosts.noteHosted(elsewhere, ANN);
        hosts.noteHosted(new ProcessIdentity(2, 7, "another0boot"), new SessionId("gone"));
        machine.kill(2);
        assertTrue(
                new StoreCheck(store, post.processes())
                        .check().stream()
                                .anyMatch(finding -> finding.severity() == Severity.LITTER
                                        && finding.file().endsWith(dead.toString())),
                "parley check tells");

        List<StoreSweep.Removed> wouldBe =
                new StoreSweep(store, post.processes(), StoreSweep.KEEP_ENDED).sweep(Upkeep.Mode.DRY_RUN);
        assertEquals(2, hosts.hostedBy(dead).size(), "a dry run removes nothing");
        assertTrue(wouldBe.stream().anyMatch(each -> each.file().endsWith(dead.toString())), wouldBe::toString);

        run();
        assertEquals(List.of(ANN), hosts.hostedBy(living));
        assertEquals(List.of(ANN), hosts.hostedBy(elsewhere), "of another boot no more can be told");
        assertEquals(
                Set.of(living.toString(), elsewhere.toString()),
                Set.copyOf(store.disk().list(HOME.resolve(FileClientNotes.HOSTS))));
    }

    @Test
    void whatTheDeadLeftGoesToo() throws Exception {
        SessionId gone = ended("gone");
        Path client = store.clients().resolve(other.processes().self().toString());
        store.disk().createFile(client, "gone\n".getBytes(US_ASCII), Disk.Sync.UNFORCED);
        new Locks(store, other.processes()).named("held").tryAcquire();
        machine.kill(2);
        clock.advance(Duration.ofHours(2));
        assertTrue(run() >= 2);
        assertFalse(files.tree().containsKey(client.toString()));
        assertFalse(files.tree().keySet().stream().anyMatch(file -> file.contains("/locks/held")));
        assertTrue(isThere(gone));
    }
}
