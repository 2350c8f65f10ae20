package dev.parley.store.lock;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.Ids;
import dev.parley.lock.Leases;
import dev.parley.lock.LockTimeoutException;
import dev.parley.lock.OwnerLock.Busy;
import dev.parley.lock.OwnerLock.Taken;
import dev.parley.process.ProcessTable;
import dev.parley.store.Disk;
import dev.parley.store.Store;
import dev.parley.testing.Errno;
import dev.parley.testing.Faults;
import dev.parley.testing.Kernel;
import dev.parley.testing.Reply;
import dev.parley.testing.SimulatedCrash;
import dev.parley.testing.SimulatedDisk;
import dev.parley.testing.SimulatedFiles;
import dev.parley.testing.SteppedClock;
import dev.parley.testing.SystemCall;
import dev.parley.trace.Trace;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The lock on a simulated disk, where things go wrong at a chosen call. */
final class SimulatedOwnerLockTest extends OwnerLockContract {

    private static final Path HOME = Path.of("/home");
    private static final Path LOCK = HOME.resolve("locks/l");

    private final SteppedClock clock = new SteppedClock(Instant.parse("2026-01-01T00:00:00Z"));
    private final SimulatedFiles files = SimulatedFiles.empty(clock);
    private Store store;

    @BeforeEach
    void openStore() throws IOException {
        files.disk().makeDirectory(HOME);
        store = storeOver(files.disk());
    }

    private Store storeOver(Disk disk) throws IOException {
        return Store.over(HOME, disk, clock, Trace.NONE);
    }

    @Override
    FileOwnerLock lock(ProcessTable process, String name) {
        return new Locks(store, process).named(name, LEASE);
    }

    @Override
    void pass(Duration time) {
        clock.advance(time);
    }

    @Override
    Path data() {
        return HOME.resolve("data");
    }

    @Override
    Optional<byte[]> read(Path file) {
        return files.content(file).map(text -> text.getBytes(ISO_8859_1));
    }

    @Override
    Iterable<String> leftovers() throws IOException {
        return files.disk().list(store.locks());
    }

    @Override
    void sweep() throws IOException {
        new Locks(store, processes.start(99)).sweep();
    }

    /** A lock of a process to whose calls something happens. */
    private FileOwnerLock lockOver(UnaryOperator<Kernel> fault, Pause pause) throws IOException {
        // The store is opened before anything happens.
        Kernel steady = files.kernel("faulty");
        boolean[] opened = new boolean[1];
        Kernel faulty = fault.apply(steady);
        Store theirs = storeOver(new SimulatedDisk(call -> (opened[0] ? faulty : steady).call(call)));
        opened[0] = true;
        Surroundings around = new Surroundings(theirs, processes.start(21), Ids::random, pause);
        return new Locks(around).named("l", LEASE);
    }

    private FileOwnerLock rival() {
        return lock(processes.start(22), "l");
    }

    private static FileLease taken(FileOwnerLock lock) throws IOException {
        return (FileLease) assertInstanceOf(Taken.class, lock.tryAcquire()).lease();
    }

    /** A lock need not survive a power cut: everybody is dead then. So it costs no write to the medium. */
    @Test
    void takingAndReleasingForcesNothing() throws IOException {
        AtomicInteger forced = new AtomicInteger();
        UnaryOperator<Kernel> counting = kernel -> call -> {
            forced.addAndGet(call instanceof SystemCall.Force ? 1 : 0);
            return kernel.call(call);
        };
        taken(lockOver(counting, Pause.REAL)).close();
        assertEquals(0, forced.get());
        taken(lockOver(counting, Pause.REAL)).commit(data(), "content".getBytes(UTF_8));
        assertEquals(2, forced.get(), "the content and its name");
    }

    /** Lets somebody take the lock and leave just before each of our renames: it looks free, and is not. */
    @Test
    void whoLosesEveryRaceIsTooLateNotBroken() throws IOException {
        AtomicInteger lost = new AtomicInteger();
        UnaryOperator<Kernel> unlucky = kernel -> call -> {
            if (call instanceof SystemCall.Rename rename && rename.to().equals(LOCK)) {
                lost.incrementAndGet();
                return overtaken(kernel, call);
            }
            return kernel.call(call);
        };
        Busy busy = assertInstanceOf(Busy.class, lockOver(unlucky, Pause.REAL).tryAcquire());
        assertTrue(busy.holder().contains("has left again (Directory not empty)"), busy::toString);
        FileOwnerLock patient = lockOver(unlucky, Pause.REAL);
        assertThrows(LockTimeoutException.class, () -> patient.acquire(Duration.ofMillis(20)));
        assertTrue(lost.get() > 2, () -> "lost " + lost);
        assertEquals(List.of(), files.disk().list(store.locks()));
    }

    private Reply overtaken(Kernel kernel, SystemCall call) {
        FileLease rivals = takenByRival();
        Reply reply = kernel.call(call);
        closed(rivals);
        return reply;
    }

    /** Our candidate was ready long before we got the lock: the lease must not have begun by then. */
    @Test
    void aLeaseBeginsWhenTheLockIsTaken() throws IOException, InterruptedException {
        FileLease[] rivals = new FileLease[1];
        UnaryOperator<Kernel> overtakenOnce = kernel -> call -> {
            if (call instanceof SystemCall.Rename rename && rename.to().equals(LOCK) && rivals[0] == null) {
                rivals[0] = takenByRival();
            }
            return kernel.call(call);
        };
        Pause aLongWait = new Pause() {
            @Override
            public long nanoTime() {
                return 0;
            }

            @Override
            public void upTo(int millis) {
                clock.advance(LEASE.minusSeconds(1));
                closed(rivals[0]);
            }
        };
        try (FileLease ours = lockOver(overtakenOnce, aLongWait).acquire(Leases.WAIT)) {
            clock.advance(Duration.ofSeconds(5));
            Busy busy = assertInstanceOf(Busy.class, rival().tryAcquire());
            assertEquals(Duration.ofSeconds(5), busy.age());
            ours.ensureHeld();
        }
    }

    private FileLease takenByRival() {
        try {
            return taken(rival());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void closed(FileLease lease) {
        try {
            lease.close();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** A sweep in another container, an hour late, takes our candidate for litter. */
    @Test
    void whoLosesItsCandidateMakesAnother() throws IOException {
        AtomicInteger times = new AtomicInteger();
        UnaryOperator<Kernel> sweptOnce = kernel -> call -> {
            if (call instanceof SystemCall.Rename rename && rename.to().equals(LOCK) && times.getAndIncrement() == 0) {
                String token = rename.from().getFileName().toString().substring("~l.".length());
                kernel.call(new SystemCall.Unlink(rename.from().resolve(token)));
                kernel.call(new SystemCall.RemoveDirectory(rename.from()));
            }
            return kernel.call(call);
        };
        taken(lockOver(sweptOnce, Pause.REAL)).close();
        assertEquals(2, times.get());
    }

    @Test
    void whoLosesItsCandidateBeforeItIsCompleteMakesAnother() throws IOException {
        AtomicInteger times = new AtomicInteger();
        UnaryOperator<Kernel> sweptOnce = kernel -> call -> {
            if (call instanceof SystemCall.OpenNew open && times.getAndIncrement() == 0) {
                kernel.call(new SystemCall.RemoveDirectory(open.path().getParent()));
            }
            return kernel.call(call);
        };
        taken(lockOver(sweptOnce, Pause.REAL)).close();
        assertEquals(2, times.get());
    }

    @Test
    void anyFailingCallOfAnAcquisitionLeavesTheLockFreeAndNoLitter() throws IOException {
        int failed = 0;
        for (int call = 0; call < 8; call++) {
            int at = call;
            FileOwnerLock lock = lockOver(kernel -> Faults.failAt(at, Errno.EIO, kernel), Pause.REAL);
            try (FileLease lease = taken(lock)) {
                lease.ensureHeld();
            } catch (IOException e) {
                assertTrue(e.getMessage().contains("Input/output error"), e::toString);
                failed++;
            }
            assertUsableAndClean("after call " + at);
        }
        assertTrue(failed > 2, "some of them had to fail: " + failed);
    }

    @Test
    void anyFailingCallOfACommitLeavesOldOrNewContentAndNoLitter() throws IOException {
        taken(rival()).commit(data(), "old".getBytes(UTF_8));
        int failed = 0;
        for (int call = 0; call < 14; call++) {
            int at = call;
            FileOwnerLock lock = lockOver(kernel -> Faults.failAt(at, Errno.ENOSPC, kernel), Pause.REAL);
            boolean acknowledged = false;
            try (FileLease lease = taken(lock)) {
                lease.commit(data(), "new".getBytes(UTF_8));
                acknowledged = true;
            } catch (IOException e) {
                assertTrue(e.getMessage().contains("No space left"), e::toString);
                failed++;
            }
            String content = files.content(data()).orElseThrow();
            assertTrue(content.equals("new") || (!acknowledged && content.equals("old")), () -> at + ": " + content);
            assertUsableAndClean("after call " + at);
            taken(rival()).commit(data(), "old".getBytes(UTF_8));
        }
        assertTrue(failed > 5, "some of them had to fail: " + failed);
    }

    /** Free at once if nothing failed while it was released, and without litter; else both once the process is dead. */
    private void assertUsableAndClean(String when) throws IOException {
        if (rival().tryAcquire() instanceof Taken free) {
            free.lease().close();
        } else {
            processes.kill(21);
            taken(rival()).close();
        }
        processes.kill(21);
        new Locks(store, processes.start(99)).sweep();
        assertEquals(List.of(), files.disk().list(store.locks()), when);
    }

    @Test
    void aFullDiskIsSaidAndLeavesNoLitterWhileTheProcessLives() throws IOException {
        // The directory of the candidate, then the token in it.
        for (int call = 1; call <= 2; call++) {
            int at = call;
            FileOwnerLock lock = lockOver(kernel -> Faults.failAt(at, Errno.ENOSPC, kernel), Pause.REAL);
            IOException e = assertThrows(FileSystemException.class, lock::tryAcquire);
            assertTrue(e.getMessage().contains("No space left"), e::toString);
            assertEquals(List.of(), files.disk().list(store.locks()), () -> "after call " + at);
        }
    }

    @Test
    void aDeathAtAnyCallLeavesOldOrNewContentAndTheLockFree() throws IOException, InterruptedException {
        for (int call = 0; ; call++) {
            int at = call;
            taken(rival()).commit(data(), "old".getBytes(UTF_8));
            FileOwnerLock lock = lockOver(kernel -> Faults.dieBefore(at, kernel), Pause.REAL);
            boolean survived = updated(lock);
            processes.kill(21);
            String content = files.content(data()).orElseThrow();
            assertTrue(content.equals("new") || (!survived && content.equals("old")), () -> at + ": " + content);
            new Locks(store, processes.start(99)).sweep();
            assertEquals(List.of(), files.disk().list(store.locks()), () -> "after call " + at);
            if (survived) {
                assertTrue(at > 10, () -> "only " + at + " calls");
                return;
            }
        }
    }

    private boolean updated(FileOwnerLock lock) throws IOException, InterruptedException {
        try (FileLease lease = lock.acquire(Leases.WAIT)) {
            lease.commit(data(), "new".getBytes(UTF_8));
            return true;
        } catch (SimulatedCrash e) {
            assertFalse(e.getMessage().isEmpty());
            return false;
        }
    }
}
