package dev.parley.store.lock;

import dev.parley.lock.LockTimeoutException;
import dev.parley.lock.OwnerLock;
import dev.parley.lock.RenewableLease;
import dev.parley.lock.RenewableLock;
import dev.parley.process.ProcessTable.Vitality;
import dev.parley.store.Disk;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * {@link RenewableLock} as a {@link FileOwnerLock} whose owner changes its name whenever it renews; the proof is in
 * {@code docs/LOCKING.md}.
 */
final class FileRenewableLock implements RenewableLock {

    private static final int FIRST_PAUSE_MILLIS = 1;
    private static final int LONGEST_PAUSE_MILLIS = 100;

    /** A name that is being changed while a directory is read may be missed. */
    private static final int LOOKS = 3;

    private final Surroundings around;
    private final String name;
    private final Duration lease;
    private final Path path;
    private final FileOwnerLock lock;

    FileRenewableLock(Surroundings around, String name, Duration lease) {
        this(around, name, lease, new Watched(lease, around.elapsed()));
    }

    FileRenewableLock(Surroundings around, String name, Duration lease, Lateness lateness) {
        this.around = around;
        this.name = name;
        this.lease = lease;
        this.path = around.store().locks().resolve(name);
        this.lock = new FileOwnerLock(around.renewing(), name, lateness);
    }

    @Override
    public Attempt tryAcquire() throws IOException {
        // Before the lock is taken: nobody who sees the name counts from an earlier moment.
        long since = around.elapsed().getAsLong();
        OwnerLock.Attempt attempt = lock.tryAcquire();
        if (attempt instanceof OwnerLock.Taken taken) {
            return new Taken(new FileRenewableLease((FileLease) taken.lease(), lease, around.elapsed(), since));
        }
        OwnerLock.Busy busy = (OwnerLock.Busy) attempt;
        return new Held(holder(busy.holder(), around.store().clock().instant().minus(busy.age())));
    }

    @Override
    public RenewableLease acquire(Duration limit) throws IOException, InterruptedException {
        long start = around.pause().nanoTime();
        int longest = FIRST_PAUSE_MILLIS;
        while (true) {
            Attempt attempt = tryAcquire();
            if (attempt instanceof Taken won) {
                return won.lease();
            }
            Duration waited = Duration.ofNanos(around.pause().nanoTime() - start);
            if (attempt instanceof Held held && waited.compareTo(limit) >= 0) {
                String owner = held.holder().ownership();
                Duration age = Duration.between(
                        held.holder().since(), around.store().clock().instant());
                throw new LockTimeoutException(
                        name, waited, new OwnerLock.Busy(owner, age), FileOwnerLock.describe(owner));
            }
            around.pause().upTo(longest);
            longest = Math.min(longest * 2, LONGEST_PAUSE_MILLIS);
        }
    }

    @Override
    public Optional<Holder> holder() throws IOException {
        for (int look = 0; look < LOOKS; look++) {
            try {
                for (String owner : around.store().disk().list(path)) {
                    Optional<Disk.Stat> stat = around.store().disk().stat(path.resolve(owner));
                    if (stat.isPresent() && OwnerToken.vitality(around.processes(), owner) != Vitality.DEAD) {
                        return Optional.of(
                                holder(owner, Instant.ofEpochMilli(stat.get().modifiedMillis())));
                    }
                }
            } catch (NoSuchFileException e) {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    private static Holder holder(String owner, Instant since) {
        return new Holder(OwnerToken.ownership(owner), OwnerToken.parse(owner).map(OwnerToken::holder), since);
    }
}
