package dev.parley.store.lock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.lock.LeaseLostException;
import dev.parley.lock.OwnerLock;
import dev.parley.lock.RenewableLease;
import dev.parley.lock.RenewableLock;
import dev.parley.lock.RenewableLock.Held;
import dev.parley.lock.RenewableLock.Taken;
import dev.parley.store.Store;
import dev.parley.testing.Errno;
import dev.parley.testing.Faults;
import dev.parley.testing.Kernel;
import dev.parley.testing.Reply;
import dev.parley.testing.SimulatedCrash;
import dev.parley.testing.SimulatedDisk;
import dev.parley.testing.SimulatedFiles;
import dev.parley.testing.SimulatedProcesses;
import dev.parley.testing.SteppedClock;
import dev.parley.testing.SystemCall;
import dev.parley.trace.Trace;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Ownership that is renewed, on a simulated disk where things go wrong at a chosen call. */
final class SimulatedRenewableLockTest {

    private static final Path HOME = Path.of("/home");
    private static final Duration LEASE = Duration.ofSeconds(10);
    private static final Duration MOMENT = Duration.ofMillis(1);
    private static final long OURS = 21;
    private static final long RIVAL = 22;

    private final SteppedClock clock = new SteppedClock(Instant.parse("2026-01-01T00:00:00Z"));
    private final SimulatedProcesses processes = new SimulatedProcesses();
    private SimulatedFiles files = SimulatedFiles.empty(clock);

    @BeforeEach
    void empty() throws IOException {
        files = SimulatedFiles.empty(clock);
        files.disk().makeDirectory(HOME);
        store(UnaryOperator.identity());
    }

    private Store store(UnaryOperator<Kernel> fault) throws IOException {
        // The store is opened, so that what comes now is the lock's.
        Store.over(HOME, files.disk(), clock, Trace.NONE);
        boolean[] isOpen = new boolean[1];
        Kernel sound = files.kernel("ours");
        Kernel faulty = fault.apply(sound);
        Store store = Store.over(
                HOME, new SimulatedDisk(call -> isOpen[0] ? faulty.call(call) : sound.call(call)), clock, Trace.NONE);
        isOpen[0] = true;
        return store;
    }

    private RenewableLock ours(UnaryOperator<Kernel> fault) throws IOException {
        return new Locks(store(fault), processes.start(OURS), clock::elapsedNanos).renewable("l", LEASE);
    }

    private RenewableLock rival() throws IOException {
        return new Locks(store(UnaryOperator.identity()), processes.start(RIVAL), clock::elapsedNanos)
                .renewable("l", LEASE);
    }

    /** All that a holder does. */
    private static void holdAndRenew(RenewableLock lock) throws IOException {
        try (RenewableLease lease =
                assertInstanceOf(Taken.class, lock.tryAcquire()).lease()) {
            lease.ensureHeld(MOMENT);
            if (!lease.renew()) {
                throw new AssertionError("nobody displaced it");
            }
            lease.ensureHeld(MOMENT);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"EIO", "ENOSPC", "EACCES", "EMFILE"})
    void anyFailingCallIsSaidAndBlocksNobodyForLongerThanALease(Errno error) throws IOException {
        int failed = 0;
        for (int call = 0; call < 14; call++) {
            empty();
            int at = call;
            try {
                holdAndRenew(ours(kernel -> Faults.failAt(at, error, kernel)));
            } catch (IOException e) {
                failed++;
                assertEquals(error == Errno.EACCES, e instanceof AccessDeniedException, () -> "a refusal is one: " + e);
            }
            // The process lives on.
            RenewableLock rival = rival();
            if (rival.tryAcquire() instanceof Taken taken) {
                taken.lease().close();
            } else {
                clock.advance(LEASE.plus(MOMENT));
                assertInstanceOf(Taken.class, rival.tryAcquire(), () -> "after call " + at)
                        .lease()
                        .close();
            }
            processes.kill(OURS);
            new Locks(store(UnaryOperator.identity()), processes.start(99)).sweep();
            assertEquals(List.of(), files.disk().list(HOME.resolve("locks")), () -> "after call " + at);
        }
        assertTrue(failed > 6, "some of them had to fail: " + failed);
    }

    @Test
    void aDeathAtAnyCallLeavesTheNameToTheNextAtOnce() throws IOException {
        int deaths = 0;
        for (int call = 0; call < 14; call++) {
            int at = call;
            for (UnaryOperator<Kernel> fault : List.<UnaryOperator<Kernel>>of(
                    kernel -> Faults.dieBefore(at, kernel), kernel -> Faults.dieAfter(at, kernel))) {
                empty();
                try {
                    holdAndRenew(ours(fault));
                } catch (SimulatedCrash e) {
                    deaths++;
                }
                processes.kill(OURS);
                assertInstanceOf(Taken.class, rival().tryAcquire(), () -> "after call " + at)
                        .lease()
                        .close();
            }
        }
        assertTrue(deaths > 12, "it had to die: " + deaths);
    }

    /** Who takes a name for a lock of moments by mistake waits for its holder, however long ago that acquired it. */
    @Test
    void aLockOfMomentsDisplacesNobodyWhoRenews() throws IOException {
        RenewableLease lease = assertInstanceOf(
                        Taken.class, ours(UnaryOperator.identity()).tryAcquire())
                .lease();
        OwnerLock rival = new Locks(store(UnaryOperator.identity()), processes.start(RIVAL)).named("l", LEASE);
        for (int i = 0; i < 5; i++) {
            clock.advance(LEASE.plus(MOMENT));
            assertInstanceOf(OwnerLock.Busy.class, rival.tryAcquire());
            assertTrue(lease.renew());
        }
        processes.kill(OURS);
        assertInstanceOf(OwnerLock.Taken.class, rival.tryAcquire());
    }

    @Test
    void aRenewalThatFailsLeavesWhatRemained() throws IOException {
        boolean[] isFull = new boolean[1];
        RenewableLock lock = ours(kernel -> call ->
                isFull[0] && call instanceof SystemCall.Rename ? new Reply.Failed(Errno.EIO) : kernel.call(call));
        RenewableLease lease = assertInstanceOf(Taken.class, lock.tryAcquire()).lease();
        clock.advance(LEASE.minusSeconds(1));
        isFull[0] = true;
        assertThrows(IOException.class, lease::renew);
        assertEquals(Duration.ofSeconds(1), lease.remaining());
        lease.ensureHeld(MOMENT);
        clock.advance(Duration.ofSeconds(1));
        assertThrows(LeaseLostException.class, () -> lease.ensureHeld(MOMENT));
        isFull[0] = false;
        assertTrue(lease.renew());
        lease.ensureHeld(MOMENT);
        assertInstanceOf(Held.class, rival().tryAcquire());
        lease.close();
        assertFalse(lease.renew());
    }
}
