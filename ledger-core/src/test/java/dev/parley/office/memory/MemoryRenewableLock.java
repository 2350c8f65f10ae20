package dev.parley.office.memory;

import dev.parley.address.Ids;
import dev.parley.lock.LeaseLostException;
import dev.parley.lock.LockTimeoutException;
import dev.parley.lock.OwnerLock;
import dev.parley.lock.RenewableLease;
import dev.parley.lock.RenewableLock;
import dev.parley.office.memory.Memory.Tenure;
import dev.parley.process.ProcessTable;
import dev.parley.process.ProcessTable.Vitality;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** {@link RenewableLock} in memory. */
final class MemoryRenewableLock implements RenewableLock {

    /** A holder may die, and its lease run out, without anybody being notified. */
    private static final long LONGEST_PAUSE_MILLIS = 20;

    private final Memory memory;
    private final ProcessTable processes;
    private final String name;
    private final Duration lease;

    // Guarded by memory.
    private Optional<Tenure> seen = Optional.empty();
    private long seenSince;

    MemoryRenewableLock(Memory memory, ProcessTable processes, String name, Duration lease) {
        this.memory = memory;
        this.processes = processes;
        this.name = name;
        this.lease = lease;
    }

    @Override
    public Attempt tryAcquire() {
        synchronized (memory) {
            Tenure present = memory.tenures.get(name);
            if (present != null && !isDead(present) && !isLate(present)) {
                return new Held(describe(present));
            }
            String ownership = processes.self() + "." + Ids.random();
            Tenure ours = new Tenure(processes.self(), memory.now(), ownership, 0);
            memory.tenures.put(name, ours);
            return new Taken(new MemoryRenewableLease(ours));
        }
    }

    private boolean isDead(Tenure tenure) {
        return processes.vitality(tenure.holder()) == Vitality.DEAD;
    }

    private boolean isLate(Tenure present) {
        if (!seen.equals(Optional.of(present))) {
            seen = Optional.of(present);
            seenSince = memory.elapsedNanos();
        }
        return memory.elapsedNanos() - seenSince > lease.toNanos();
    }

    private static Holder describe(Tenure tenure) {
        return new Holder(tenure.name(), Optional.of(tenure.holder()), tenure.since());
    }

    @Override
    public RenewableLease acquire(Duration limit) throws IOException, InterruptedException {
        long start = System.nanoTime();
        synchronized (memory) {
            while (true) {
                Attempt attempt = tryAcquire();
                if (attempt instanceof Taken taken) {
                    return taken.lease();
                }
                Duration waited = Duration.ofNanos(System.nanoTime() - start);
                if (attempt instanceof Held held && waited.compareTo(limit) >= 0) {
                    Holder holder = held.holder();
                    Duration age = Duration.between(holder.since(), memory.now());
                    throw new LockTimeoutException(
                            name, waited, new OwnerLock.Busy(holder.ownership(), age), "process " + holder.ownership());
                }
                memory.wait(LONGEST_PAUSE_MILLIS);
            }
        }
    }

    @Override
    public Optional<Holder> holder() {
        synchronized (memory) {
            return Optional.ofNullable(memory.tenures.get(name))
                    .filter(tenure -> !isDead(tenure))
                    .map(MemoryRenewableLock::describe);
        }
    }

    private final class MemoryRenewableLease implements RenewableLease {

        // Guarded by memory.
        private Tenure ours;
        private long since = memory.elapsedNanos();

        MemoryRenewableLease(Tenure ours) {
            this.ours = ours;
        }

        private boolean isHeld() {
            return ours.equals(memory.tenures.get(name));
        }

        @Override
        public String ownership() {
            synchronized (memory) {
                return ours.name();
            }
        }

        @Override
        public Duration remaining() {
            synchronized (memory) {
                Duration remaining = lease.minusNanos(memory.elapsedNanos() - since);
                return !isHeld() || remaining.isNegative() ? Duration.ZERO : remaining;
            }
        }

        @Override
        public boolean renew() {
            synchronized (memory) {
                if (!isHeld()) {
                    return false;
                }
                ours = new Tenure(ours.holder(), ours.since(), ours.name(), ours.renewals() + 1);
                memory.tenures.put(name, ours);
                since = memory.elapsedNanos();
                return true;
            }
        }

        @Override
        public void ensureHeld(Duration act) throws LeaseLostException {
            synchronized (memory) {
                Duration remaining = remaining();
                if (remaining.isZero() || remaining.compareTo(act) < 0) {
                    throw new LeaseLostException(ours.name(), remaining, act);
                }
            }
        }

        @Override
        public void close() {
            synchronized (memory) {
                if (memory.tenures.remove(name, ours)) {
                    memory.notifyAll();
                }
            }
        }
    }
}
