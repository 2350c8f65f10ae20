package dev.parley.store.lock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.store.lock.RenewalModel.Kind;
import dev.parley.store.lock.RenewalModel.Trouble;
import dev.parley.testing.Report;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Tries, on the real lock and lease, everything that can happen within a bound to ownership that is renewed: every
 * interleaving of the system calls and of time, every process dying or stalling before and after each of them, the clock set
 * at any moment, and any call that changes something failing.
 *
 * <p>The number of states is asserted, as in {@link OwnerLockModelTest}. The figures in {@code docs/LOCKING.md} are these.
 */
final class RenewalModelTest {

    private static void check(String bound, int states, RenewalModel model) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long start = threads.getCurrentThreadCpuTime();
        Report report = model.explorer(new RenewalRules(model)).explore();
        System.out.printf(
                "%-72s %,11d states %,12d steps %,7d file states %,6d endings %,6d ms of processor time%n",
                bound,
                report.states(),
                report.steps(),
                report.files(),
                report.ends(),
                (threads.getCurrentThreadCpuTime() - start) / 1_000_000);
        assertEquals(states, report.states(), bound);
    }

    @Test
    void twoNeverActAtOnceHoweverLateTheyRenew() {
        check("hold and seek, 5 ticks, deaths", 240_070, RenewalModel.of(5, Set.of(), Kind.HOLD, Kind.SEEK));
    }

    @Test
    void noSettingOfTheClockLetsTwoAct() {
        check(
                "hold and seek, 4 ticks, deaths, clock set at any time",
                272_632,
                RenewalModel.of(4, Set.of(Trouble.SET_CLOCK), Kind.HOLD, Kind.SEEK));
    }

    @Test
    void aFailedCallStrandsNobodyAndLetsNoTwoAct() {
        check(
                "hold and seek once, 4 ticks, deaths, a call of each fails",
                794_936,
                RenewalModel.of(4, Set.of(Trouble.FAILED_CALLS), Kind.HOLD, Kind.SEEK_AND_ACT));
    }

    @Test
    void nobodyCommitsAfterWhoTookOver() {
        check(
                "2 processes x 2 commits, deaths, stale verdicts",
                57_307,
                RenewalModel.of(0, Set.of(Trouble.STALE_VERDICTS), Kind.COMMIT, Kind.COMMIT));
    }

    @Test
    void aSweepMayComeAtAnyTime() {
        check(
                "hold, seek once and a sweep, deaths",
                37_388,
                RenewalModel.of(0, Set.of(), Kind.HOLD, Kind.SEEK_AND_ACT, Kind.SWEEP));
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void everyWrongStepIsFoundOut(RenewalMutant mutant) {
        RenewalModel model = mutant.bound().with(mutant);
        AssertionError e = assertThrows(AssertionError.class, model.explorer(new RenewalRules(model))::explore);
        assertTrue(String.valueOf(e.getMessage()).contains(mutant.harm()), e::getMessage);
        // The same search finds nothing wrong without the mistake.
        RenewalModel right = mutant.bound();
        right.explorer(new RenewalRules(right)).explore();
    }

    @Test
    void threeNeverActAtOnce() {
        check("3 hold, deaths", 58_407, RenewalModel.of(0, Set.of(), Kind.HOLD, Kind.HOLD, Kind.HOLD));
    }
}
