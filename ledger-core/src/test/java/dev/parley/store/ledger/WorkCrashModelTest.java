package dev.parley.store.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.testing.Errno;
import dev.parley.testing.Faults;
import dev.parley.testing.Journal;
import dev.parley.testing.Kernel;
import dev.parley.testing.Letters;
import dev.parley.testing.SimulatedCrash;
import dev.parley.testing.SimulatedDisk;
import dev.parley.testing.SimulatedFiles;
import dev.parley.testing.SteppedClock;
import dev.parley.testing.Stride;
import dev.parley.testing.Surviving;
import java.io.IOException;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The same day of work again and again, with something going wrong at each of its system calls in turn. */
@Tag("slow")
final class WorkCrashModelTest {

    private static final int SLOW = 3;

    private interface Fault {
        Kernel at(int call, Kernel kernel);
    }

    private static final class Run {
        final SteppedClock clock = new SteppedClock(Letters.SENT);
        final Journal journal = new Journal(clock);
        final WorkDay day;

        Run(int call, Fault fault) throws IOException {
            Kernel kernel = journal.kernel("process");
            new SimulatedDisk(kernel).makeDirectory(WorkDay.HOME);
            new SimulatedDisk(kernel).forceDirectory(WorkDay.HOME.getRoot());
            day = new WorkDay(new SimulatedDisk(fault.at(call, kernel)), clock);
        }

        /** Whether the process died of it. */
        boolean diesOn() throws IOException {
            try {
                day.run();
                return false;
            } catch (SimulatedCrash e) {
                return true;
            }
        }

        void inspect(SimulatedFiles files, String where) throws InterruptedException {
            try {
                day.inspect(files.disk());
            } catch (AssertionError | IOException | RuntimeException e) {
                throw new AssertionError(where + ", told of " + day.failures + ": " + e.getMessage(), e);
            }
        }
    }

    private static int callsOfADay() throws IOException, InterruptedException {
        AtomicInteger calls = new AtomicInteger();
        Run run = new Run(0, (call, kernel) -> Faults.count(calls, kernel));
        run.day.run();
        assertEquals(List.of(), run.day.failures);
        assertTrue(run.day.done >= 18, "a day with too little in it");
        run.inspect(run.journal.files(), "nothing");
        return calls.get();
    }

    private static void die(Stride stride) throws Exception {
        int calls = callsOfADay();
        int runs = 0;
        for (int call = stride.first(); call < calls; call += stride.every()) {
            for (Fault fault : List.<Fault>of(Faults::dieBefore, Faults::dieAfter)) {
                Run run = new Run(call, fault);
                assertTrue(run.diesOn());
                run.inspect(run.journal.files(), "death at call " + call);
                runs++;
            }
        }
        tell("process death at " + stride.of(calls), runs);
    }

    private static void cutPower(Stride stride, int chances) throws Exception {
        int calls = callsOfADay();
        int runs = 0;
        for (int call = stride.first(); call < calls; call += stride.every()) {
            for (int chance = 0; chance <= chances; chance++) {
                Run run = new Run(call, Faults::dieAfter);
                assertTrue(run.diesOn());
                Surviving surviving =
                        chance == 0 ? Surviving.NOTHING : Surviving.some(new SplittableRandom(1_000L * call + chance));
                run.inspect(run.journal.cutPower(surviving), "power cut at call " + call + ", chance " + chance);
                runs++;
            }
        }
        tell("power cut at " + stride.of(calls), runs);
    }

    private static void fail(Stride stride, Errno... errors) throws Exception {
        int calls = callsOfADay();
        int runs = 0;
        int told = 0;
        for (Errno errno : errors) {
            for (int call = stride.first(); call < calls; call += stride.every()) {
                Run run = new Run(call, (at, kernel) -> Faults.failAt(at, errno, kernel));
                run.day.run();
                told += run.day.failures.size();
                run.inspect(run.journal.files(), errno + " at call " + call);
                runs++;
            }
        }
        tell("failure of " + stride.of(calls), runs);
        assertTrue(told > runs / 4, "hardly a caller was told of anything: " + told);
    }

    private static void tell(String what, int runs) {
        System.err.printf("MEASURED %s of a day of work: %d runs, no state lost%n", what, runs);
        assertTrue(runs >= 100, "only " + runs + " runs");
    }

    @Test
    void aProcessMayDieAtAnyCall() throws Exception {
        die(Stride.slow(SLOW));
    }

    @Test
    void thePowerMayBeCutAtAnyCallAndAnyPartSurvives() throws Exception {
        cutPower(Stride.slow(SLOW), 3);
    }

    @Test
    void anyCallMayFailInAnyWay() throws Exception {
        fail(Stride.slow(SLOW), Errno.EIO, Errno.ENOSPC, Errno.EMFILE);
    }

    /** The proof that the tests above can fail. */
    @Test
    void aDiskThatForcesNothingLosesStates() throws Exception {
        Run run = new Run(0, (call, kernel) -> Faults.ignoreForce(kernel));
        run.day.run();
        assertThrows(
                AssertionError.class, () -> run.inspect(run.journal.cutPower(Surviving.NOTHING), "nothing forced"));
    }
}
