package dev.parley.store.lock;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.parley.lock.OwnerLock.Taken;
import dev.parley.process.ProcessIdentity;
import dev.parley.process.ProcessTable;
import dev.parley.store.Store;
import dev.parley.testing.Kernel;
import dev.parley.testing.Rules;
import dev.parley.testing.SimulatedDisk;
import dev.parley.testing.SimulatedFiles;
import dev.parley.trace.Trace;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What must hold of the lock, whatever happens to whom. */
final class LockRules implements Rules {

    private final LockModel model;
    private final Set<String> endings = new TreeSet<>();

    LockRules(LockModel model) {
        this.model = model;
    }

    /** Every state of the files in which nobody was left. */
    Set<String> endings() {
        return endings;
    }

    @Override
    public void changed(SimulatedFiles before, Step step, SimulatedFiles after) {
        Optional<String> was = before.content(LockModel.DATA);
        Optional<String> is = after.content(LockModel.DATA);
        boolean written = LockModel.isPublication(step) || !is.equals(was);
        // A file that is being written in place is judged when it is whole, or when everybody is dead.
        if (written && !is.equals(Optional.of("")) && number(is) != number(was) + 1) {
            throw new AssertionError("an update was lost: " + was + " became " + is);
        }
    }

    private static int number(Optional<String> content) {
        return content.filter(text -> !text.isEmpty()).map(Integer::parseInt).orElse(0);
    }

    @Override
    public void together(List<String> stretches) {
        // The first process may have been taken for dead, as a stalled one is; nobody else has, unless all may.
        boolean firstIsMisjudged = model.verdicts() == Verdicts.STALE_ABOUT_THE_FIRST;
        boolean anybodyIs = model.verdicts() == Verdicts.STALE || model.verdicts() == Verdicts.STALE_OR_LATE;
        List<String> wronged = stretches.stream()
                .filter(process -> !(firstIsMisjudged && process.equals("0")))
                .toList();
        if (!anybodyIs && wronged.size() > 1) {
            throw new AssertionError("two hold the lock and nobody was misjudged: " + wronged);
        }
    }

    @Override
    public void ended(int process, int round, Object outcome, List<Step> steps) {
        if (outcome instanceof Exception e) {
            throw new AssertionError("round " + round + " of process " + process + " failed: " + e, e);
        }
        boolean published = steps.stream().anyMatch(LockModel::isPublication);
        if (published != outcome.equals(LockModel.Outcome.PUBLISHED)) {
            throw new AssertionError("it said " + outcome + (published ? " after" : " without") + " publishing");
        }
    }

    @Override
    public void over(SimulatedFiles files) {
        endings.add(files.tree().toString());
        try {
            SimulatedFiles used = files.copy();
            checkUsable(used);
            checkSweepable(used);
            checkSweepable(files);
        } catch (IOException | InterruptedException e) {
            throw new AssertionError("the next process cannot go on: " + e, e);
        }
    }

    private void checkUsable(SimulatedFiles files) throws IOException, InterruptedException {
        Locks locks = locks(files, 7);
        if (!(locks.named(LockModel.NAME).tryAcquire() instanceof Taken taken)) {
            throw new AssertionError("everybody is dead and the lock is stuck");
        }
        if (files.content(LockModel.DATA).equals(Optional.of(""))) {
            throw new AssertionError("everybody is dead and has left a half-written file");
        }
        ((FileLease) taken.lease()).commit(LockModel.DATA, "7".getBytes(US_ASCII));
    }

    private void checkSweepable(SimulatedFiles files) throws IOException {
        locks(files, 8).sweep();
        List<String> left = files.disk().list(LockModel.LOCKS);
        if (!left.isEmpty()) {
            throw new AssertionError("a sweep has left " + left);
        }
    }

    /** The locks as a new process sees them when all others are dead, with the same mistake in it. */
    private Locks locks(SimulatedFiles files, int newcomer) throws IOException {
        Kernel kernel = files.kernel("newcomer");
        SimulatedDisk disk = new SimulatedDisk(call -> model.mutant().call(call, newcomer, kernel));
        Store store = Store.over(LockModel.HOME, disk, InstantSource.fixed(Instant.EPOCH), Trace.NONE);
        return new Locks(store, new SoleSurvivor(LockProgram.identity(newcomer)));
    }

    /** Everybody else is dead. */
    record SoleSurvivor(ProcessIdentity self) implements ProcessTable {
        @Override
        public Optional<ProcessIdentity> identify(long pid) {
            return Optional.of(self).filter(process -> process.pid() == pid);
        }

        @Override
        public Vitality vitality(ProcessIdentity process) {
            return process.equals(self) ? Vitality.ALIVE : Vitality.DEAD;
        }
    }
}
