package dev.parley.store.lock;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.lock.LeaseLostException;
import dev.parley.lock.LockTimeoutException;
import dev.parley.lock.OwnerLock;
import dev.parley.lock.OwnerLock.Attempt;
import dev.parley.lock.OwnerLock.Busy;
import dev.parley.lock.OwnerLock.Taken;
import dev.parley.process.ProcessIdentity;
import dev.parley.process.ProcessTable;
import dev.parley.testing.SimulatedProcesses;
import dev.parley.testing.ThreadPerTask;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What every {@link OwnerLock} does. */
abstract class OwnerLockContract {

    public static final Duration LEASE = Duration.ofSeconds(10);
    static final Duration MOMENT = Duration.ofMillis(1);
    private static final Duration ENOUGH = Duration.ofSeconds(30);
    private static final String NAME = "contract";

    private static final long US = 11;
    private static final long THEM = 12;
    private static final long NEWCOMER = 13;

    public final SimulatedProcesses processes = new SimulatedProcesses();
    private final ProcessTable us = processes.start(US);
    private final ProcessTable them = processes.start(THEM);
    private final ProcessTable newcomer = processes.start(NEWCOMER);

    /** A lock as one process sees it. */
    abstract FileOwnerLock lock(ProcessTable process, String name);

    /** Lets time pass, or go back. */
    abstract void pass(Duration time);

    /** A file that may be guarded. */
    abstract Path data();

    abstract Optional<byte[]> read(Path file) throws IOException;

    /** What there is in the way of locks and litter. */
    abstract Iterable<String> leftovers() throws IOException;

    @AfterEach
    void nothingIsLeftOfTheDead() throws IOException {
        processes.killAll();
        sweep();
        assertFalse(leftovers().iterator().hasNext(), () -> "left: " + leftoversToShow());
    }

    abstract void sweep() throws IOException;

    private String leftoversToShow() {
        try {
            return leftovers().toString();
        } catch (IOException e) {
            return e.toString();
        }
    }

    private FileOwnerLock ours() {
        return lock(us, NAME);
    }

    private FileOwnerLock theirs() {
        return lock(them, NAME);
    }

    private static FileLease taken(FileOwnerLock lock) throws IOException {
        return (FileLease) assertInstanceOf(Taken.class, lock.tryAcquire()).lease();
    }

    private static Busy busy(FileOwnerLock lock) throws IOException {
        return assertInstanceOf(Busy.class, lock.tryAcquire());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private void assertData(String expected) throws IOException {
        assertArrayEquals(bytes(expected), read(data()).orElseThrow());
    }

    @Test
    void aFreeLockIsTakenAtOnce() throws IOException {
        try (FileLease lease = taken(ours())) {
            assertEquals(us.self(), lease.token().holder());
            lease.ensureHeld();
        }
    }

    @Test
    void onlyOneHoldsIt() throws IOException {
        try (FileLease lease = taken(ours())) {
            assertEquals(lease.token().toString(), busy(theirs()).holder());
            lease.ensureHeld();
        }
    }

    @Test
    void itIsNotReentrant() throws IOException {
        FileOwnerLock lock = ours();
        try (FileLease lease = taken(lock)) {
            assertEquals(lease.token().toString(), busy(lock).holder());
        }
    }

    @Test
    void locksOfDifferentNamesAreIndependent() throws IOException {
        try (FileLease one = taken(lock(us, "one"));
                FileLease other = taken(lock(us, "other"))) {
            one.ensureHeld();
            other.ensureHeld();
        }
    }

    @Test
    void aReleasedLockIsFree() throws IOException {
        taken(ours()).close();
        taken(theirs()).close();
        assertFalse(leftovers().iterator().hasNext(), () -> "left: " + leftoversToShow());
    }

    @Test
    void closingAgainHarmsNobody() throws IOException {
        FileLease first = taken(ours());
        first.close();
        try (FileLease second = taken(theirs())) {
            first.close();
            second.ensureHeld();
        }
    }

    @Test
    void committingPublishesAndReleases() throws IOException {
        FileLease lease = taken(ours());
        lease.commit(data(), bytes("ours"));
        assertData("ours");
        assertFalse(leftovers().iterator().hasNext(), () -> "left: " + leftoversToShow());
        try (FileLease next = taken(theirs())) {
            lease.close();
            next.ensureHeld();
        }
    }

    @Test
    void committingReplacesAllOfTheContent() throws IOException {
        taken(ours()).commit(data(), bytes("a long content"));
        taken(theirs()).commit(data(), bytes("short"));
        assertData("short");
        taken(ours()).commit(data(), new byte[0]);
        assertData("");
    }

    @Test
    void aLeaseIsUsedOnce() throws IOException {
        FileLease committed = taken(ours());
        committed.commit(data(), bytes("ours"));
        assertThrows(IllegalStateException.class, () -> committed.commit(data(), bytes("again")));
        assertThrows(LeaseLostException.class, committed::ensureHeld);
        FileLease closed = taken(ours());
        closed.close();
        assertThrows(IllegalStateException.class, () -> closed.commit(data(), bytes("again")));
        assertThrows(LeaseLostException.class, closed::ensureHeld);
        assertData("ours");
    }

    @Test
    void aDeadHolderIsDisplacedAtOnce() throws IOException {
        taken(ours());
        busy(theirs());
        processes.kill(US);
        taken(theirs()).close();
    }

    @Test
    void whoHasTheNumberOfADeadHolderIsNotTheHolder() throws IOException {
        taken(ours());
        processes.kill(US);
        processes.start(US);
        taken(theirs()).close();
    }

    @Test
    void aLivingHolderIsDisplacedWhenItsLeaseHasRunOut() throws IOException {
        FileLease stalled = taken(ours());
        pass(LEASE.minusSeconds(1));
        busy(theirs());
        pass(Duration.ofSeconds(2));
        try (FileLease next = taken(theirs())) {
            assertThrows(LeaseLostException.class, stalled::ensureHeld);
            next.ensureHeld();
        }
    }

    @Test
    void whoCannotBeJudgedIsDisplacedByTimeAlone() throws IOException {
        ProcessIdentity stranger = new ProcessIdentity(1, 1, "anotherboot1n1");
        taken(lock(new Elsewhere(stranger), NAME));
        busy(theirs());
        pass(LEASE.plusSeconds(1));
        taken(theirs()).close();
    }

    private record Elsewhere(ProcessIdentity self) implements ProcessTable {
        @Override
        public Optional<ProcessIdentity> identify(long pid) {
            return Optional.empty();
        }

        @Override
        public Vitality vitality(ProcessIdentity process) {
            return Vitality.UNKNOWN;
        }
    }

    @Test
    void aClockThatWasSetBackDoesNotMakeALockEternal() throws IOException {
        taken(ours());
        pass(LEASE.negated().minusSeconds(1));
        taken(theirs()).close();
    }

    @Test
    void aDisplacedHolderCannotCommit() throws IOException {
        FileLease stalled = taken(ours());
        pass(LEASE.plusSeconds(1));
        FileLease successor = taken(theirs());
        assertThrows(LeaseLostException.class, () -> stalled.commit(data(), bytes("late")));
        assertEquals(Optional.empty(), read(data()));
        successor.commit(data(), bytes("theirs"));
        assertData("theirs");
    }

    @Test
    void aDisplacedHolderCannotCommitAfterItsSuccessorHasLeft() throws IOException {
        FileLease stalled = taken(ours());
        pass(LEASE.plusSeconds(1));
        taken(theirs()).commit(data(), bytes("theirs"));
        assertThrows(LeaseLostException.class, () -> stalled.commit(data(), bytes("late")));
        assertData("theirs");
    }

    @Test
    void aDisplacedHolderCannotReleaseItsSuccessor() throws IOException {
        FileLease stalled = taken(ours());
        pass(LEASE.plusSeconds(1));
        try (FileLease successor = taken(theirs())) {
            stalled.close();
            successor.ensureHeld();
            busy(lock(newcomer, NAME));
        }
    }

    @Test
    void aLateHolderThatNobodyDisplacedCommits() throws IOException {
        FileLease late = taken(ours());
        pass(LEASE.multipliedBy(100));
        late.commit(data(), bytes("late, but alone"));
        assertData("late, but alone");
    }

    @Test
    void aCommitToNowhereKeepsTheLockUntilItIsClosed() throws IOException {
        Path nowhere = data().resolveSibling("absent").resolve("file");
        try (FileLease lease = taken(ours())) {
            assertThrows(NoSuchFileException.class, () -> lease.commit(nowhere, bytes("lost")));
            lease.ensureHeld();
            busy(theirs());
        }
        taken(theirs()).close();
    }

    @Test
    void whoWaitsTooLongIsToldWhoHoldsItAndSinceWhen() throws IOException {
        try (FileLease lease = taken(ours())) {
            pass(Duration.ofSeconds(3));
            LockTimeoutException e =
                    assertThrows(LockTimeoutException.class, () -> theirs().acquire(Duration.ofMillis(20)));
            assertEquals(lease.token().toString(), e.holder());
            assertTrue(e.getMessage().contains("lock contract is busy"), e::getMessage);
            assertTrue(e.getMessage().contains("by process " + US + " ("), e::getMessage);
            assertTrue(e.getMessage().matches("(?s).*held for (2[5-9]|[3-9]\\d)\\d\\d ms.*"), e::getMessage);
            lease.ensureHeld();
        }
    }

    @Test
    void whoDoesNotWaitLooksOnce() throws IOException, InterruptedException {
        theirs().acquire(Duration.ZERO).close();
        try (FileLease lease = taken(ours())) {
            assertThrows(LockTimeoutException.class, () -> theirs().acquire(Duration.ZERO));
            lease.ensureHeld();
        }
    }

    @Test
    void whoWaitsGetsIt() throws IOException, InterruptedException, ExecutionException, TimeoutException {
        FileLease lease = taken(ours());
        CompletableFuture<OwnerToken> waiter = CompletableFuture.supplyAsync(
                () -> {
                    try (FileLease next = theirs().acquire(ENOUGH)) {
                        return next.token();
                    } catch (IOException | InterruptedException e) {
                        throw new AssertionError(e);
                    }
                },
                ThreadPerTask.EXECUTOR);
        lease.close();
        assertEquals(them.self(), waiter.get(30, TimeUnit.SECONDS).holder());
    }

    @Test
    void whoIsInterruptedWhileItWaitsHasNothing() throws IOException, InterruptedException {
        CountDownLatch waiting = new CountDownLatch(1);
        CompletableFuture<Throwable> ending = new CompletableFuture<>();
        try (FileLease lease = taken(ours())) {
            Thread waiter = new Thread(() -> {
                waiting.countDown();
                ending.complete(assertThrows(Exception.class, () -> theirs().acquire(ENOUGH)));
            });
            waiter.start();
            waiting.await();
            waiter.interrupt();
            waiter.join();
            assertInstanceOf(InterruptedException.class, ending.join());
            lease.ensureHeld();
        }
        assertFalse(leftovers().iterator().hasNext(), () -> "left: " + leftoversToShow());
    }

    @Test
    void manyThreadsOfOneProcessTakeTurns() throws IOException, InterruptedException {
        int threads = 4;
        int rounds = 25;
        Thread[] all = new Thread[threads];
        CompletableFuture<Void> failure = new CompletableFuture<>();
        for (int t = 0; t < threads; t++) {
            all[t] = new Thread(() -> {
                try {
                    for (int round = 0; round < rounds; round++) {
                        try (FileLease lease = ours().acquire(ENOUGH)) {
                            int number = read(data())
                                    .map(b -> Integer.parseInt(new String(b, UTF_8)))
                                    .orElse(0);
                            lease.commit(data(), bytes(Integer.toString(number + 1)));
                        }
                    }
                } catch (IOException | InterruptedException | RuntimeException e) {
                    failure.completeExceptionally(e);
                }
            });
            all[t].start();
        }
        for (Thread thread : all) {
            thread.join();
        }
        assertFalse(failure.isCompletedExceptionally(), () -> "failed: " + failure);
        assertData(Integer.toString(threads * rounds));
    }

    @Test
    void aTryNeverWaits() throws IOException {
        try (FileLease lease = taken(ours())) {
            Attempt attempt = theirs().tryAcquire();
            assertInstanceOf(Busy.class, attempt);
            lease.ensureHeld();
        }
    }
}
