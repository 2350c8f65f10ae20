package dev.parley.store.lock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.store.lock.LockActor.Inside;
import dev.parley.store.lock.LockActor.Outside;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * Random schedules of real threads and real processes, one step after the other, against a model of what must come of each
 * step. What happens when they move at once is for {@link OwnerLockRaceTest} and {@link OwnerLockModelTest}.
 */
final class OwnerLockPropertyTest {

    /** Nobody is late. */
    private static final Duration LONG = Duration.ofHours(1);
    /** Everybody is, now and then. */
    private static final Duration SHORT = Duration.ofMillis(60);

    /** File times lag behind by as much as a tick of the kernel's clock. */
    private static final Duration TICK = Duration.ofMillis(10);

    private static final int ACTORS = 4;
    private static final int FIRST_OUTSIDE = 2;

    private enum Action {
        ACQUIRE,
        COMMIT,
        RELEASE,
        KILL,
        OUTLAST
    }

    private record Step(int actor, Action action) {}

    private static final List<LockActor> ACTORS_ALIVE = new ArrayList<>();
    private static Path temp = Path.of("");
    private static int homes;

    @BeforeContainer
    static void start() throws IOException {
        temp = Files.createTempDirectory("parley-lock").toRealPath();
        for (int actor = 0; actor < ACTORS; actor++) {
            ACTORS_ALIVE.add(started(actor));
        }
    }

    private static LockActor started(int actor) throws IOException {
        return actor < FIRST_OUTSIDE ? new Inside(temp.resolve("home0"), LONG) : new Outside();
    }

    @AfterContainer
    static void end() throws IOException {
        for (LockActor actor : ACTORS_ALIVE) {
            actor.close();
        }
        ACTORS_ALIVE.clear();
        try (Stream<Path> all = Files.walk(temp)) {
            all.sorted(Comparator.reverseOrder()).forEach(OwnerLockPropertyTest::delete);
        }
    }

    private static void delete(Path path) {
        try {
            Files.delete(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Provide
    Arbitrary<List<Step>> schedules() {
        return steps(Action.ACQUIRE, Action.ACQUIRE, Action.COMMIT, Action.RELEASE);
    }

    @Provide
    Arbitrary<List<Step>> deadlySchedules() {
        return steps(Action.ACQUIRE, Action.ACQUIRE, Action.ACQUIRE, Action.COMMIT, Action.RELEASE, Action.KILL);
    }

    @Provide
    Arbitrary<List<Step>> lateSchedules() {
        return steps(Action.ACQUIRE, Action.COMMIT, Action.RELEASE, Action.OUTLAST);
    }

    private static Arbitrary<List<Step>> steps(Action... actions) {
        return Combinators.combine(Arbitraries.integers().between(0, ACTORS - 1), Arbitraries.of(actions))
                .as(Step::new)
                .list()
                .ofMinSize(10)
                .ofMaxSize(40);
    }

    @Property(tries = 60, shrinking = ShrinkingMode.BOUNDED)
    void oneHoldsItAndHisCommitsStay(@ForAll("schedules") List<Step> schedule) throws IOException {
        new Run(LONG).all(schedule);
    }

    @Property(tries = 6, shrinking = ShrinkingMode.OFF)
    void theDeadHoldNothing(@ForAll("deadlySchedules") List<Step> schedule) throws IOException {
        new Run(LONG).all(schedule);
    }

    @Property(tries = 8, shrinking = ShrinkingMode.OFF)
    void theLateAreDisplacedAndCannotCommit(@ForAll("lateSchedules") List<Step> schedule) throws IOException {
        new Run(SHORT).all(schedule);
    }

    @Property(tries = 50, shrinking = ShrinkingMode.OFF)
    @Tag("slow")
    void theDeadHoldNothingAtLength(@ForAll("deadlySchedules") List<Step> schedule) throws IOException {
        new Run(LONG).all(schedule);
    }

    @Property(tries = 50, shrinking = ShrinkingMode.OFF)
    @Tag("slow")
    void theLateAreDisplacedAndCannotCommitAtLength(@ForAll("lateSchedules") List<Step> schedule) throws IOException {
        new Run(SHORT).all(schedule);
    }

    /** One schedule on a store of its own, with what must be true of it. */
    private static final class Run {

        private final Duration lease;
        private final Path home;
        private final LockWorker reader;
        private final boolean[] thinksItHolds = new boolean[ACTORS];
        private final StringBuilder expected = new StringBuilder();
        private Optional<Integer> holder = Optional.empty();
        private long heldSince;
        private int names;

        Run(Duration lease) throws IOException {
            this.lease = lease;
            this.home = temp.resolve("home" + ++homes);
            this.reader = new LockWorker(home, lease);
            for (LockActor actor : ACTORS_ALIVE) {
                actor.open(home, lease);
            }
        }

        void all(List<Step> schedule) throws IOException {
            for (Step step : schedule) {
                one(step);
                assertEquals(expected.toString(), reader.read(), () -> "after " + step);
            }
            for (int actor = 0; actor < ACTORS; actor++) {
                one(new Step(actor, Action.RELEASE));
            }
            assertEquals("taken", reader.acquire(), "free in the end");
            reader.release();
        }

        private void one(Step step) throws IOException {
            int actor = step.actor();
            switch (step.action()) {
                case ACQUIRE -> acquire(actor);
                case COMMIT -> commit(actor);
                case RELEASE -> release(actor);
                case KILL -> kill(actor);
                case OUTLAST -> outlast(actor);
            }
        }

        /** A second lease of an actor who has one would only confuse the test. */
        private void acquire(int actor) throws IOException {
            if (thinksItHolds[actor]) {
                return;
            }
            long before = System.nanoTime();
            String said = ACTORS_ALIVE.get(actor).acquire();
            if (holder.isEmpty()) {
                assertEquals("taken", said, "it was free");
            }
            if (said.equals("taken")) {
                taken(actor, before);
            }
        }

        private void taken(int actor, long before) {
            if (holder.isPresent()) {
                Duration since = Duration.ofNanos(System.nanoTime() - heldSince).plus(TICK);
                assertTrue(since.compareTo(lease) >= 0, () -> "two hold it, the first for only " + since);
            }
            holder = Optional.of(actor);
            heldSince = before;
            thinksItHolds[actor] = true;
        }

        private void commit(int actor) throws IOException {
            String name = "u" + names++;
            String said = ACTORS_ALIVE.get(actor).commit(name);
            assertEquals(!thinksItHolds[actor] ? "nothing" : isHolder(actor) ? "committed" : "lost", said);
            if (said.equals("committed")) {
                expected.append(name).append('\n');
            }
            leave(actor);
        }

        private void release(int actor) throws IOException {
            assertEquals(
                    thinksItHolds[actor] ? "released" : "nothing",
                    ACTORS_ALIVE.get(actor).release());
            leave(actor);
        }

        private void kill(int actor) throws IOException {
            if (ACTORS_ALIVE.get(actor) instanceof Outside process) {
                process.kill();
                process.close();
                ACTORS_ALIVE.set(actor, started(actor));
                ACTORS_ALIVE.get(actor).open(home, lease);
                leave(actor);
            }
        }

        /** Waits for the holder, if there is one, until he is late. */
        private void outlast(int actor) throws IOException {
            while (!thinksItHolds[actor]) {
                acquire(actor);
            }
        }

        private boolean isHolder(int actor) {
            return holder.equals(Optional.of(actor));
        }

        private void leave(int actor) {
            thinksItHolds[actor] = false;
            if (isHolder(actor)) {
                holder = Optional.empty();
            }
        }
    }
}
