package dev.parley.office.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.lock.GuardedValue;
import dev.parley.lock.LeaseLostException;
import dev.parley.lock.Leases;
import dev.parley.lock.LockTimeoutException;
import dev.parley.lock.RenewableLease;
import dev.parley.lock.RenewableLock;
import dev.parley.lock.RenewableLock.Held;
import dev.parley.lock.RenewableLock.Holder;
import dev.parley.lock.RenewableLock.Taken;
import dev.parley.office.contract.OfficeUnderTest.Tolerated;
import dev.parley.testing.ThreadPerTask;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every {@link RenewableLock} promises: never two who may act, whatever the clock says, and never stuck. */
public abstract class RenewableLockContract extends OfficeContract {

    private static final String NAME = "contract";
    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final Duration MOMENT = Duration.ofMillis(1);
    private static final Duration YEAR = Duration.ofDays(365);

    /** A holder that has died leaves its name to whoever wants it next. */
    protected RenewableLockContract() {
        super(Tolerated.LEFTOVERS);
    }

    @BeforeEach
    void registerAnn() throws Exception {
        register(ANN);
    }

    private RenewableLock of(String process) throws IOException {
        return office().as(process).leases().renewable(NAME, LEASE);
    }

    private RenewableLock ours() throws IOException {
        return here().leases().renewable(NAME, LEASE);
    }

    private RenewableLock theirs() throws IOException {
        return elsewhere().leases().renewable(NAME, LEASE);
    }

    private static RenewableLease taken(RenewableLock lock) throws IOException {
        return assertInstanceOf(Taken.class, lock.tryAcquire()).lease();
    }

    private static Holder held(RenewableLock lock) throws IOException {
        return assertInstanceOf(Held.class, lock.tryAcquire()).holder();
    }

    @Test
    void onlyOneHasIt() throws IOException {
        try (RenewableLease lease = taken(ours())) {
            lease.ensureHeld(LEASE);
            assertEquals(lease.ownership(), held(theirs()).ownership());
            held(ours());
            lease.ensureHeld(LEASE);
        }
        taken(theirs()).close();
    }

    @Test
    void itLastsAsLongAsItIsRenewed() throws IOException {
        RenewableLock theirs = theirs();
        try (RenewableLease lease = taken(ours())) {
            for (int i = 0; i < 20; i++) {
                held(theirs);
                office().pass(LEASE.minus(MOMENT));
                assertEquals(MOMENT, lease.remaining());
                assertTrue(lease.renew());
                assertEquals(LEASE, lease.remaining());
                held(theirs);
                lease.ensureHeld(LEASE);
            }
        }
    }

    @Test
    void whoDoesNotRenewFindsItselfDisplacedAndMustNotAct() throws IOException {
        RenewableLock theirs = theirs();
        RenewableLease stalled = taken(ours());
        held(theirs);
        office().pass(LEASE);
        assertEquals(Duration.ZERO, stalled.remaining());
        assertThrows(LeaseLostException.class, () -> stalled.ensureHeld(Duration.ZERO));
        held(theirs);
        office().pass(MOMENT);
        try (RenewableLease next = taken(theirs)) {
            assertThrows(LeaseLostException.class, () -> stalled.ensureHeld(Duration.ZERO));
            assertFalse(stalled.renew());
            assertEquals(Duration.ZERO, stalled.remaining());
            stalled.close();
            next.ensureHeld(LEASE);
            assertEquals(next.ownership(), held(of("newcomer")).ownership());
        }
    }

    @Test
    void whoRenewsTooLateStillHasItIfNobodyCame() throws IOException {
        try (RenewableLease late = taken(ours())) {
            office().pass(LEASE.multipliedBy(100));
            LeaseLostException e = assertThrows(LeaseLostException.class, () -> late.ensureHeld(MOMENT));
            assertTrue(String.valueOf(e.getMessage()).contains("0 ms of it remain, and 1 ms are needed"), e::toString);
            assertTrue(late.renew());
            late.ensureHeld(LEASE);
        }
    }

    @Test
    void renewingMakesVoidWhatOthersHaveSeen() throws IOException {
        RenewableLock theirs = theirs();
        try (RenewableLease lease = taken(ours())) {
            held(theirs);
            office().pass(LEASE.plus(MOMENT));
            assertTrue(lease.renew());
            held(theirs);
            office().pass(LEASE);
            held(theirs);
            assertTrue(lease.renew());
        }
    }

    @Test
    void anActThatTakesLongerThanWhatRemainsIsNotBegun() throws IOException {
        try (RenewableLease lease = taken(ours())) {
            office().pass(LEASE.minusSeconds(2));
            lease.ensureHeld(Duration.ofSeconds(2));
            LeaseLostException e =
                    assertThrows(LeaseLostException.class, () -> lease.ensureHeld(Duration.ofSeconds(3)));
            assertTrue(
                    String.valueOf(e.getMessage()).contains("2000 ms of it remain, and 3000 ms are needed"),
                    e::toString);
        }
    }

    @Test
    void aDeadHolderIsDisplacedAtOnce() throws IOException {
        taken(of("dying")).ensureHeld(LEASE);
        held(ours());
        office().end("dying");
        assertEquals(Optional.empty(), ours().holder());
        taken(ours()).close();
    }

    @Test
    void whoHasTheNumberOfADeadHolderIsNotTheHolder() throws IOException {
        taken(of("dying")).ensureHeld(LEASE);
        office().end("dying");
        taken(of("dying")).close();
    }

    @Test
    void noSettingOfTheClockDisplacesWhoRenews() throws IOException {
        RenewableLock theirs = theirs();
        try (RenewableLease lease = taken(ours())) {
            for (Duration step : new Duration[] {YEAR, YEAR.multipliedBy(-2), LEASE.plus(MOMENT), YEAR}) {
                held(theirs);
                office().setClock(step);
                held(theirs);
                held(of("newcomer"));
                lease.ensureHeld(LEASE);
            }
        }
    }

    @Test
    void noSettingOfTheClockKeepsAStalledHolder() throws IOException {
        for (Duration step : new Duration[] {YEAR, YEAR.negated()}) {
            RenewableLock theirs = theirs();
            RenewableLease stalled = taken(ours());
            held(theirs);
            office().setClock(step);
            office().pass(LEASE.plus(MOMENT));
            office().setClock(step.negated());
            taken(theirs).close();
            assertFalse(stalled.renew());
        }
    }

    @Test
    void whoLooksForTheFirstTimeDisplacesNobodyThatLives() throws IOException {
        RenewableLease stalled = taken(ours());
        office().pass(YEAR);
        RenewableLock theirs = theirs();
        held(theirs);
        office().pass(LEASE.plus(MOMENT));
        held(of("newcomer"));
        taken(theirs).close();
        stalled.close();
    }

    @Test
    void whoHasItAndSinceWhenCanBeReadWithoutTakingIt() throws IOException {
        assertEquals(Optional.empty(), theirs().holder());
        Instant since = office().now();
        try (RenewableLease lease = taken(ours())) {
            Holder holder = theirs().holder().orElseThrow();
            assertEquals(lease.ownership(), holder.ownership());
            assertEquals(since, holder.since());
            assertTrue(office().isHeldHere(holder), holder::toString);
            office().pass(Duration.ofSeconds(3));
            assertTrue(lease.renew());
            assertEquals(Optional.of(holder), theirs().holder());
            assertEquals(holder, held(theirs()));
            office().pass(LEASE.multipliedBy(2));
            assertEquals(Optional.of(holder), theirs().holder(), "the late, too");
            assertTrue(lease.renew(), "looking displaces nobody");
        }
        assertEquals(Optional.empty(), theirs().holder());
    }

    @Test
    void eachOwnershipHasANameOfItsOwnThatStays() throws IOException {
        String first;
        try (RenewableLease lease = taken(ours())) {
            first = lease.ownership();
            assertTrue(lease.renew());
            assertEquals(first, lease.ownership());
        }
        try (RenewableLease lease = taken(ours())) {
            assertFalse(first.equals(lease.ownership()));
        }
    }

    @Test
    void whatWasReleasedIsOver() throws IOException {
        RenewableLease first = taken(ours());
        first.close();
        assertFalse(first.renew());
        assertEquals(Duration.ZERO, first.remaining());
        assertThrows(LeaseLostException.class, () -> first.ensureHeld(Duration.ZERO));
        try (RenewableLease second = taken(theirs())) {
            first.close();
            second.ensureHeld(LEASE);
        }
    }

    @Test
    void whoWaitsTooLongIsToldWhoHasItAndSinceWhen() throws IOException {
        try (RenewableLease lease = taken(ours())) {
            office().pass(Duration.ofSeconds(3));
            LockTimeoutException e = assertThrows(LockTimeoutException.class, () -> theirs().acquire(Duration.ZERO));
            assertEquals(lease.ownership(), e.holder());
            assertTrue(String.valueOf(e.getMessage()).contains("lock contract is busy"), e::toString);
            assertTrue(String.valueOf(e.getMessage()).contains("held for 3000 ms by process "), e::toString);
        }
    }

    @Test
    void whoWaitsGetsIt() throws Exception {
        RenewableLease lease = taken(ours());
        RenewableLock theirs = theirs();
        CompletableFuture<Boolean> waiter = CompletableFuture.supplyAsync(
                () -> {
                    try (RenewableLease next = theirs.acquire(Duration.ofMinutes(1))) {
                        return next.renew();
                    } catch (IOException | InterruptedException e) {
                        throw new AssertionError(e);
                    }
                },
                ThreadPerTask.EXECUTOR);
        lease.close();
        assertTrue(waiter.get(60, TimeUnit.SECONDS));
    }

    private static GuardedValue.Change append(String text) {
        return present -> (present.map(bytes -> new String(bytes, UTF_8)).orElse("") + text + "\n").getBytes(UTF_8);
    }

    @Test
    void whatIsCommittedAfterDisplacementFails() throws Exception {
        GuardedValue value = here().leases().value(ANN, "notes");
        RenewableLock theirs = theirs();
        RenewableLease stalled = taken(ours());
        stalled.commit(value, Leases.WAIT, append("first"));
        held(theirs);
        office().pass(LEASE.plus(MOMENT));
        try (RenewableLease next = taken(theirs)) {
            assertThrows(LeaseLostException.class, () -> stalled.commit(value, Leases.WAIT, append("stalled")));
            next.commit(elsewhere().leases().value(ANN, "notes"), Leases.WAIT, append("next"));
            assertThrows(LeaseLostException.class, () -> stalled.commit(value, Leases.WAIT, append("stalled")));
        }
        assertEquals("first\nnext\n", new String(value.read().orElseThrow(), UTF_8));
    }

    @Test
    void whoIsDisplacedWhileItCommitsChangesNothing() throws Exception {
        GuardedValue value = here().leases().value(ANN, "notes");
        RenewableLock theirs = theirs();
        RenewableLease stalled = taken(ours());
        held(theirs);
        assertThrows(
                LeaseLostException.class,
                () -> stalled.commit(value, Leases.WAIT, present -> {
                    office().pass(LEASE.plus(MOMENT));
                    taken(theirs).ensureHeld(LEASE);
                    return "stalled\n".getBytes(UTF_8);
                }));
        assertEquals(Optional.empty(), value.read());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "a/b", "../a", "~a", ".hidden", "-a", "a b", "a\n"})
    void whatIsNoNameIsRefused(String name) throws IOException {
        Leases leases = here().leases();
        assertThrows(IllegalArgumentException.class, () -> leases.renewable(name, LEASE));
    }

    @Test
    void leasesHaveBounds() throws IOException {
        Leases leases = here().leases();
        taken(leases.renewable("n".repeat(160), LEASE)).close();
        assertThrows(IllegalArgumentException.class, () -> leases.renewable("n".repeat(161), LEASE));
        assertThrows(IllegalArgumentException.class, () -> leases.renewable(NAME, Duration.ZERO));
        assertThrows(IllegalArgumentException.class, () -> leases.renewable(NAME, Duration.ofMillis(-1)));
    }
}
