package dev.parley.store.lock;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.parley.lock.LeaseLostException;
import dev.parley.lock.Leases;
import dev.parley.lock.OwnerLock;
import dev.parley.process.ProcessIdentity;
import dev.parley.process.ProcessTable;
import dev.parley.store.Store;
import dev.parley.store.lock.LockModel.Detail;
import dev.parley.store.lock.LockModel.Kind;
import dev.parley.testing.Program;
import dev.parley.testing.Reply;
import dev.parley.testing.Rules;
import dev.parley.testing.SimulatedDisk;
import dev.parley.testing.SystemCall;
import dev.parley.testing.World;
import dev.parley.trace.Trace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** A process of the model: runs the real lock and the real guarded file. */
final class LockProgram implements Program, Pause, ProcessTable {

    /** Nobody's patience ends: time stands still. */
    private static final Duration WAIT = Leases.WAIT;

    private final World world;
    private final List<Kind> rounds;
    private final LockModel model;
    private final Store store;

    // What the code knows in a round, for the keys that settle it.
    private int nonces;
    private int looks;
    private boolean candidateMade;
    private boolean published;

    LockProgram(World world, List<Kind> rounds, LockModel model) {
        this.world = world;
        this.rounds = rounds;
        this.model = model;
        InstantSource clock = model.verdicts() == Verdicts.STALE_OR_LATE
                ? () -> (Instant) world.ask(new Verdicts.Now())
                : InstantSource.fixed(Instant.EPOCH);
        try {
            this.store = Store.over(LockModel.HOME, new SimulatedDisk(this::call), clock, Trace.NONE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Object round(int round) throws Exception {
        nonces = 0;
        looks = 0;
        candidateMade = false;
        published = false;
        Locks locks = new Locks(new Surroundings(store, this, this::nonce, this));
        OwnerLock lock = new SettlingLock(locks.named(LockModel.NAME));
        return switch (rounds.get(round)) {
            case UPDATE -> update(lock);
            case HOLD -> hold(lock);
            case SWEEP -> locks.sweep();
        };
    }

    private Object update(OwnerLock lock) throws IOException, InterruptedException {
        GuardedFile file = new GuardedFile(store.disk(), LockModel.DATA, lock);
        try {
            if (model.mutant() == Mutant.READS_BEFORE_IT_LOCKS) {
                byte[] next = increment(file.read());
                try (FileLease lease = (FileLease) lock.acquire(WAIT)) {
                    lease.commit(LockModel.DATA, next);
                }
            } else {
                file.update(WAIT, LockProgram::increment);
            }
            return LockModel.Outcome.PUBLISHED;
        } catch (LeaseLostException e) {
            return LockModel.Outcome.LOST;
        }
    }

    private static byte[] increment(Optional<byte[]> present) {
        int number = present.map(bytes -> Integer.parseInt(new String(bytes, US_ASCII)))
                .orElse(0);
        return Integer.toString(number + 1).getBytes(US_ASCII);
    }

    private Object hold(OwnerLock lock) throws IOException, InterruptedException {
        try (FileLease lease = (FileLease) lock.acquire(WAIT)) {
            world.enter(Integer.toString(world.process()));
            store.disk().stat(LockModel.HOME);
            world.enter("");
            return lease.token().holder().equals(self()) ? LockModel.Outcome.HELD : LockModel.Outcome.LOST;
        }
    }

    private Reply call(SystemCall call) {
        if (model.detail() == Detail.MERGED) {
            settleBefore(call);
        }
        candidateMade |= call instanceof SystemCall.MakeDirectory;
        Reply reply = model.mutant().call(call, world.process(), world.kernel());
        published |= LockModel.isPublication(new Rules.Step(call, reply));
        return reply;
    }

    /** The places in the real code at which nothing of the past is in any variable but what {@link #settle} names. */
    private void settleBefore(SystemCall call) {
        if (call instanceof SystemCall.OpenDirectory open && open.path().equals(LockModel.LOCK)) {
            looks++;
            settle("looks");
        } else if (call instanceof SystemCall.MakeDirectory) {
            settle("makes a candidate");
        } else if (call instanceof SystemCall.Touch) {
            settle("tries again");
        } else if (call instanceof SystemCall.RemoveDirectory) {
            settle("tidies");
        }
    }

    private void settle(String where) {
        world.settle(where + " " + nonces + " " + looks + " " + candidateMade + " " + published);
    }

    private String nonce() {
        nonces++;
        candidateMade = false;
        return world.nonce();
    }

    @Override
    public long nanoTime() {
        return 0;
    }

    @Override
    public void upTo(int millis) {
        looks = 0;
        settle("waits");
    }

    @Override
    public ProcessIdentity self() {
        return identity(world.process());
    }

    @Override
    public Optional<ProcessIdentity> identify(long pid) {
        return Optional.of(identity((int) pid - 1));
    }

    @Override
    public Vitality vitality(ProcessIdentity process) {
        return (Vitality) world.ask(new Verdicts.Alive((int) process.pid() - 1));
    }

    static ProcessIdentity identity(int process) {
        return new ProcessIdentity(process + 1, 1, "model");
    }

    /** What stands in the candidate of the model's lock. */
    static String tokenOfCandidate(Path candidate) {
        String name = candidate.getFileName().toString();
        return name.substring((Locks.CANDIDATE_PREFIX + LockModel.NAME + ".").length());
    }

    /** The real lock; once it is taken, it does not matter how. */
    private final class SettlingLock implements OwnerLock {

        private final FileOwnerLock lock;

        SettlingLock(FileOwnerLock lock) {
            this.lock = lock;
        }

        @Override
        public Attempt tryAcquire() throws IOException {
            return lock.tryAcquire();
        }

        @Override
        public FileLease acquire(Duration limit) throws IOException, InterruptedException {
            FileLease lease = lock.acquire(limit);
            looks = 0;
            settle("taken");
            return lease;
        }
    }
}
