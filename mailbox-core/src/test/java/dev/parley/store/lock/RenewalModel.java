package dev.parley.store.lock;

import dev.parley.process.ProcessTable.Vitality;
import dev.parley.store.Disk.Sync;
import dev.parley.testing.Explorer;
import dev.parley.testing.Explorer.Deaths;
import dev.parley.testing.Oracle;
import dev.parley.testing.SimulatedFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;

/**
 * A bound within which everything that can happen to ownership that is renewed is tried.
 *
 * <p>Time is a process of the search, so it passes at any moment and by any amount: each of its rounds is a tick. How many
 * there were is the size of a file, so all processes see the same time.
 *
 * @param processes what each process does
 * @param ticks how often time passes
 * @param troubles what else happens
 * @param mutant which mistake they make
 */
record RenewalModel(List<Kind> processes, int ticks, Set<Trouble> troubles, RenewalMutant mutant) implements Oracle {

    static final Path HOME = Path.of("/home");
    static final Path TIME = Path.of("/time");
    static final Path ELAPSED = TIME.resolve("elapsed");
    static final Path DATA = HOME.resolve("data");
    static final String NAME = "l";
    static final Duration TICK = Duration.ofSeconds(1);
    static final Duration LEASE = TICK.multipliedBy(2);

    /** What a process does. */
    enum Kind {
        /** Tries once, acts, renews, acts and releases. */
        HOLD,
        /** The same, and tries twice. */
        SEEK,
        /** The same, and does not renew. */
        SEEK_AND_ACT,
        /** Tries once, and commits twice. */
        COMMIT,
        /** Sweeps the locks. */
        SWEEP
    }

    /** What may go wrong at any time. */
    enum Trouble {
        /** A living process is taken for dead. */
        STALE_VERDICTS,
        /** The time of day is another than it was a moment ago. */
        SET_CLOCK,
        /** A call that changes something fails, once for each process. */
        FAILED_CALLS
    }

    /** What a round says came of it. */
    enum Outcome {
        NOT_TAKEN,
        LOST,
        DONE,
        FAILED
    }

    /** Asks whether a process lives. */
    record Alive(int process) {}

    /** Asks for the time of day. */
    record Now() {}

    /** Asks whether a call fails. */
    record Fails() {}

    private static final Instant LATE = Instant.EPOCH.plus(LEASE).plusSeconds(1);

    static RenewalModel of(int ticks, Set<Trouble> troubles, Kind... processes) {
        return new RenewalModel(List.of(processes), ticks, troubles, RenewalMutant.NONE);
    }

    RenewalModel with(RenewalMutant other) {
        return new RenewalModel(processes, ticks, troubles, other);
    }

    boolean has(Trouble trouble) {
        return troubles.contains(trouble);
    }

    Explorer explorer(RenewalRules rules) {
        Explorer explorer = new Explorer(files(), this, rules, Deaths.ANY_TIME);
        for (Kind kind : processes) {
            explorer.with(1, world -> new RenewalProgram(world, kind, this));
        }
        if (ticks > 0) {
            explorer.with(ticks, world -> round -> {
                world.disk().rename(tick(round + 1), ELAPSED);
                return Outcome.DONE;
            });
        }
        return processes.contains(Kind.SWEEP)
                ? explorer
                : explorer.unnoticed(call -> LockModel.isUnnoticed(call, HOME.resolve("locks")));
    }

    private static Path tick(int number) {
        return TIME.resolve("tick-" + number);
    }

    private SimulatedFiles files() {
        SimulatedFiles files = SimulatedFiles.timeless();
        try {
            files.disk().makeDirectory(HOME);
            files.disk().makeDirectory(TIME);
            files.disk().createFile(ELAPSED, new byte[0], Sync.UNFORCED);
            for (int number = 1; number <= ticks; number++) {
                files.disk().createFile(tick(number), new byte[number], Sync.UNFORCED);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files;
    }

    @Override
    public List<Object> answers(Object subject, IntPredicate alive) {
        if (subject instanceof Alive of) {
            if (!alive.test(of.process())) {
                return List.of(Vitality.DEAD);
            }
            return has(Trouble.STALE_VERDICTS) ? List.of(Vitality.ALIVE, Vitality.DEAD) : List.of(Vitality.ALIVE);
        }
        return subject instanceof Now ? List.of(Instant.EPOCH, LATE) : List.of(false, true);
    }
}
