package dev.parley.store.lock;

import dev.parley.address.Ids;
import dev.parley.address.SessionId;
import dev.parley.lock.GuardedValue;
import dev.parley.lock.Leases;
import dev.parley.lock.RenewableLock;
import dev.parley.process.ProcessTable;
import dev.parley.store.Store;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;

/** {@link Leases} of a file store. Safe for use by several threads. */
public final class Locks implements Leases {

    /** What a candidate begins with, and no lock does. */
    static final String CANDIDATE_PREFIX = "~";

    /** With the longest token there is, a candidate's name stays below 255 bytes, the longest file name. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,159}");

    private final Surroundings around;

    /** The locks of a store, judged by this process table. */
    public Locks(Store store, ProcessTable processes) {
        this(Surroundings.real(store, processes));
    }

    /**
     * The same, where another clock than this machine's measures the leases of {@link #renewable}.
     *
     * @param elapsed nanoseconds since some moment, alike in all processes
     */
    public Locks(Store store, ProcessTable processes, LongSupplier elapsed) {
        this(new Surroundings(store, processes, Ids::random, Pause.REAL, elapsed));
    }

    Locks(Surroundings around) {
        this.around = around;
    }

    @Override
    public FileOwnerLock named(String name) {
        return named(name, LEASE);
    }

    @Override
    public FileOwnerLock named(String name, Duration lease) {
        check(name, lease);
        return new FileOwnerLock(around, name, Lateness.byAge(lease));
    }

    @Override
    public RenewableLock renewable(String name, Duration lease) {
        check(name, lease);
        return new FileRenewableLock(around, name, lease);
    }

    private static void check(String name, Duration lease) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("not the name of a lock: " + name);
        }
        if (lease.isNegative() || lease.isZero()) {
            throw new IllegalArgumentException("a lease is longer than " + lease);
        }
    }

    @Override
    public GuardedValue value(SessionId owner, String name) {
        Path file = around.store().session(owner).resolve(name);
        return new CheckedValue(
                file, guarded(file, name + "-" + owner), around.store().trace());
    }

    @Override
    public GuardedValue shared(String name) {
        Path file = around.store().home().resolve(name);
        return new CheckedValue(file, guarded(file, name), around.store().trace());
    }

    /** A file that is only changed under the lock of this name. */
    public GuardedValue guarded(Path file, String name) {
        return guarded(file, name, LEASE);
    }

    /** A file that is only changed under the lock of this name, with another lease. */
    public GuardedValue guarded(Path file, String name, Duration lease) {
        return new GuardedFile(around.store().disk(), file, named(name, lease));
    }

    /**
     * The names in {@code locks/} that {@link #sweep} would remove at this moment.
     *
     * @throws IOException if the locks cannot be listed
     */
    public List<String> litter() throws IOException {
        return new Sweep(around.store(), around.processes()).find();
    }

    /**
     * Removes what dead processes have left behind: candidates, ownerships nobody came to displace, empty locks. Harmless
     * at any time, also to those it wrongly takes for dead: who loses a candidate makes a new one, who loses a lock
     * is fenced.
     *
     * @return how many directories were removed
     * @throws IOException if the locks cannot be listed; an entry that cannot be removed is traced and left
     */
    public int sweep() throws IOException {
        return new Sweep(around.store(), around.processes()).run();
    }
}
