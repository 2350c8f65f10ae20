package dev.parley.store.lock;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.parley.lock.LeaseLostException;
import dev.parley.lock.RenewableLease;
import dev.parley.lock.RenewableLock;
import dev.parley.lock.RenewableLock.Taken;
import dev.parley.process.ProcessIdentity;
import dev.parley.process.ProcessTable;
import dev.parley.store.Store;
import dev.parley.store.lock.RenewalModel.Fails;
import dev.parley.store.lock.RenewalModel.Kind;
import dev.parley.store.lock.RenewalModel.Outcome;
import dev.parley.store.lock.RenewalModel.Trouble;
import dev.parley.testing.Errno;
import dev.parley.testing.Program;
import dev.parley.testing.Reply;
import dev.parley.testing.SimulatedDisk;
import dev.parley.testing.SystemCall;
import dev.parley.testing.World;
import dev.parley.trace.Trace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/** A process of the model: runs the real lock, lease and guarded file. */
final class RenewalProgram implements Program, Pause, ProcessTable {

    private final World world;
    private final Kind kind;
    private final RenewalModel model;
    private final Store store;

    // What the code knows in a round, for the keys that settle it.
    private int nonces;
    private boolean candidateMade;
    private boolean failed = true;
    private String names = "";
    private String seen = "";
    private long read;
    private long since;
    private boolean isFirstRead;
    private String stage = "";

    RenewalProgram(World world, Kind kind, RenewalModel model) {
        this.world = world;
        this.kind = kind;
        this.model = model;
        InstantSource clock = model.has(Trouble.SET_CLOCK)
                ? () -> (Instant) world.ask(new RenewalModel.Now())
                : InstantSource.fixed(Instant.EPOCH);
        try {
            this.store = Store.over(RenewalModel.HOME, new SimulatedDisk(this::call), clock, Trace.NONE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Object round(int round) throws Exception {
        nonces = 0;
        candidateMade = false;
        failed = false;
        seen = "";
        stage = "seeks";
        try {
            if (kind == Kind.SWEEP) {
                return new Locks(new Surroundings(store, this, this::nonce, this, this::elapsed)).sweep();
            }
            return seek(kind == Kind.HOLD || kind == Kind.COMMIT ? 1 : 2);
        } catch (LeaseLostException e) {
            return Outcome.LOST;
        } catch (IOException e) {
            if (failed) {
                return Outcome.FAILED;
            }
            throw e;
        }
    }

    private Object seek(int tries) throws IOException, InterruptedException {
        Surroundings around = new Surroundings(store, this, this::nonce, this, this::elapsed);
        RenewableLock lock = model.mutant().lock(around);
        for (int i = 0; i < tries; i++) {
            isFirstRead = true;
            if (lock.tryAcquire() instanceof Taken taken) {
                try (RenewableLease lease = taken.lease()) {
                    settle("taken");
                    return kind == Kind.COMMIT ? commit(around, lease) : hold(lease);
                }
            }
            world.settle("held " + nonces + " " + failed + " " + seen);
        }
        return Outcome.NOT_TAKEN;
    }

    private Object hold(RenewableLease lease) throws IOException {
        act(lease);
        settle("acted");
        if (kind != Kind.SEEK_AND_ACT) {
            isFirstRead = true;
            if (!lease.renew()) {
                return Outcome.LOST;
            }
            settle("renewed");
            act(lease);
            settle("acted again");
        }
        return Outcome.DONE;
    }

    private void act(RenewableLease lease) throws IOException {
        model.mutant().check(lease, RenewalModel.TICK);
        long until = read + RenewalModel.TICK.toNanos();
        world.enter(world.process() + " " + read + " " + until);
        store.disk().stat(RenewalModel.HOME);
        world.enter("");
    }

    private Object commit(Surroundings around, RenewableLease lease) throws IOException, InterruptedException {
        GuardedFile value = new GuardedFile(store.disk(), RenewalModel.DATA, new Locks(around).named("v"));
        for (int i = 0; i < 2; i++) {
            stage = "commits " + i;
            model.mutant().commit(lease, value, this::append);
            settle("committed");
        }
        return Outcome.DONE;
    }

    private byte[] append(Optional<byte[]> present) {
        return (present.map(bytes -> new String(bytes, US_ASCII)).orElse("") + world.process()).getBytes(US_ASCII);
    }

    /** Nothing of the past is in any variable but this. */
    private void settle(String where) {
        stage = where;
        world.settle(where + " " + nonces + " " + failed + " " + since);
    }

    private Reply call(SystemCall call) {
        if (model.has(Trouble.FAILED_CALLS) && !failed && changesSomething(call)) {
            failed = (boolean) world.ask(new Fails());
            if (failed) {
                return new Reply.Failed(Errno.EIO);
            }
        }
        candidateMade |= call instanceof SystemCall.MakeDirectory;
        Reply reply = model.mutant().call(call, world.kernel());
        names = reply instanceof Reply.Names list ? list.names().toString() : names;
        return reply;
    }

    private static boolean changesSomething(SystemCall call) {
        return call instanceof SystemCall.Rename
                || call instanceof SystemCall.Unlink
                || call instanceof SystemCall.MakeDirectory
                || call instanceof SystemCall.RemoveDirectory
                || call instanceof SystemCall.OpenNew;
    }

    private long elapsed() {
        if (model.ticks() > 0) {
            try {
                read = store.disk().stat(RenewalModel.ELAPSED).orElseThrow().size() * RenewalModel.TICK.toNanos();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        if (isFirstRead) {
            since = read;
            isFirstRead = false;
        } else {
            seen += names + read;
        }
        return read;
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
        world.settle("waits " + stage + " " + nonces + " " + candidateMade + " " + failed + " " + since);
    }

    @Override
    public ProcessIdentity self() {
        return LockProgram.identity(world.process());
    }

    @Override
    public Optional<ProcessIdentity> identify(long pid) {
        return Optional.of(LockProgram.identity((int) pid - 1));
    }

    @Override
    public Vitality vitality(ProcessIdentity process) {
        return (Vitality) world.ask(new RenewalModel.Alive((int) process.pid() - 1));
    }
}
