package dev.parley.store.lock;

import dev.parley.testing.Explorer;
import dev.parley.testing.Explorer.Deaths;
import dev.parley.testing.Reply;
import dev.parley.testing.Rules;
import dev.parley.testing.SimulatedFiles;
import dev.parley.testing.SystemCall;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A bound within which everything that can happen to the lock is tried.
 *
 * @param processes what each process does, round by round
 * @param verdicts how wrong they may be about each other
 * @param detail which ways are taken together
 * @param deaths whether they die
 * @param mutant which mistake they make
 */
record LockModel(List<List<Kind>> processes, Verdicts verdicts, Detail detail, Deaths deaths, Mutant mutant) {

    static final Path HOME = Path.of("/home");
    static final Path DATA = HOME.resolve("data");
    static final Path LOCKS = HOME.resolve("locks");
    static final String NAME = "l";
    static final Path LOCK = LOCKS.resolve(NAME);

    /** What one round does. */
    enum Kind {
        /** Adds one to the number in the guarded file. */
        UPDATE,
        /** Holds the lock for a while and gives it back. */
        HOLD,
        /** Sweeps the locks. */
        SWEEP
    }

    /** What a round says came of it. */
    enum Outcome {
        PUBLISHED,
        LOST,
        HELD
    }

    /** Where ways through the code are taken together. */
    enum Detail {
        /** Where a waiter begins again, without which there would be no end, and where the lock was taken; nowhere else. */
        FULL,
        /**
         * Also at other calls before which the code's state is only what a key says; and calls that no other process can
         * notice are no points at which the others move.
         */
        MERGED
    }

    /** So many processes that all do the same. */
    static LockModel of(int processes, Verdicts verdicts, Kind... rounds) {
        return new LockModel(
                Collections.nCopies(processes, List.of(rounds)), verdicts, Detail.FULL, Deaths.ANY_TIME, Mutant.NONE);
    }

    LockModel and(Kind... rounds) {
        List<List<Kind>> more = new ArrayList<>(processes);
        more.add(List.of(rounds));
        return new LockModel(more, verdicts, detail, deaths, mutant);
    }

    LockModel with(Detail other) {
        return new LockModel(processes, verdicts, other, deaths, mutant);
    }

    LockModel with(Deaths other) {
        return new LockModel(processes, verdicts, detail, other, mutant);
    }

    LockModel with(Mutant other) {
        return new LockModel(processes, verdicts, detail, deaths, other);
    }

    /** The search of this bound. */
    Explorer explorer(LockRules rules) {
        Explorer explorer = new Explorer(emptyHome(), verdicts, rules, deaths);
        for (List<Kind> rounds : processes) {
            explorer.with(rounds.size(), world -> new LockProgram(world, rounds, this));
        }
        return detail == Detail.MERGED ? explorer.unnoticed(call -> isUnnoticed(call, LOCKS)) : explorer;
    }

    private static SimulatedFiles emptyHome() {
        SimulatedFiles files = SimulatedFiles.timeless();
        try {
            files.disk().makeDirectory(HOME);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return files;
    }

    /** Whether a call published new data. */
    static boolean isPublication(Rules.Step step) {
        return step.call() instanceof SystemCall.Rename rename
                && rename.to().equals(DATA)
                && step.reply().equals(Reply.DONE);
    }

    /**
     * As long as nobody sweeps: what a process does in its own candidate, which has a name that nobody else knows; what it
     * writes into its own token, which nobody reads before it is published; and forcing the home, which is always there.
     */
    static boolean isUnnoticed(SystemCall call, Path locks) {
        if (call instanceof SystemCall.MakeDirectory make) {
            return isInCandidate(make.path(), locks);
        }
        if (call instanceof SystemCall.OpenNew open) {
            return isInCandidate(open.path(), locks);
        }
        if (call instanceof SystemCall.Touch touch) {
            return isInCandidate(touch.path(), locks);
        }
        if (call instanceof SystemCall.Write write) {
            return isInCandidate(Path.of(write.handle()), locks);
        }
        return call instanceof SystemCall.OpenDirectory open && open.path().equals(HOME);
    }

    private static boolean isInCandidate(Path path, Path locks) {
        return path.startsWith(locks)
                && path.getName(locks.getNameCount()).toString().startsWith(Locks.CANDIDATE_PREFIX);
    }
}
