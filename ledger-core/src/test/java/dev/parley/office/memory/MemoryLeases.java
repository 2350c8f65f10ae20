package dev.parley.office.memory;

import dev.parley.address.Ids;
import dev.parley.address.SessionId;
import dev.parley.lock.GuardedValue;
import dev.parley.lock.Lease;
import dev.parley.lock.LeaseLostException;
import dev.parley.lock.Leases;
import dev.parley.lock.LockTimeoutException;
import dev.parley.lock.OwnerLock;
import dev.parley.lock.RenewableLock;
import dev.parley.office.memory.Memory.Ownership;
import dev.parley.office.memory.Memory.ValueKey;
import dev.parley.process.ProcessTable;
import dev.parley.process.ProcessTable.Vitality;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/** {@link Leases} in memory. */
final class MemoryLeases implements Leases {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,159}");

    /** A holder may die, and its lease run out, without anybody being notified. */
    private static final long LONGEST_PAUSE_MILLIS = 20;

    private final Memory memory;
    private final ProcessTable processes;

    MemoryLeases(Memory memory, ProcessTable processes) {
        this.memory = memory;
        this.processes = processes;
    }

    @Override
    public OwnerLock named(String name, Duration lease) {
        check(name, lease);
        return new MemoryLock(name, lease);
    }

    @Override
    public RenewableLock renewable(String name, Duration lease) {
        check(name, lease);
        return new MemoryRenewableLock(memory, processes, name, lease);
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
        return new MemoryValue(new ValueKey(Optional.of(owner), name), new MemoryLock(name + "-" + owner, LEASE));
    }

    @Override
    public GuardedValue shared(String name) {
        return new MemoryValue(new ValueKey(Optional.empty(), name), new MemoryLock(name, LEASE));
    }

    private final class MemoryLock implements OwnerLock {

        private final String name;
        private final Duration lease;

        MemoryLock(String name, Duration lease) {
            this.name = name;
            this.lease = lease;
        }

        @Override
        public Attempt tryAcquire() {
            synchronized (memory) {
                Ownership present = memory.locks.get(name);
                if (present != null) {
                    Duration age = Duration.between(present.since(), memory.now());
                    if (processes.vitality(present.holder()) != Vitality.DEAD
                            && age.abs().compareTo(lease) <= 0) {
                        return new Busy(present.name(), age);
                    }
                }
                Ownership ours = new Ownership(processes.self(), memory.now(), processes.self() + "." + Ids.random());
                memory.locks.put(name, ours);
                return new Taken(new MemoryLease(name, ours));
            }
        }

        @Override
        public MemoryLease acquire(Duration limit) throws IOException, InterruptedException {
            long start = System.nanoTime();
            synchronized (memory) {
                while (true) {
                    Attempt attempt = tryAcquire();
                    if (attempt instanceof Taken taken) {
                        return (MemoryLease) taken.lease();
                    }
                    Duration waited = Duration.ofNanos(System.nanoTime() - start);
                    if (attempt instanceof Busy busy && waited.compareTo(limit) >= 0) {
                        throw new LockTimeoutException(name, waited, busy, "process " + busy.holder());
                    }
                    memory.wait(LONGEST_PAUSE_MILLIS);
                }
            }
        }
    }

    private final class MemoryLease implements Lease {

        private final String lock;
        private final Ownership ours;

        MemoryLease(String lock, Ownership ours) {
            this.lock = lock;
            this.ours = ours;
        }

        @Override
        public void ensureHeld() throws LeaseLostException {
            synchronized (memory) {
                if (!ours.equals(memory.locks.get(lock))) {
                    throw new LeaseLostException(ours.name(), new IOException("lock " + lock + " is not ours"));
                }
            }
        }

        @Override
        public void close() {
            synchronized (memory) {
                if (memory.locks.remove(lock, ours)) {
                    memory.notifyAll();
                }
            }
        }
    }

    private final class MemoryValue implements GuardedValue {

        private final ValueKey key;
        private final MemoryLock lock;

        MemoryValue(ValueKey key, MemoryLock lock) {
            this.key = key;
            this.lock = lock;
        }

        @Override
        public Optional<byte[]> read() {
            synchronized (memory) {
                return Optional.ofNullable(memory.values.get(key)).map(byte[]::clone);
            }
        }

        @Override
        public byte[] update(Duration wait, Change change) throws IOException, InterruptedException {
            try (MemoryLease lease = lock.acquire(wait)) {
                byte[] next = change.apply(read());
                if (next.length > MAX_BYTES) {
                    throw new IllegalArgumentException(key + " would grow to " + next.length + " bytes");
                }
                synchronized (memory) {
                    // In one step with the change: a displaced holder's is not made.
                    lease.ensureHeld();
                    memory.values.put(key, next.clone());
                }
                return next;
            }
        }
    }
}
