package dev.parley.store.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.store.ledger.Aftermath.Crash;
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
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The same day at the post office again and again, with something going wrong at each of its system calls in turn. */
final class CrashModelTest {

    /** In the default build one call in so many is tried; a prime, so that every part of every operation comes up. */
    private static final Stride QUICK = Stride.fixed(37);

    private static final int SLOW = 3;

    private static final class Day {
        final SteppedClock clock = new SteppedClock(Letters.SENT);
        final Journal journal = new Journal(clock);
        final Kernel kernel = journal.kernel("process");
        final History history;

        Day(Kernel faulty) throws IOException {
            new SimulatedDisk(kernel).makeDirectory(History.HOME);
            new SimulatedDisk(kernel).forceDirectory(History.HOME.getRoot());
            history = new History(new SimulatedDisk(faulty), clock);
        }
    }

    private interface Fault {
        Kernel at(int call, Kernel kernel);
    }

    /** One day with a fault at one call. */
    private static Day day(int call, Fault fault) throws IOException {
        Kernel[] real = new Kernel[1];
        Day day = new Day(fault.at(call, asked -> real[0].call(asked)));
        real[0] = day.kernel;
        return day;
    }

    private static int callsOfADay() throws IOException {
        AtomicInteger calls = new AtomicInteger();
        Day day = day(0, (call, kernel) -> Faults.count(calls, kernel));
        day.history.run();
        assertEquals(Map.of(), day.history.failures);
        assertTrue(day.history.letters.size() >= 14, "a day with too little in it");
        return calls.get();
    }

    private static boolean diedOn(Day day) throws IOException {
        try {
            day.history.run();
            return false;
        } catch (SimulatedCrash e) {
            return true;
        }
    }

    /** How often a fault was tried, what became of it. */
    private static final class Tally {
        int runs;
        int recovered;
        int marked;

        void add(Day day, Crash crash, SimulatedFiles files, String where) throws InterruptedException {
            Aftermath after = new Aftermath(day.history, crash);
            try {
                after.inspect(files.disk());
            } catch (AssertionError | IOException | RuntimeException e) {
                throw new AssertionError(where + ", told of " + day.history.failures + ": " + e.getMessage(), e);
            }
            runs++;
            recovered += after.recovered;
            marked += after.marked;
        }

        void tell(String fault, int atLeast) {
            System.err.printf(
                    "MEASURED %s: %d runs, %d messages recovered, %d of them marked, 0 lost, 0 twice unmarked%n",
                    fault, runs, recovered, marked);
            assertTrue(runs >= atLeast, "only " + runs + " runs");
            assertTrue(recovered > runs, "a day on which hardly anything was to be recovered shows nothing");
        }
    }

    @Test
    void aProcessMayDieAtManyCalls() throws Exception {
        die(QUICK);
    }

    @Test
    @Tag("slow")
    void aProcessMayDieAtAnyCall() throws Exception {
        die(Stride.slow(SLOW));
    }

    /** What {@code PARLEY_DURABILITY=process} promises: the same, as long as the power stays on. */
    @Test
    void aProcessThatForcesNothingMayDieAtManyCalls() throws Exception {
        Fault before = (call, kernel) -> Faults.dieBefore(call, Faults.ignoreForce(kernel));
        Fault after = (call, kernel) -> Faults.dieAfter(call, Faults.ignoreForce(kernel));
        die("nothing forced, ", QUICK, before, after);
    }

    private static void die(Stride stride) throws Exception {
        die("", stride, Faults::dieBefore, Faults::dieAfter);
    }

    private static void die(String how, Stride stride, Fault... faults) throws Exception {
        Tally tally = new Tally();
        int calls = callsOfADay();
        for (int call = stride.first(); call < calls; call += stride.every()) {
            for (Fault fault : faults) {
                Day day = day(call, fault);
                assertTrue(diedOn(day));
                tally.add(day, Crash.DEATH, day.journal.files(), how + "death at call " + call);
            }
        }
        tally.tell(how + "process death before and after " + stride.of(calls), 2 * calls / stride.every());
    }

    /** Its server is killed before or after any step of asking, taking the answer, writing it out, and proving it. */
    @Test
    void anAnswerThatDiedWithItsAskersServerComesBackAsMail() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        day(0, (call, kernel) -> Faults.count(calls, kernel)).history.runQuestion();
        int back = 0;
        int marked = 0;
        for (int call = 0; call < calls.get(); call++) {
            for (Fault fault : List.<Fault>of(Faults::dieBefore, Faults::dieAfter)) {
                Day day = day(call, fault);
                try {
                    day.history.runQuestion();
                    throw new AssertionError("survived call " + call);
                } catch (SimulatedCrash e) {
                    // As it is meant.
                }
                Aftermath after = new Aftermath(day.history, Crash.DEATH);
                after.inspect(day.journal.files().disk());
                back += after.recovered;
                marked += after.marked;
            }
        }
        System.err.printf(
                "MEASURED a killed asker: %d kills, %d messages found, %d marked%n", 2 * calls.get(), back, marked);
        assertTrue(marked > 10, "hardly an answer was on its way");
    }

    @Test
    void thePowerMayBeCutAtManyCalls() throws Exception {
        cutPower(QUICK, 1);
    }

    @Test
    @Tag("slow")
    void thePowerMayBeCutAtAnyCallAndAnyPartSurvives() throws Exception {
        cutPower(Stride.slow(SLOW), 1);
    }

    /** First with a disk that wrote only what it was made to write, then with some that wrote more, by chance. */
    private static void cutPower(Stride stride, int chances) throws Exception {
        Tally tally = new Tally();
        int calls = callsOfADay();
        for (int call = stride.first(); call < calls; call += stride.every()) {
            for (int chance = 0; chance <= chances; chance++) {
                Day day = day(call, Faults::dieAfter);
                assertTrue(diedOn(day));
                Surviving surviving =
                        chance == 0 ? Surviving.NOTHING : Surviving.some(new SplittableRandom(1_000L * call + chance));
                tally.add(
                        day,
                        Crash.POWER_CUT,
                        day.journal.cutPower(surviving),
                        "power cut at call " + call + ", chance " + chance);
            }
        }
        tally.tell("power cut after " + stride.of(calls), calls / stride.every() * (1 + chances));
    }

    @Test
    void aDiskThatForcesNothingLosesMail() throws Exception {
        // The proof that the tests above can fail.
        Day day = day(0, (call, kernel) -> Faults.ignoreForce(kernel));
        day.history.run();
        SimulatedFiles found = day.journal.cutPower(Surviving.NOTHING);
        assertTrue(found.tree().keySet().stream().noneMatch(path -> path.contains("/ledger/m-")));
    }

    @Test
    void manyCallsMayFail() throws Exception {
        fail(QUICK, Errno.EIO, Errno.ENOSPC);
    }

    @Test
    @Tag("slow")
    void anyCallMayFailInAnyWay() throws Exception {
        fail(Stride.slow(SLOW), Errno.EIO);
        fail(Stride.slow(3 * SLOW), Errno.EMFILE, Errno.ENOSPC, Errno.EACCES);
    }

    private static void fail(Stride stride, Errno... errors) throws Exception {
        Tally tally = new Tally();
        int calls = callsOfADay();
        int told = 0;
        for (int error = 0; error < errors.length; error++) {
            Errno errno = errors[error];
            for (int call = stride.first(); call < calls; call += stride.every()) {
                String[] failed = {""};
                Day day = day(call, (at, kernel) -> noting(failed, at, Faults.failAt(at, errno, kernel)));
                day.history.run();
                told += day.history.failures.size();
                tally.add(day, Crash.NONE, day.journal.files(), errno + " at " + failed[0]);
            }
        }
        tally.tell("failure of " + stride.of(calls) + " " + Arrays.toString(errors), calls / stride.every());
        assertTrue(told > tally.runs / 4, "hardly a caller was told of anything: " + told);
    }

    /** Notes which call it was that failed, for the message. */
    private static Kernel noting(String[] noted, int at, Kernel kernel) {
        AtomicInteger next = new AtomicInteger();
        return call -> {
            if (next.getAndIncrement() == at) {
                noted[0] = at + " " + call.toString().replaceAll("content=.*", "");
            }
            return kernel.call(call);
        };
    }
}
