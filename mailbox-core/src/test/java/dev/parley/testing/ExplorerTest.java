package dev.parley.testing;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.store.Disk.Sync;
import dev.parley.testing.Explorer.Deaths;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** The search itself: it misses nothing, counts right, and tells what it saw. */
final class ExplorerTest {

    private static final Path COUNTER = Path.of("/counter");
    private static final Oracle NOTHING_TO_ASK = (subject, alive) -> List.of();

    private final SimulatedFiles files = SimulatedFiles.timeless();
    private final TreeSet<String> ends = new TreeSet<>();

    private final Rules collecting = new Rules() {
        @Override
        public void over(SimulatedFiles left) {
            ends.add(left.tree().toString());
        }
    };

    private Explorer explorer(Deaths deaths) {
        return new Explorer(files, NOTHING_TO_ASK, collecting, deaths);
    }

    /** Makes as many directories as it does rounds, all its own. */
    private static Program maker(World world) {
        return round -> {
            world.disk().makeDirectory(Path.of("/p" + world.process() + "r" + round));
            return "made";
        };
    }

    @Test
    void itTriesEveryInterleaving() {
        // Two that do not meet, with 3 and 4 calls: every pair of places.
        Report report = explorer(Deaths.NEVER)
                .with(3, ExplorerTest::maker)
                .with(4, ExplorerTest::maker)
                .explore();
        assertEquals(4 * 5, report.states());
        assertEquals(3 * 5 + 4 * 4, report.steps());
        assertEquals(1, report.ends());
        assertEquals(1, ends.size());
    }

    @Test
    void itTriesEveryDeath() {
        Report report = explorer(Deaths.ANY_TIME).with(3, ExplorerTest::maker).explore();
        // Dead with 0, 1 or 2 directories, or done with 3.
        assertEquals(4, report.ends());
        assertEquals(4, ends.size());
        assertEquals(4 + 3, report.states());
    }

    /** Reads a number and writes the next one: a lost update, if another comes between. */
    private static Program adder(World world) {
        return round -> {
            int number = Integer.parseInt(new String(world.disk().readFile(COUNTER, 9), US_ASCII));
            world.disk().overwriteFile(COUNTER, Integer.toString(number + 1).getBytes(US_ASCII), Sync.UNFORCED);
            return "added";
        };
    }

    @Test
    void itFindsEveryResultOfARace() throws IOException {
        files.disk().createFile(COUNTER, "0".getBytes(US_ASCII), Sync.UNFORCED);
        Function<World, Program> careful = world -> round -> {
            try {
                return adder(world).round(round);
            } catch (NumberFormatException e) {
                return "saw it half written";
            }
        };
        explorer(Deaths.NEVER).with(1, careful).with(1, careful).explore();
        assertEquals(new TreeSet<>(List.of("{/counter=1}", "{/counter=2}")), ends);
    }

    @Test
    void aBrokenRuleComesWithItsShortestHistory() throws IOException {
        files.disk().createFile(COUNTER, "0".getBytes(US_ASCII), Sync.UNFORCED);
        Rules rules = new Rules() {
            @Override
            public void ended(int process, int round, Object outcome, List<Step> steps) {
                assertEquals("added", outcome);
            }
        };
        Explorer explorer = new Explorer(files, NOTHING_TO_ASK, rules, Deaths.NEVER)
                .with(1, ExplorerTest::adder)
                .with(1, ExplorerTest::adder);
        AssertionError e = assertThrows(AssertionError.class, explorer::explore);
        List<String> lines = e.getMessage().lines().toList();
        assertTrue(lines.get(0).contains("NumberFormatException"), e::getMessage);
        // One opens, reads and truncates; the other opens and reads nothing.
        assertEquals(6, lines.size(), e::getMessage);
        assertTrue(e.getMessage().contains("p0 OpenTruncated"), e::getMessage);
        assertTrue(lines.get(5).contains("p1 Read"), e::getMessage);
    }

    @Test
    void codeThatIsNotDeterministicIsRefused() {
        AtomicInteger chance = new AtomicInteger();
        Explorer explorer = explorer(Deaths.NEVER).with(1, world -> round -> {
            world.disk().makeDirectory(Path.of("/d" + chance.incrementAndGet()));
            return world.disk().list(Path.of("/"));
        });
        IllegalStateException e = assertThrows(IllegalStateException.class, explorer::explore);
        assertTrue(e.getMessage().contains("not deterministic"), e::getMessage);
    }

    @Test
    void whoWaitsForWhatNeverComesIsFound() {
        Explorer explorer = explorer(Deaths.NEVER).with(1, world -> round -> {
            while (world.disk().stat(Path.of("/never")).isEmpty()) {
                world.settle("waiting");
            }
            return "came";
        });
        explorer.explore();
        AssertionError e = assertThrows(AssertionError.class, explorer::checkProgress);
        assertTrue(e.getMessage().contains("circles"), e::getMessage);
    }

    @Test
    void whoWaitsForAnotherThatComesIsFine() {
        Explorer explorer = explorer(Deaths.NEVER)
                .with(1, world -> round -> {
                    while (world.disk().stat(Path.of("/p1r0")).isEmpty()) {
                        world.settle("waiting");
                    }
                    return "came";
                })
                .with(1, ExplorerTest::maker);
        explorer.explore();
        explorer.checkProgress();
        assertEquals(1, ends.size());
    }

    @Test
    void everyAnswerOfTheOracleIsTried() {
        Oracle oracle = (subject, alive) -> List.of("yes", "no");
        new Explorer(files, oracle, collecting, Deaths.NEVER)
                .with(1, world -> round -> {
                    world.disk().makeDirectory(Path.of("/" + world.ask("shall I?")));
                    return "done";
                })
                .explore();
        assertEquals(new TreeSet<>(List.of("{/no/=}", "{/yes/=}")), ends);
    }

    @Test
    void whoIsInANamedStretchTogetherIsToldToTheRules() {
        TreeSet<String> seen = new TreeSet<>();
        Rules rules = new Rules() {
            @Override
            public void together(List<String> stretches) {
                seen.add(stretches.toString());
            }
        };
        Function<World, Program> visitor = world -> round -> {
            world.disk().stat(Path.of("/"));
            world.enter("in" + world.process());
            world.disk().stat(Path.of("/"));
            world.enter("");
            return world.disk().stat(Path.of("/"));
        };
        new Explorer(files, NOTHING_TO_ASK, rules, Deaths.NEVER)
                .with(1, visitor)
                .with(1, visitor)
                .explore();
        assertEquals(new TreeSet<>(List.of("[in0, in1]")), seen);
    }

    @Test
    void callsThatNobodyNoticesAreNoInterleavings() {
        Report report = explorer(Deaths.ANY_TIME)
                .unnoticed(call -> true)
                .with(3, ExplorerTest::maker)
                .with(3, ExplorerTest::maker)
                .explore();
        assertEquals(16, ends.size(), "each still dies with 0, 1, 2 or 3 directories");
        assertTrue(report.states() < 49, report::toString);
    }
}
