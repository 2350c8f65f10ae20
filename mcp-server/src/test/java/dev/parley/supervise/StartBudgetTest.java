package dev.parley.supervise;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.SessionId;
import dev.parley.ledger.Retention;
import dev.parley.lock.LeaseLostException;
import dev.parley.lock.Leases;
import dev.parley.lock.RenewableLease;
import dev.parley.lock.RenewableLock.Taken;
import dev.parley.office.PostOffice;
import dev.parley.process.ProcessTable;
import dev.parley.store.Store;
import dev.parley.store.office.FilePostOffice;
import dev.parley.supervise.Admission.Admitted;
import dev.parley.supervise.Admission.NotYet;
import dev.parley.supervise.Admission.Parked;
import dev.parley.testing.Errno;
import dev.parley.testing.Faults;
import dev.parley.testing.Kernel;
import dev.parley.testing.SimulatedDisk;
import dev.parley.testing.SimulatedFiles;
import dev.parley.testing.SimulatedProcesses;
import dev.parley.testing.SteppedClock;
import dev.parley.trace.Trace;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The budget of starts on a store whose disk may fail. */
final class StartBudgetTest {

    private static final Path HOME = Path.of("/home");
    private static final SessionId ANN = new SessionId("ann");
    private static final SessionId BEN = new SessionId("ben");
    private static final SessionId EVE = new SessionId("eve");
    private static final Duration LEASE = Duration.ofHours(1);

    private final SteppedClock clock = new SteppedClock(Instant.parse("2026-01-01T00:00:00Z"));
    private final SimulatedProcesses machine = new SimulatedProcesses();
    private final AtomicReference<Kernel> kernel = new AtomicReference<>();
    private SimulatedFiles files = SimulatedFiles.empty(clock);
    private PostOffice office;
    private StartBudget budget;

    @BeforeEach
    void open() throws IOException {
        files = SimulatedFiles.empty(clock);
        files.disk().makeDirectory(HOME);
        kernel.set(files.kernel("ours"));
        Store store = Store.over(HOME, new SimulatedDisk(call -> kernel.get().call(call)), clock, Trace.NONE);
        ProcessTable processes = machine.start(31);
        office = new FilePostOffice(store, processes, Retention.DEFAULT);
        budget = budgetOf(office);
    }

    private StartBudget budgetOf(PostOffice of) {
        return new StartBudget(
                of,
                StartLimits.DEFAULT,
                () -> new Moment(clock.millis(), SimulatedProcesses.SCOPE, clock.elapsedNanos() / 1_000_000));
    }

    private RenewableLease lease(SessionId session) throws IOException {
        return assertInstanceOf(
                        Taken.class,
                        office.leases().renewable("resume-" + session, LEASE).tryAcquire())
                .lease();
    }

    @Test
    void aStartIsOnTheDiskBeforeItIsAdmitted() throws Exception {
        try (RenewableLease lease = lease(ANN)) {
            assertInstanceOf(Admitted.class, budget.admit(lease, ANN, 0));
            String kept = files.content(HOME.resolve("starts")).orElseThrow();
            assertTrue(kept.contains(" ann 0\n"), kept);
            assertTrue(kept.contains(" ann " + lease.ownership() + " "), kept);
        }
    }

    @Test
    void whatIsToldToOneProcessAnotherSees() throws Exception {
        PostOffice other = new FilePostOffice(((FilePostOffice) office).store(), machine.start(32), Retention.DEFAULT);
        try (RenewableLease lease = lease(ANN)) {
            budget.admit(lease, ANN, 0);
            budget.park(lease, ANN, ParkReason.RATE_LIMITED, Optional.of(Duration.ofMinutes(5)));
        }
        clock.advance(Duration.ofMinutes(1));
        Parked parked =
                assertInstanceOf(Parked.class, budgetOf(other).refusal(ANN).orElseThrow());
        assertEquals(ParkReason.RATE_LIMITED, parked.reason());
        assertEquals(Optional.of(clock.instant().plus(Duration.ofMinutes(4))), parked.until());
        assertEquals(Optional.empty(), budgetOf(other).refusal(BEN));
        clock.advance(Duration.ofMinutes(4));
        assertEquals(Optional.empty(), budgetOf(other).refusal(ANN));
    }

    @Test
    void theBackOffIsThatOfTheSettingsWithinItsBounds() {
        assertEquals(StartLimits.DEFAULT, StartLimits.of(Map.of()));
        assertEquals(
                Duration.ofSeconds(1),
                StartLimits.of(Map.of("PARLEY_RESUME_BACK_OFF_MS", "1")).backOff());
        assertEquals(
                Duration.ofMinutes(10),
                StartLimits.of(Map.of("PARLEY_RESUME_BACK_OFF_MS", "99999999")).backOff());
    }

    @Test
    void whoMayReleasesWhatWasParkedButNotTheLimits() throws Exception {
        try (RenewableLease lease = lease(ANN)) {
            for (int start = 1; start <= StartLimits.MOST_OF_SESSION; start++) {
                assertInstanceOf(Admitted.class, budget.admit(lease, ANN, 0));
                budget.park(lease, ANN, ParkReason.PERMISSION, Optional.empty());
                assertEquals(
                        ParkReason.PERMISSION,
                        assertInstanceOf(Parked.class, budget.admit(lease, ANN, 0))
                                .reason());
                budget.released(lease, ANN);
            }
            assertEquals(
                    ParkReason.BUDGET,
                    assertInstanceOf(Parked.class, budget.admit(lease, ANN, 0)).reason());
        }
    }

    @Test
    void whatRunsIsNotReleased() throws Exception {
        try (RenewableLease lease = lease(ANN)) {
            budget.admit(lease, ANN, 0);
            budget.started(lease, ANN, machine.start(77).self());
            budget.released(lease, ANN);
            assertEquals(
                    ParkReason.HELD_ELSEWHERE,
                    assertInstanceOf(Parked.class, budget.admit(lease, ANN, 0)).reason());
        }
    }

    @Test
    void threeFailuresAndItIsParkedUntilSomebodyStartsIt() throws Exception {
        try (RenewableLease lease = lease(ANN)) {
            for (int attempt = 1; attempt <= 3; attempt++) {
                assertInstanceOf(Admitted.class, budget.admit(lease, ANN, 0));
                budget.failed(lease, ANN);
                if (attempt < 3) {
                    NotYet notYet = assertInstanceOf(NotYet.class, budget.admit(lease, ANN, 0));
                    Duration wait = StartLimits.DEFAULT.backOffAfter(attempt);
                    assertEquals(Optional.of(clock.instant().plus(wait)), notYet.until());
                    clock.advance(wait);
                }
            }
            clock.advance(Duration.ofDays(30));
            Parked parked = assertInstanceOf(Parked.class, budget.admit(lease, ANN, 0));
            assertEquals(new Parked(ParkReason.CRASH_LOOP, Optional.empty(), "it failed 3 times in a row"), parked);
            budget.succeeded(lease, ANN);
            assertInstanceOf(Admitted.class, budget.admit(lease, ANN, 0));
        }
    }

    @Test
    void threeAtOnceAreOneTooMany() throws Exception {
        for (SessionId session : new SessionId[] {ANN, BEN}) {
            RenewableLease lease = lease(session);
            assertInstanceOf(Admitted.class, budget.admit(lease, session, 0));
            budget.started(
                    lease, session, machine.start(session.equals(ANN) ? 41 : 42).self());
            lease.close();
        }
        try (RenewableLease lease = lease(EVE)) {
            NotYet notYet = assertInstanceOf(NotYet.class, budget.admit(lease, EVE, 0));
            assertEquals("2 sessions are being run at this moment", notYet.detail());
            machine.kill(42);
            assertInstanceOf(Admitted.class, budget.admit(lease, EVE, 0));
        }
    }

    /** The process that started it was killed, and what it started lives on. */
    @Test
    void aClientThatOutlivesItsStarterIsNotStartedTwice() throws Exception {
        try (RenewableLease lease = lease(ANN)) {
            budget.admit(lease, ANN, 0);
            budget.started(lease, ANN, machine.start(41).self());
        }
        try (RenewableLease lease = lease(ANN)) {
            assertEquals(
                    ParkReason.HELD_ELSEWHERE,
                    assertInstanceOf(Parked.class, budget.admit(lease, ANN, 0)).reason());
            machine.kill(41);
            assertInstanceOf(NotYet.class, budget.admit(lease, ANN, 0), "that was a failure");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"EIO", "ENOSPC", "EACCES"})
    void whatCouldNotBeKeptIsNotAdmitted(Errno error) throws Exception {
        int failed = 0;
        for (int call = 0; call < 16; call++) {
            open();
            RenewableLease lease = lease(ANN);
            int at = call;
            kernel.set(Faults.failAt(at, error, files.kernel("ours")));
            boolean admitted = false;
            try {
                admitted = budget.admit(lease, ANN, 0) instanceof Admitted;
            } catch (IOException e) {
                failed++;
                assertEquals(error == Errno.EACCES, e instanceof AccessDeniedException, () -> at + ": " + e);
            }
            kernel.set(files.kernel("ours"));
            String kept = files.content(HOME.resolve("starts")).orElse("");
            assertTrue(!admitted || kept.contains("start "), () -> at + ": admitted, and not on the disk: " + kept);
            lease.close();
        }
        assertTrue(failed > 5, "some of them had to fail: " + failed);
    }

    @Test
    void whoWasDisplacedNotesNothing() throws Exception {
        RenewableLease lease = lease(ANN);
        budget.admit(lease, ANN, 0);
        String before = files.content(HOME.resolve("starts")).orElseThrow();
        lease.close();
        assertThrows(LeaseLostException.class, () -> budget.failed(lease, ANN));
        assertThrows(LeaseLostException.class, () -> budget.admit(lease, ANN, 0));
        assertEquals(before, files.content(HOME.resolve("starts")).orElseThrow());
    }

    @Test
    void whatIsNotUnderstoodStartsNobodyAndIsKept() throws Exception {
        office.leases().shared("starts").update(Leases.WAIT, present -> "begin 1 2\n".getBytes(UTF_8));
        try (RenewableLease lease = lease(ANN)) {
            IOException e = assertThrows(IOException.class, () -> budget.admit(lease, ANN, 0));
            assertTrue(e.getMessage().contains("line 1 is none that this version knows"), e::toString);
            assertThrows(IOException.class, () -> budget.refusal(ANN));
        }
        assertEquals(
                "begin 1 2\n",
                new String(office.leases().shared("starts").read().orElseThrow(), UTF_8));
    }

    @Test
    void aClientThatWasNotAdmittedCannotBeNoted() throws Exception {
        try (RenewableLease lease = lease(ANN)) {
            assertThrows(
                    IllegalStateException.class,
                    () -> budget.started(lease, ANN, office.processes().self()));
        }
    }

    @Test
    void fiveHundredSessionsAreRemembered() {
        Moment now = new Moment(clock.millis(), SimulatedProcesses.SCOPE, 0);
        StartLog log = StartLog.empty();
        for (int i = 0; i <= StartLog.MOST_SESSIONS; i++) {
            StartRules rules = new StartRules(log, StartLimits.DEFAULT, office.processes(), now);
            log = rules.parked(new SessionId("s" + i), ParkReason.PERMISSION, Optional.empty());
        }
        assertEquals(StartLog.MOST_SESSIONS, log.sessions().size());
        assertEquals(StartLog.Standing.NOTHING, log.standing(new SessionId("s0")));
        assertTrue(log.standing(new SessionId("s500")).pause().isPresent());
    }

    @Test
    void theTimeSinceTheBootIsTheMachines(@TempDir Path directory) throws IOException {
        Path uptime = Files.writeString(directory.resolve("uptime"), "350735.47 234388.90\n");
        Moment moment = new BootClock(clock, office.processes().self(), uptime).get();
        assertEquals(new Moment(clock.millis(), SimulatedProcesses.SCOPE, 350_735_470), moment);
        for (String other : new String[] {"", "soon ", "1.0"}) {
            Path strange = Files.writeString(directory.resolve("strange"), other);
            assertEquals(
                    -1,
                    new BootClock(clock, office.processes().self(), strange)
                            .get()
                            .upMillis());
        }
        Path none = directory.resolve("none");
        assertEquals(
                -1, new BootClock(clock, office.processes().self(), none).get().upMillis());
    }
}
