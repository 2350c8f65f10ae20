package dev.parley.office.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.lock.GuardedValue;
import dev.parley.lock.Lease;
import dev.parley.lock.LeaseLostException;
import dev.parley.lock.Leases;
import dev.parley.lock.LockTimeoutException;
import dev.parley.lock.OwnerLock;
import dev.parley.lock.OwnerLock.Busy;
import dev.parley.lock.OwnerLock.Taken;
import dev.parley.office.contract.OfficeUnderTest.Tolerated;
import dev.parley.testing.ThreadPerTask;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What all {@link Leases} promise: one holder at a time, who may die or stall, and values of which no change is lost. */
public abstract class LeasesContract extends OfficeContract {

    private static final String NAME = "contract";
    private static final Duration ENOUGH = Duration.ofSeconds(30);
    private static final Duration SOON = Duration.ofMillis(20);

    /** A holder that has died leaves its lock to whoever wants it next. */
    protected LeasesContract() {
        super(Tolerated.LEFTOVERS);
    }

    @BeforeEach
    void registerAnn() throws Exception {
        register(ANN);
    }

    private OwnerLock ours() throws IOException {
        return here().leases().named(NAME);
    }

    private OwnerLock theirs() throws IOException {
        return elsewhere().leases().named(NAME);
    }

    private static Lease taken(OwnerLock lock) throws IOException {
        return assertInstanceOf(Taken.class, lock.tryAcquire()).lease();
    }

    private static Busy busy(OwnerLock lock) throws IOException {
        return assertInstanceOf(Busy.class, lock.tryAcquire());
    }

    @Test
    void onlyOneHoldsIt() throws IOException {
        try (Lease lease = taken(ours())) {
            lease.ensureHeld();
            busy(theirs());
            busy(ours());
            lease.ensureHeld();
        }
        taken(theirs()).close();
    }

    @Test
    void locksOfDifferentNamesAreIndependent() throws IOException {
        try (Lease one = taken(here().leases().named("one"));
                Lease other = taken(here().leases().named("other"))) {
            one.ensureHeld();
            other.ensureHeld();
        }
    }

    @Test
    void closingAgainHarmsNobody() throws IOException {
        Lease first = taken(ours());
        first.close();
        assertThrows(LeaseLostException.class, first::ensureHeld);
        try (Lease second = taken(theirs())) {
            first.close();
            second.ensureHeld();
        }
    }

    @Test
    void aDeadHolderIsDisplacedAtOnce() throws IOException {
        taken(elsewhere().leases().named(NAME)).ensureHeld();
        taken(office().as("dying").leases().named("another")).ensureHeld();
        busy(here().leases().named("another"));
        office().end("dying");
        taken(here().leases().named("another")).close();
        busy(ours());
    }

    @Test
    void whoHasTheNumberOfADeadHolderIsNotTheHolder() throws IOException {
        taken(office().as("dying").leases().named(NAME)).ensureHeld();
        office().end("dying");
        taken(office().as("dying").leases().named(NAME)).close();
    }

    @Test
    void aLivingHolderIsDisplacedWhenItsLeaseHasRunOut() throws IOException {
        Lease stalled = taken(ours());
        office().pass(Leases.LEASE.minusSeconds(1));
        busy(theirs());
        office().pass(Duration.ofSeconds(2));
        try (Lease next = taken(theirs())) {
            assertThrows(LeaseLostException.class, stalled::ensureHeld);
            stalled.close();
            next.ensureHeld();
            busy(office().as("newcomer").leases().named(NAME));
        }
    }

    @Test
    void aLeaseIsAsLongAsItsUsersSay() throws IOException {
        Duration hour = Duration.ofHours(1);
        Lease late = taken(here().leases().named(NAME, hour));
        office().pass(hour.minusSeconds(1));
        busy(elsewhere().leases().named(NAME, hour));
        office().pass(Duration.ofSeconds(2));
        late.ensureHeld();
        taken(elsewhere().leases().named(NAME, hour)).close();
        assertThrows(LeaseLostException.class, late::ensureHeld);
    }

    @Test
    void aLateHolderThatNobodyDisplacedStillHasIt() throws IOException {
        try (Lease late = taken(ours())) {
            office().pass(Leases.LEASE.multipliedBy(100));
            late.ensureHeld();
        }
    }

    @Test
    void aClockThatWasSetBackDoesNotMakeALockEternal() throws IOException {
        taken(ours()).ensureHeld();
        office().pass(Leases.LEASE.negated().minusSeconds(1));
        taken(theirs()).close();
    }

    @Test
    void whoWaitsTooLongIsToldWhoHoldsItAndSinceWhen() throws IOException {
        try (Lease lease = taken(ours())) {
            office().pass(Duration.ofSeconds(3));
            Busy busy = busy(theirs());
            assertEquals(Duration.ofSeconds(3), busy.age());
            LockTimeoutException e = assertThrows(LockTimeoutException.class, () -> theirs().acquire(SOON));
            assertEquals(busy.holder(), e.holder());
            assertTrue(String.valueOf(e.getMessage()).contains("lock contract is busy"), e::toString);
            assertTrue(String.valueOf(e.getMessage()).contains("held for 3000 ms by "), e::toString);
            lease.ensureHeld();
        }
        try (Lease lease = taken(office().as("newcomer").leases().named(NAME))) {
            LockTimeoutException e = assertThrows(LockTimeoutException.class, () -> theirs().acquire(Duration.ZERO));
            assertEquals(busy(theirs()).holder(), e.holder(), "of another holder it tells another name");
            lease.ensureHeld();
        }
    }

    @Test
    void eachOwnershipHasANameOfItsOwn() throws IOException {
        List<String> holders = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            try (Lease lease = taken(ours())) {
                holders.add(busy(theirs()).holder());
                lease.ensureHeld();
            }
        }
        assertEquals(2, holders.stream().distinct().count(), holders::toString);
    }

    @Test
    void whoWaitsGetsIt() throws Exception {
        Lease lease = taken(ours());
        OwnerLock theirs = theirs();
        CompletableFuture<Boolean> waiter = CompletableFuture.supplyAsync(
                () -> {
                    try (Lease next = theirs.acquire(ENOUGH)) {
                        next.ensureHeld();
                        return true;
                    } catch (IOException | InterruptedException e) {
                        throw new AssertionError(e);
                    }
                },
                ThreadPerTask.EXECUTOR);
        lease.close();
        assertTrue(waiter.get(30, TimeUnit.SECONDS));
    }

    @Test
    void whoIsInterruptedWhileItWaitsHasNothing() throws Exception {
        CountDownLatch waiting = new CountDownLatch(1);
        CompletableFuture<Throwable> ending = new CompletableFuture<>();
        OwnerLock theirs = theirs();
        try (Lease lease = taken(ours())) {
            Thread waiter = new Thread(() -> {
                waiting.countDown();
                ending.complete(assertThrows(Exception.class, () -> theirs.acquire(ENOUGH)));
            });
            waiter.start();
            waiting.await();
            waiter.interrupt();
            waiter.join();
            assertInstanceOf(InterruptedException.class, ending.join());
            lease.ensureHeld();
        }
        taken(ours()).close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a/b", "../a", "~a", ".hidden", "-a", "a b", "a\n", "ä", "a\0"})
    void whatIsNoNameIsRefused(String name) throws IOException {
        Leases leases = here().leases();
        assertThrows(IllegalArgumentException.class, () -> leases.named(name));
        assertThrows(IllegalArgumentException.class, () -> leases.named(name, Leases.LEASE));
    }

    @Test
    void namesAndLeasesHaveBounds() throws IOException {
        Leases leases = here().leases();
        taken(leases.named("n".repeat(160))).close();
        assertThrows(IllegalArgumentException.class, () -> leases.named("n".repeat(161)));
        assertThrows(IllegalArgumentException.class, () -> leases.named(NAME, Duration.ZERO));
        assertThrows(IllegalArgumentException.class, () -> leases.named(NAME, Duration.ofMillis(-1)));
    }

    @Test
    void aSharedValueIsOneForAllSessionsAndProcesses() throws IOException {
        set(here().leases().shared("starts"), "shared");
        assertEquals("shared\n", text(elsewhere().leases().shared("starts").read()));
        assertEquals(Optional.empty(), here().leases().value(ANN, "starts").read());
        set(here().leases().value(ANN, "notes"), "of ann");
        assertEquals(Optional.empty(), here().leases().shared("notes").read());
    }

    private GuardedValue value() throws IOException {
        return here().leases().value(ANN, "notes");
    }

    private GuardedValue othersValue() throws IOException {
        return elsewhere().leases().value(ANN, "notes");
    }

    private static byte[] line(String text) {
        return (text + "\n").getBytes(UTF_8);
    }

    private static String text(Optional<byte[]> content) {
        return content.map(bytes -> new String(bytes, UTF_8)).orElse("");
    }

    private static byte[] set(GuardedValue value, String text) throws IOException {
        try {
            return value.update(Leases.WAIT, present -> line(text));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void assertValue(String expected) throws IOException {
        assertEquals(expected, text(value().read()));
        assertEquals(expected, text(othersValue().read()));
    }

    @Test
    void thereIsNoValueBeforeTheFirst() throws IOException {
        assertEquals(Optional.empty(), value().read());
    }

    @Test
    void aChangeStartsFromThePresentContent() throws Exception {
        assertEquals("a\n", new String(set(value(), "a"), UTF_8));
        byte[] after = othersValue().update(Leases.WAIT, present -> line(text(present) + "b"));
        assertEquals("a\nb\n", new String(after, UTF_8));
        assertValue("a\nb\n");
    }

    @Test
    void valuesOfOtherNamesAndSessionsAreOthers() throws Exception {
        register(BEN);
        set(value(), "a");
        assertEquals(Optional.empty(), here().leases().value(ANN, "other").read());
        assertEquals(Optional.empty(), here().leases().value(BEN, "notes").read());
        value().update(Leases.WAIT, present -> {
            set(here().leases().value(ANN, "other"), "of another name");
            set(here().leases().value(BEN, "notes"), "of another session");
            return line("changed meanwhile");
        });
        assertValue("changed meanwhile\n");
    }

    @Test
    void whoChangesAContentInPlaceHasChangedIt() throws Exception {
        set(value(), "old");
        value().update(Leases.WAIT, present -> {
            byte[] content = present.orElseThrow();
            content[0] = 'c';
            return content;
        });
        assertValue("cld\n");
        value().read().orElseThrow()[0] = 'x';
        assertValue("cld\n");
    }

    @Test
    void aValueCanBeEmpty() throws Exception {
        set(value(), "old");
        value().update(Leases.WAIT, present -> new byte[0]);
        assertEquals("", new String(othersValue().read().orElseThrow(), UTF_8));
    }

    @Test
    void aFailingChangeChangesNothingAndLetsOthersIn() throws Exception {
        set(value(), "old");
        assertThrows(
                IOException.class,
                () -> value().update(Leases.WAIT, present -> {
                    throw new IOException("no");
                }));
        assertThrows(
                IllegalStateException.class,
                () -> value().update(Leases.WAIT, present -> {
                    throw new IllegalStateException("no");
                }));
        assertValue("old\n");
        othersValue().update(Duration.ZERO, present -> line("new"));
        assertValue("new\n");
    }

    @Test
    void tooMuchIsRefused() throws Exception {
        set(value(), "old");
        byte[] more = line("x".repeat(GuardedValue.MAX_BYTES));
        assertThrows(IllegalArgumentException.class, () -> value().update(Leases.WAIT, present -> more));
        assertValue("old\n");
    }

    @Test
    void oneChangesItAtATimeAndReadersDoNotWait() throws Exception {
        set(value(), "old");
        byte[] after = value().update(Leases.WAIT, present -> {
            assertEquals("old\n", text(othersValue().read()));
            assertThrows(LockTimeoutException.class, () -> othersValue().update(SOON, theirs -> line("theirs")));
            return line("ours");
        });
        assertEquals("ours\n", new String(after, UTF_8));
        assertValue("ours\n");
    }

    @Test
    void aDisplacedHoldersChangeFails() throws Exception {
        assertThrows(
                LeaseLostException.class,
                () -> value().update(Leases.WAIT, present -> {
                    office().pass(Leases.LEASE.plusSeconds(1));
                    set(othersValue(), "successor");
                    return line("stalled");
                }));
        assertValue("successor\n");
    }

    @Test
    void aHolderThatDiedInItsChangeChangesNothing() throws Exception {
        set(value(), "old");
        GuardedValue dying = office().as("dying").leases().value(ANN, "notes");
        assertThrows(
                LeaseLostException.class,
                () -> dying.update(Leases.WAIT, present -> {
                    office().end("dying");
                    set(value(), "successor");
                    return line("of the dead");
                }));
        assertValue("successor\n");
    }

    @Test
    void aReaderSeesAWholeVersionAndNoChangeIsLost() throws Exception {
        int writers = 3;
        int rounds = 30;
        List<GuardedValue> values = List.of(value(), value(), othersValue());
        ExecutorService pool = Executors.newFixedThreadPool(writers);
        try {
            List<Future<Integer>> writing = new ArrayList<>();
            for (GuardedValue each : values) {
                writing.add(pool.submit(() -> {
                    for (int i = 0; i < rounds; i++) {
                        each.update(
                                ENOUGH, present -> line("x".repeat(text(present).length())));
                    }
                    return rounds;
                }));
            }
            while (!writing.stream().allMatch(Future::isDone)) {
                assertTrue(text(value().read()).matches("(x*\n)?"), "a mixture");
            }
            for (Future<Integer> each : writing) {
                assertEquals(rounds, each.get());
            }
        } finally {
            pool.shutdownNow();
        }
        // Each change makes the text one character longer: the line's end counts.
        assertEquals(writers * rounds, text(value().read()).length());
    }

    @Test
    void aValueStaysWithItsIdWhenItsSessionGetsAnother() throws Exception {
        set(value(), "kept");
        move(ANN, EVE);
        assertEquals(Optional.empty(), here().leases().value(EVE, "notes").read());
        assertValue("kept\n");
    }
}
