package dev.parley.store.lock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.store.lock.LockModel.Detail;
import dev.parley.store.lock.LockModel.Kind;
import dev.parley.testing.Explorer;
import dev.parley.testing.Report;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Tries, on the real lock and the real guarded file, everything that can happen within a bound: every interleaving of the
 * system calls, every process dying before and after each of them, and, where the bound says so, any wrong verdict on who
 * is dead at any time.
 *
 * <p>The number of states is asserted: who changes a step of the protocol changes it, and should know that he did. The
 * figures in {@code docs/LOCKING.md} are these.
 */
final class OwnerLockModelTest {

    private static void check(String bound, int states, LockModel model) {
        search(bound, states, model.explorer(new LockRules(model)), explorer -> {});
    }

    private static void checkWithProgress(String bound, int states, LockModel model) {
        search(bound, states, model.explorer(new LockRules(model)), Explorer::checkProgress);
    }

    private static void search(String bound, int states, Explorer explorer, Consumer<Explorer> further) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long start = threads.getCurrentThreadCpuTime();
        Report report = explorer.explore();
        further.accept(explorer);
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
    @Tag("slow")
    void twoProcessesUpdateThreeTimesAndMayBeMisjudged() {
        checkWithProgress(
                "2 processes x 3 updates, deaths, stale verdicts, late clocks",
                773_175,
                LockModel.of(2, Verdicts.STALE_OR_LATE, Kind.UPDATE, Kind.UPDATE, Kind.UPDATE));
    }

    @Test
    void threeProcessesUpdateOnceAndMayBeMisjudged() {
        checkWithProgress(
                "3 processes x 1 update, deaths, stale verdicts, late clocks",
                1_061_848,
                LockModel.of(3, Verdicts.STALE_OR_LATE, Kind.UPDATE));
    }

    @Test
    void updatesAndReleasesMayBeMixed() {
        checkWithProgress(
                "2 processes x update, hold, update; deaths, stale verdicts, late clocks",
                430_431,
                LockModel.of(2, Verdicts.STALE_OR_LATE, Kind.UPDATE, Kind.HOLD, Kind.UPDATE));
    }

    @Test
    void aSweepMayComeAtAnyTimeAndBeMisledToo() {
        checkWithProgress(
                "2 processes x 1 update and a sweep, deaths, stale verdicts",
                153_068,
                LockModel.of(2, Verdicts.STALE, Kind.UPDATE).and(Kind.SWEEP));
    }

    @Test
    void twoNeverHoldItAtOnceAsLongAsNobodyIsMisjudged() {
        check("3 processes x 1 hold, deaths", 45_362, LockModel.of(3, Verdicts.TRUE, Kind.HOLD));
        check("2 processes x 3 holds, deaths", 25_762, LockModel.of(2, Verdicts.TRUE, Kind.HOLD, Kind.HOLD, Kind.HOLD));
    }

    @Test
    void whoIsMisjudgedHarmsNobodyElse() {
        check(
                "3 processes x 1 hold, deaths, stale verdicts on the first",
                63_682,
                LockModel.of(3, Verdicts.STALE_ABOUT_THE_FIRST, Kind.HOLD));
    }

    @Test
    @Tag("slow")
    void mergingLosesNothing() {
        assertMergingLosesNothing(LockModel.of(2, Verdicts.STALE, Kind.UPDATE, Kind.UPDATE, Kind.UPDATE));
        assertMergingLosesNothing(LockModel.of(2, Verdicts.STALE, Kind.UPDATE, Kind.HOLD));
        assertMergingLosesNothing(LockModel.of(3, Verdicts.STALE, Kind.UPDATE));
    }

    private static void assertMergingLosesNothing(LockModel model) {
        Set<String> full = endings(model);
        assertTrue(full.size() > 40, () -> full.size() + " endings");
        assertEquals(full, endings(model.with(Detail.MERGED)));
    }

    private static Set<String> endings(LockModel model) {
        LockRules rules = new LockRules(model);
        model.explorer(rules).explore();
        return rules.endings();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void everyWrongStepIsFoundOut(Mutant mutant) {
        LockModel model = mutant.bound().with(mutant);
        AssertionError e = assertThrows(AssertionError.class, model.explorer(new LockRules(model))::explore);
        assertTrue(e.getMessage().startsWith(mutant.harm()), e::getMessage);
        // The same search finds nothing wrong without the mistake.
        LockModel right = mutant.bound();
        right.explorer(new LockRules(right)).explore();
    }

    @Test
    @Tag("long")
    void threeProcessesUpdateTwiceAndMayBeMisjudged() {
        checkWithProgress(
                "3 processes x 2 updates, deaths, stale verdicts; merged",
                3_758_732,
                LockModel.of(3, Verdicts.STALE, Kind.UPDATE, Kind.UPDATE).with(Detail.MERGED));
    }

    @Test
    @Tag("slow")
    void fourProcessesUpdateOnceAndMayBeMisjudged() {
        checkWithProgress(
                "4 processes x 1 update, deaths, stale verdicts; merged",
                4_460_533,
                LockModel.of(4, Verdicts.STALE, Kind.UPDATE).with(Detail.MERGED));
    }

    @Test
    @Tag("slow")
    void threeProcessesHoldItTwice() {
        check("3 processes x 2 holds, deaths", 4_908_260, LockModel.of(3, Verdicts.TRUE, Kind.HOLD, Kind.HOLD));
    }

    @Test
    @Tag("long")
    void aSweepMayComeWhileTwoUpdateTwice() {
        check(
                "2 processes x 2 updates and a sweep, deaths, stale verdicts",
                16_472_076,
                LockModel.of(2, Verdicts.STALE, Kind.UPDATE, Kind.UPDATE).and(Kind.SWEEP));
    }
}
