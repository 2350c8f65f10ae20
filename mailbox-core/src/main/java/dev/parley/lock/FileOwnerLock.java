package dev.parley.lock;

import dev.parley.lock.ProcessTable.Vitality;
import dev.parley.store.Disk;
import dev.parley.store.Store;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * {@link OwnerLock} as a directory whose only entry is the name of the owner.
 *
 * <p>The owner <em>is</em> the lock, so there is no moment with a lock and no owner, and no two names that could
 * disagree. The proof is in {@code docs/LOCKING.md}; every step below is one system call of it.
 */
final class FileOwnerLock implements OwnerLock {

    /** How often one try looks again because the occupant left or was displaced meanwhile. */
    private static final int LOOKS = 8;

    private static final int FIRST_PAUSE_MILLIS = 1;
    private static final int LONGEST_PAUSE_MILLIS = 20;
    private static final byte[] NOTHING = {};

    private final Store store;
    private final Disk disk;
    private final ProcessTable processes;
    private final String name;
    private final Path lock;
    private final Duration leaseTime;

    FileOwnerLock(Store store, ProcessTable processes, String name, Duration leaseTime) {
        this.store = store;
        this.disk = store.disk();
        this.processes = processes;
        this.name = name;
        this.lock = store.locks().resolve(name);
        this.leaseTime = leaseTime;
    }

    @Override
    public Attempt tryAcquire() throws IOException {
        Candidate candidate = new Candidate();
        Attempt attempt = candidate.attempt();
        if (attempt instanceof Busy) {
            candidate.discard();
        }
        return attempt;
    }

    @Override
    public Lease acquire(Duration limit) throws IOException, InterruptedException {
        long start = System.nanoTime();
        Candidate candidate = new Candidate();
        int pause = FIRST_PAUSE_MILLIS;
        boolean taken = false;
        try {
            while (true) {
                Attempt attempt = candidate.attempt();
                if (attempt instanceof Taken won) {
                    taken = true;
                    return won.lease();
                }
                Duration waited = Duration.ofNanos(System.nanoTime() - start);
                if (attempt instanceof Busy busy && waited.compareTo(limit) >= 0) {
                    throw new LockTimeoutException(name, waited, busy);
                }
                // Random, so that waiters that came together do not stay together.
                Thread.sleep(1 + ThreadLocalRandom.current().nextInt(pause));
                pause = Math.min(pause * 2, LONGEST_PAUSE_MILLIS);
            }
        } finally {
            if (!taken) {
                candidate.discard();
            }
        }
    }

    /** A private directory that holds our token, ready to become the lock by one rename. */
    private final class Candidate {

        private OwnerToken token = OwnerToken.of(processes.self());
        private boolean prepared;

        private Path directory() {
            return lock.resolveSibling(name + "." + token + Locks.CANDIDATE_SUFFIX);
        }

        private void prepare() throws IOException {
            if (!prepared) {
                disk.makeDirectory(directory());
                disk.createFile(directory().resolve(token.toString()), NOTHING, Disk.Sync.UNFORCED);
                prepared = true;
            }
        }

        Attempt attempt() throws IOException {
            for (int look = 0; ; look++) {
                Optional<Busy> occupant = displaceIfDead();
                if (occupant.isPresent()) {
                    return occupant.get();
                }
                prepare();
                try {
                    disk.rename(directory(), lock);
                    return new Taken(new FileLease(store, lock, token));
                } catch (NoSuchFileException e) {
                    // A sweep took our candidate for a dead process's; a new name cannot be mistaken again.
                    token = OwnerToken.of(processes.self());
                    prepared = false;
                    tolerate(look, e);
                } catch (FileSystemException e) {
                    // Not empty: somebody was faster, and the next look sees whom. Anything else stays and is thrown.
                    tolerate(look, e);
                }
            }
        }

        private void tolerate(int look, FileSystemException e) throws FileSystemException {
            if (look >= LOOKS) {
                throw e;
            }
        }

        void discard() {
            if (prepared) {
                try {
                    Locks.removeCandidate(disk, directory(), token.toString());
                } catch (IOException e) {
                    // A later sweep removes it: its owner, we, will be dead by then.
                    store.trace().event("lock-candidate-left", Map.of("lock", name, "reason", e.toString()));
                }
            }
        }
    }

    /** Who is in the way, after unlinking every name there whose owner is dead or too late. */
    private Optional<Busy> displaceIfDead() throws IOException {
        List<String> owners;
        try {
            owners = disk.list(lock);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        for (String owner : owners) {
            Path file = lock.resolve(owner);
            Optional<Disk.Stat> stat = disk.stat(file);
            if (stat.isEmpty()) {
                continue;
            }
            Duration age = Duration.ofMillis(store.clock().millis() - stat.get().modifiedMillis());
            if (!mayBeDisplaced(owner, age)) {
                return Optional.of(new Busy(owner, age));
            }
            // Unlinking this unique name is the compare-and-swap: if the lock changed hands meanwhile, it is not there.
            try {
                disk.deleteFile(file);
                store.trace().event("lock-taken-over", Map.of("lock", name, "from", owner, "age_ms", age.toMillis()));
            } catch (NoSuchFileException e) {
                store.trace().event("lock-changed-hands", Map.of("lock", name, "from", owner));
            }
        }
        return Optional.empty();
    }

    private boolean mayBeDisplaced(String owner, Duration age) {
        Vitality vitality = OwnerToken.parse(owner)
                .map(token -> processes.vitality(token.holder()))
                .orElse(Vitality.UNKNOWN);
        // An age far below zero is a clock that was set back: without the bound, such a lock would be held for ever.
        return vitality == Vitality.DEAD || age.compareTo(leaseTime) > 0 || age.compareTo(leaseTime.negated()) < 0;
    }
}
