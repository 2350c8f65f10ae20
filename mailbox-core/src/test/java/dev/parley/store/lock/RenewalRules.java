package dev.parley.store.lock;

import dev.parley.lock.RenewableLock;
import dev.parley.lock.RenewableLock.Taken;
import dev.parley.process.ProcessIdentity;
import dev.parley.process.ProcessTable;
import dev.parley.store.Store;
import dev.parley.store.lock.RenewalModel.Trouble;
import dev.parley.testing.Rules;
import dev.parley.testing.SimulatedFiles;
import dev.parley.trace.Trace;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** What must hold of ownership that is renewed, whatever happens to whom. */
final class RenewalRules implements Rules {

    private static final long LEASE_AND_MORE = RenewalModel.LEASE.plusMillis(1).toNanos();

    private final RenewalModel model;

    RenewalRules(RenewalModel model) {
        this.model = model;
    }

    /** Each stretch says from when until when the lease is good for the act, by the clock that all share. */
    @Override
    public void together(List<String> stretches) {
        if (model.has(Trouble.STALE_VERDICTS)) {
            return;
        }
        for (int i = 0; i < stretches.size(); i++) {
            for (int j = 0; j < i; j++) {
                String[] one = stretches.get(i).split(" ", -1);
                String[] other = stretches.get(j).split(" ", -1);
                if (Long.parseLong(one[1]) < Long.parseLong(other[2])
                        && Long.parseLong(other[1]) < Long.parseLong(one[2])) {
                    throw new AssertionError("two act at one time: " + stretches);
                }
            }
        }
    }

    /** A value holds the process of each commit, in their order, and each process acquires the name once. */
    @Override
    public void changed(SimulatedFiles before, Step step, SimulatedFiles after) {
        String commits = after.content(RenewalModel.DATA).orElse("");
        for (int i = 2; i < commits.length(); i++) {
            char committer = commits.charAt(i);
            if (committer != commits.charAt(i - 1) && commits.substring(0, i).indexOf(committer) >= 0) {
                throw new AssertionError("one committed after another took over: " + commits);
            }
        }
    }

    @Override
    public void ended(int process, int round, Object outcome, List<Step> steps) {
        if (outcome instanceof Exception e) {
            throw new AssertionError("process " + process + " failed: " + e, e);
        }
    }

    @Override
    public void over(SimulatedFiles files) {
        try {
            checkNotStranded(files.copy());
            checkUsableAndSweepable(files);
        } catch (IOException e) {
            throw new AssertionError("the next process cannot go on: " + e, e);
        }
    }

    /** Whoever is left in the lock stalls for ever, for all that can be told. */
    private void checkNotStranded(SimulatedFiles files) throws IOException {
        AtomicLong elapsed = new AtomicLong();
        Surroundings around = around(files, new Strangers(LockProgram.identity(7)), elapsed);
        RenewableLock lock = model.mutant().lock(around);
        if (lock.tryAcquire() instanceof Taken) {
            return;
        }
        elapsed.addAndGet(LEASE_AND_MORE);
        if (!(lock.tryAcquire() instanceof Taken)) {
            throw new AssertionError("stranded: nobody renews, and the name is held after a lease");
        }
    }

    private void checkUsableAndSweepable(SimulatedFiles files) throws IOException {
        Surroundings around = around(files, new LockRules.SoleSurvivor(LockProgram.identity(8)), new AtomicLong());
        RenewableLock lock = model.mutant().lock(around);
        if (!(lock.tryAcquire() instanceof Taken taken)) {
            throw new AssertionError("stranded: all are dead, and the name is held");
        }
        taken.lease().close();
        new Locks(around).sweep();
        List<String> left = files.disk().list(RenewalModel.HOME.resolve("locks"));
        if (!left.isEmpty()) {
            throw new AssertionError("a sweep has left " + left);
        }
    }

    private static Surroundings around(SimulatedFiles files, ProcessTable processes, AtomicLong elapsed)
            throws IOException {
        InstantSource clock = () -> Instant.EPOCH.plusNanos(elapsed.get());
        Store store = Store.over(RenewalModel.HOME, files.disk(), clock, Trace.NONE);
        return new Surroundings(store, processes, () -> "newcomer", Pause.REAL, elapsed::get);
    }

    /** Nobody else is known. */
    private record Strangers(ProcessIdentity self) implements ProcessTable {
        @Override
        public Optional<ProcessIdentity> identify(long pid) {
            return Optional.of(self).filter(process -> process.pid() == pid);
        }

        @Override
        public Vitality vitality(ProcessIdentity process) {
            return process.equals(self) ? Vitality.ALIVE : Vitality.UNKNOWN;
        }
    }
}
