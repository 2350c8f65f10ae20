package dev.parley.store.lock;

import dev.parley.lock.LockTimeoutException;
import dev.parley.lock.OwnerLock;
import dev.parley.store.Disk;
import dev.parley.trace.Event;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * {@link OwnerLock} as a directory whose only entry is the name of the owner.
 *
 * <p>The owner <em>is</em> the lock, so there is no moment with a lock and no owner, and no two names that could
 * disagree. The proof is in {@code docs/LOCKING.md}; every step below is one system call of it.
 */
public final class FileOwnerLock implements OwnerLock {

    /** One look displaces whoever is dead and may then lose the race; the second says who won it. */
    private static final int LOOKS = 2;

    private static final int FIRST_PAUSE_MILLIS = 1;
    private static final int LONGEST_PAUSE_MILLIS = 20;
    private static final byte[] NOTHING = {};

    private final Surroundings around;
    private final Disk disk;
    private final String name;
    private final Path lock;
    private final Occupants occupants;

    FileOwnerLock(Surroundings around, String name, Lateness lateness) {
        this.around = around;
        this.disk = around.store().disk();
        this.name = name;
        this.lock = around.store().locks().resolve(name);
        this.occupants = new Occupants(around, lock, lateness);
    }

    @Override
    public Attempt tryAcquire() throws IOException {
        try (Candidate candidate = new Candidate()) {
            return candidate.attempt();
        }
    }

    /** The same; empty if it was not acquired. */
    public Optional<FileLease> takeIfFree() throws IOException {
        return tryAcquire() instanceof Taken taken ? Optional.of((FileLease) taken.lease()) : Optional.empty();
    }

    @Override
    public FileLease acquire(Duration limit) throws IOException, InterruptedException {
        long start = around.pause().nanoTime();
        int longest = FIRST_PAUSE_MILLIS;
        try (Candidate candidate = new Candidate()) {
            while (true) {
                Attempt attempt = candidate.attempt();
                if (attempt instanceof Taken won) {
                    return (FileLease) won.lease();
                }
                Duration waited = Duration.ofNanos(around.pause().nanoTime() - start);
                if (attempt instanceof Busy busy && waited.compareTo(limit) >= 0) {
                    throw new LockTimeoutException(name, waited, busy, describe(busy.holder()));
                }
                around.pause().upTo(longest);
                longest = Math.min(longest * 2, LONGEST_PAUSE_MILLIS);
            }
        }
    }

    static String describe(String holder) {
        return OwnerToken.parse(holder)
                .map(token -> "process " + token.holder().pid() + " (" + holder + ")")
                .orElse(holder);
    }

    /** A private directory that holds a new token, ready to become the lock by one rename. */
    private final class Candidate implements AutoCloseable {

        private OwnerToken token = around.newToken();
        private boolean onDisk;

        private Path directory() {
            return lock.resolveSibling(Locks.CANDIDATE_PREFIX + name + "." + token);
        }

        private Path tokenFile() {
            return directory().resolve(token.toString());
        }

        Attempt attempt() throws IOException {
            String lost = "";
            for (int look = 0; look < LOOKS; look++) {
                Optional<Busy> occupant = occupants.displaceIfDead();
                if (occupant.isPresent()) {
                    return occupant.get();
                }
                if (!prepare()) {
                    continue;
                }
                try {
                    disk.rename(directory(), lock);
                    onDisk = false;
                    return new Taken(new FileLease(around.store(), lock, token));
                } catch (NoSuchFileException e) {
                    renew();
                } catch (FileSystemException e) {
                    // Not empty: somebody was faster, and the next look sees whom, if he has not left again by then.
                    lost = String.valueOf(e.getReason());
                }
            }
            return new Busy("somebody who has left again (" + lost + ")", Duration.ZERO);
        }

        /** Makes the candidate, or makes it as good as new; not so if a sweep took it for a dead process's meanwhile. */
        private boolean prepare() throws IOException {
            boolean isNew = !onDisk;
            if (isNew) {
                onDisk = true;
                disk.makeDirectory(directory());
            }
            try {
                if (isNew) {
                    disk.createFile(tokenFile(), NOTHING, Disk.Sync.UNFORCED);
                } else {
                    // The lease counts from now on, not from when the wait began.
                    disk.touch(tokenFile());
                }
                return true;
            } catch (NoSuchFileException e) {
                renew();
                return false;
            }
        }

        /** The candidate is gone; a new name cannot be mistaken for a dead process's once more. */
        private void renew() {
            token = around.newToken();
            onDisk = false;
        }

        /** Takes the candidate away again, unless it has become the lock. */
        @Override
        public void close() {
            if (onDisk) {
                try {
                    Sweep.remove(disk, directory(), token.toString());
                } catch (IOException e) {
                    // A later sweep removes it: its owner, this process, will be dead by then.
                    around.store()
                            .trace()
                            .event(Event.LOCK_CANDIDATE_LEFT, Map.of("lock", name, "reason", e.toString()));
                }
            }
        }
    }
}
