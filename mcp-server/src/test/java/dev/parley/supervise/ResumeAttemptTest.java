package dev.parley.supervise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.SessionId;
import dev.parley.ledger.Retention;
import dev.parley.lock.RenewableLock.Taken;
import dev.parley.office.PostOffice;
import dev.parley.process.ProcessIdentity;
import dev.parley.store.Store;
import dev.parley.store.office.FilePostOffice;
import dev.parley.supervise.Admission.NotYet;
import dev.parley.supervise.Admission.Parked;
import dev.parley.supervise.HeadlessTurn.Done;
import dev.parley.supervise.HeadlessTurn.Ending;
import dev.parley.supervise.HeadlessTurn.Failed;
import dev.parley.supervise.HeadlessTurn.Hopeless;
import dev.parley.supervise.HeadlessTurn.Refusal;
import dev.parley.supervise.ResumeAttempt.CameToNothing;
import dev.parley.supervise.ResumeAttempt.Displaced;
import dev.parley.supervise.ResumeAttempt.Finished;
import dev.parley.supervise.ResumeAttempt.GaveWay;
import dev.parley.supervise.ResumeAttempt.NotStarted;
import dev.parley.supervise.ResumeAttempt.Outcome;
import dev.parley.testing.Errno;
import dev.parley.testing.Kernel;
import dev.parley.testing.Reply;
import dev.parley.testing.SimulatedDisk;
import dev.parley.testing.SimulatedFiles;
import dev.parley.testing.SimulatedProcesses;
import dev.parley.testing.SteppedClock;
import dev.parley.testing.SystemCall;
import dev.parley.trace.Trace;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One attempt, with a client that does what a test says. */
final class ResumeAttemptTest {

    private static final Path HOME = Path.of("/home");
    private static final Path CLAIM = HOME.resolve("locks/resume-ann");
    private static final SessionId ANN = new SessionId("ann");
    private static final long CLIENT = 41;

    private final SteppedClock clock = new SteppedClock(Instant.parse("2026-01-01T00:00:00Z"));
    private final SimulatedProcesses machine = new SimulatedProcesses();
    private final SimulatedFiles files = SimulatedFiles.empty(clock);
    private final AtomicReference<Kernel> kernel = new AtomicReference<>(files.kernel("ours"));
    private PostOffice office;
    private StartBudget budget;

    @BeforeEach
    void open() throws IOException {
        files.disk().makeDirectory(HOME);
        Store store = Store.over(HOME, new SimulatedDisk(call -> kernel.get().call(call)), clock, Trace.NONE);
        office = new FilePostOffice(store, machine.start(31), Retention.DEFAULT);
        budget = new StartBudget(
                office,
                StartLimits.DEFAULT,
                () -> new Moment(clock.millis(), SimulatedProcesses.SCOPE, clock.elapsedNanos() / 1_000_000));
    }

    /** Happens while the client runs, one after each look; then it ends. */
    private interface Happening {
        void happens() throws IOException;
    }

    /** A client that does as it is told. */
    private class Scripted implements HeadlessTurn, HeadlessTurn.Running {

        private Optional<Refusal> refusal = Optional.empty();
        private final List<Happening> happenings = new ArrayList<>();
        private Ending ending = new Done();
        private boolean hasRival;
        private int blindLooks;
        private boolean failsToStart;
        private boolean endsBefore;
        private int starts;
        private boolean isReleased;
        private boolean isStopped;

        @Override
        public Optional<Refusal> refusal() {
            return refusal;
        }

        @Override
        public Running start() throws IOException {
            starts++;
            if (failsToStart) {
                throw new IOException("no such program");
            }
            machine.start(CLIENT);
            return this;
        }

        @Override
        public ProcessIdentity client() {
            return office.processes().identify(CLIENT).orElseThrow();
        }

        @Override
        public void release() throws IOException {
            String noted = files.content(HOME.resolve("starts")).orElse("");
            assertTrue(noted.contains(" " + client() + "\n"), () -> "it begins before it is noted: " + noted);
            isReleased = true;
            if (endsBefore) {
                throw new IOException("Broken pipe");
            }
        }

        @Override
        public Optional<Ending> await(Duration limit) {
            if (happenings.isEmpty()) {
                machine.kill(CLIENT);
                return Optional.of(ending);
            }
            try {
                happenings.remove(0).happens();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
            return Optional.empty();
        }

        @Override
        public boolean hasRival() throws IOException {
            if (blindLooks > 0) {
                blindLooks--;
                throw new AccessDeniedException("/sessions");
            }
            return hasRival;
        }

        @Override
        public void stop() {
            isStopped = true;
            machine.kill(CLIENT);
        }
    }

    private Outcome attempt(HeadlessTurn turn) throws IOException, InterruptedException {
        return new ResumeAttempt(office, budget, ANN, turn).run(0);
    }

    private static Admission notStarted(Outcome outcome) {
        return assertInstanceOf(NotStarted.class, outcome).admission();
    }

    @Test
    void aTurnIsDoneAndTheNameIsFreeAgain() throws Exception {
        Scripted client = new Scripted();
        client.happenings.add(() -> {
            assertEquals(
                    Optional.of(office.processes().self()),
                    SessionClaim.of(office.leases(), ANN).holder().orElseThrow().process());
            assertEquals(
                    "a client that was started for it still runs",
                    ((Parked) budget.refusal(ANN).orElseThrow()).detail());
        });
        assertInstanceOf(Finished.class, attempt(client));
        assertEquals(Optional.empty(), SessionClaim.of(office.leases(), ANN).holder());
        assertEquals(Optional.empty(), budget.refusal(ANN));
        assertTrue(client.isReleased);
        assertFalse(client.isStopped);
    }

    @Test
    void twoAtOnceAreOneStart() throws Exception {
        Scripted client = new Scripted();
        Scripted second = new Scripted();
        client.happenings.add(() -> {
            try {
                Parked parked = assertInstanceOf(Parked.class, notStarted(attempt(second)));
                assertEquals(ParkReason.HELD_ELSEWHERE, parked.reason());
                assertEquals("process 31 starts or supervises it", parked.detail());
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        assertInstanceOf(Finished.class, attempt(client));
        assertEquals(1, client.starts);
        assertEquals(0, second.starts);
    }

    @Test
    void whoIsRefusedIsNotStartedAndIsParked() throws Exception {
        Scripted client = new Scripted();
        client.refusal = Optional.of(new Refusal(ParkReason.PERMISSION, Optional.empty(), "it asked nobody"));
        Parked parked = assertInstanceOf(Parked.class, notStarted(attempt(client)));
        assertEquals(new Parked(ParkReason.PERMISSION, Optional.empty(), "it asked nobody"), parked);
        assertEquals(0, client.starts);
        assertEquals(ParkReason.PERMISSION, ((Parked) budget.refusal(ANN).orElseThrow()).reason());
    }

    @Test
    void whoIsRunElsewhereIsNotParked() throws Exception {
        Scripted client = new Scripted();
        client.refusal = Optional.of(new Refusal(ParkReason.HELD_ELSEWHERE, Optional.empty(), "its user runs it"));
        assertInstanceOf(Parked.class, notStarted(attempt(client)));
        assertEquals(0, client.starts);
        assertEquals(Optional.empty(), budget.refusal(ANN));
    }

    @Test
    void aClientThatFailsAtOnceIsTriedThreeTimes() throws Exception {
        Scripted client = new Scripted();
        client.ending = new Failed("exit code 1");
        for (int i = 1; i <= 3; i++) {
            assertEquals(new CameToNothing("exit code 1"), attempt(client));
            if (i < 3) {
                assertInstanceOf(NotYet.class, notStarted(attempt(client)));
                clock.advance(StartLimits.DEFAULT.backOffAfter(i));
            }
        }
        clock.advance(Duration.ofDays(1));
        Parked parked = assertInstanceOf(Parked.class, notStarted(attempt(client)));
        assertEquals(ParkReason.CRASH_LOOP, parked.reason());
        assertEquals(3, client.starts);
    }

    @Test
    void whatCannotBeStartedHasFailed() throws Exception {
        Scripted client = new Scripted();
        client.failsToStart = true;
        assertEquals(new CameToNothing("its client could not be started: no such program"), attempt(client));
        assertInstanceOf(NotYet.class, budget.refusal(ANN).orElseThrow());
    }

    @Test
    void aLimitOfTheProviderParksUntilItEnds() throws Exception {
        Scripted client = new Scripted();
        Duration hour = Duration.ofMinutes(61);
        client.ending = new Hopeless(new Refusal(ParkReason.RATE_LIMITED, Optional.of(hour), "limit reached"));
        assertEquals(new CameToNothing("limit reached"), attempt(client));
        Parked parked = assertInstanceOf(Parked.class, notStarted(attempt(client)));
        assertEquals(ParkReason.RATE_LIMITED, parked.reason());
        assertEquals(Optional.of(clock.instant().plus(hour)), parked.until());
        clock.advance(hour);
        client.ending = new Done();
        assertInstanceOf(Finished.class, attempt(client));
    }

    @Test
    void whatAPersonWantsIsNotHeldUpByWhatWasParkedAndParksNothing() throws Exception {
        Scripted client = new Scripted();
        client.refusal = Optional.of(new Refusal(ParkReason.PERMISSION, Optional.empty(), "it was allowed all"));
        assertInstanceOf(NotStarted.class, attempt(client));
        assertEquals(
                ParkReason.PERMISSION,
                assertInstanceOf(Parked.class, budget.refusal(ANN).orElseThrow())
                        .reason());
        Scripted by = new Scripted();
        ResumeAttempt hand =
                new ResumeAttempt(office, budget, ANN, by, ResumeAttempt.Asked.BY_HAND, ResumeAttempt.Steps.NONE);
        assertInstanceOf(Finished.class, hand.run(0));
        assertEquals(1, by.starts);
        by.refusal = Optional.of(new Refusal(ParkReason.UNKNOWN_SESSION, Optional.empty(), "no transcript"));
        assertInstanceOf(NotStarted.class, hand.run(0));
        assertEquals(Optional.empty(), budget.refusal(ANN));
    }

    /** What is kept for people says of no start that was not allowed, and of none too late. */
    @Test
    void theStepsAreToldInTheirOrder() throws Exception {
        java.util.List<String> told = new java.util.ArrayList<>();
        Scripted client = new Scripted() {
            @Override
            public Running start() throws IOException {
                told.add("start");
                return super.start();
            }
        };
        ResumeAttempt.Steps steps = new ResumeAttempt.Steps() {
            @Override
            public void begins(dev.parley.lock.RenewableLease lease) {
                told.add("begins");
            }

            @Override
            public void ends(dev.parley.lock.RenewableLease lease, Outcome outcome) {
                told.add("ends " + outcome);
            }
        };
        ResumeAttempt attempt = new ResumeAttempt(office, budget, ANN, client, ResumeAttempt.Asked.BY_REQUEST, steps);
        client.ending = new HeadlessTurn.Failed("no");
        attempt.run(0);
        attempt.run(0);
        assertEquals(java.util.List.of("begins", "start", "ends CameToNothing[detail=no]"), told);
    }

    @Test
    void aHumanWins() throws Exception {
        Scripted client = new Scripted();
        client.happenings.add(() -> {});
        client.happenings.add(() -> client.hasRival = true);
        client.happenings.add(() -> {
            throw new IOException("it was to end at once");
        });
        assertInstanceOf(GaveWay.class, attempt(client));
        assertTrue(client.isStopped);
        assertEquals(Optional.empty(), budget.refusal(ANN), "that is held against nobody");
    }

    @Test
    void aLookThatFailsNowAndThenEndsNobody() throws Exception {
        Scripted client = new Scripted();
        for (int round = 0; round < 2; round++) {
            client.happenings.add(() -> client.blindLooks = ResumeAttempt.LOOKS_IN_VAIN - 1);
            for (int i = 1; i < ResumeAttempt.LOOKS_IN_VAIN; i++) {
                client.happenings.add(() -> {});
            }
        }
        assertInstanceOf(Finished.class, attempt(client));
        assertFalse(client.isStopped);
    }

    /** Its user may have begun to run it, and nobody would see that. */
    @Test
    void whoCannotBeSeenToBeAloneIsEnded() throws Exception {
        Scripted client = new Scripted();
        client.happenings.add(() -> client.blindLooks = ResumeAttempt.LOOKS_IN_VAIN);
        for (int i = 1; i < ResumeAttempt.LOOKS_IN_VAIN; i++) {
            client.happenings.add(() -> assertFalse(client.isStopped));
        }
        client.happenings.add(() -> {
            throw new IOException("it was to be ended by now");
        });
        assertEquals(
                new CameToNothing(
                        "it was ended, since nobody can tell whether somebody else runs it: permission denied:"
                                + " /sessions"),
                attempt(client));
        assertTrue(client.isStopped);
        assertInstanceOf(NotYet.class, budget.refusal(ANN).orElseThrow(), "that is a failure");
    }

    @Test
    void whoIsDisplacedLeavesTheClientAlone() throws Exception {
        Scripted client = new Scripted();
        client.happenings.add(() -> {
            for (String token : files.disk().list(CLAIM)) {
                files.disk().deleteFile(CLAIM.resolve(token));
            }
        });
        assertInstanceOf(Displaced.class, attempt(client));
        assertFalse(client.isStopped);
        Parked parked = assertInstanceOf(Parked.class, notStarted(attempt(new Scripted())));
        assertEquals("a client that was started for it still runs", parked.detail());
    }

    @Test
    void aClientThatCannotBeNotedIsEndedAndTheErrorIsSaid() throws Exception {
        Scripted client = new Scripted() {
            @Override
            public Running start() throws IOException {
                Running running = super.start();
                Kernel sound = kernel.get();
                kernel.set(
                        call -> call instanceof SystemCall.Write ? new Reply.Failed(Errno.ENOSPC) : sound.call(call));
                return running;
            }
        };
        FileSystemException e = assertThrows(FileSystemException.class, () -> attempt(client));
        assertTrue(e.getMessage().contains("No space left"), e::toString);
        assertTrue(client.isStopped);
        assertFalse(client.isReleased);
        kernel.set(files.kernel("ours"));
        assertInstanceOf(NotYet.class, notStarted(attempt(new Scripted())), "that was a failure");
    }

    @Test
    void whoIsDisplacedBeforeTheClientBeginsEndsIt() throws Exception {
        Scripted client = new Scripted() {
            @Override
            public ProcessIdentity client() {
                try {
                    for (String token : files.disk().list(CLAIM)) {
                        files.disk().deleteFile(CLAIM.resolve(token));
                    }
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
                return super.client();
            }
        };
        assertInstanceOf(Displaced.class, attempt(client));
        assertTrue(client.isStopped);
        assertFalse(client.isReleased);
    }

    @Test
    void aProcessThatEndedBeforeItsWordIsAnError() {
        Scripted client = new Scripted();
        client.endsBefore = true;
        assertThrows(IOException.class, () -> attempt(client));
        assertTrue(client.isStopped);
    }

    @Test
    void whatCannotBeAdmittedIsNotStarted() {
        Scripted client = new Scripted();
        Kernel sound = kernel.get();
        kernel.set(call -> call instanceof SystemCall.Write ? new Reply.Failed(Errno.EIO) : sound.call(call));
        assertThrows(IOException.class, () -> attempt(client));
        assertEquals(0, client.starts);
    }

    /** Whoever made the attempt was killed; the client went on, and ended later. */
    @Test
    void anAttemptOfTheDeadIsTakenOver() throws Exception {
        PostOffice dying = new FilePostOffice(((FilePostOffice) office).store(), machine.start(32), Retention.DEFAULT);
        var lease = assertInstanceOf(
                        Taken.class, SessionClaim.of(dying.leases(), ANN).tryAcquire())
                .lease();
        budget.admit(lease, ANN, 0);
        budget.started(lease, ANN, machine.start(CLIENT).self());
        Scripted client = new Scripted();
        assertInstanceOf(Parked.class, notStarted(attempt(client)));
        machine.kill(32);
        assertInstanceOf(Parked.class, notStarted(attempt(client)), "its client lives");
        machine.kill(CLIENT);
        assertInstanceOf(NotYet.class, notStarted(attempt(client)), "that was a failure");
        clock.advance(StartLimits.DEFAULT.backOffAfter(1));
        assertInstanceOf(Finished.class, attempt(client));
        assertEquals(1, client.starts);
    }
}
