package dev.parley.store.lock;

import dev.parley.lock.GuardedValue;
import dev.parley.lock.OwnerLock;
import dev.parley.store.Disk;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/** {@link GuardedValue} as a file of its own. */
final class GuardedFile implements GuardedValue {

    private final Disk disk;
    private final Path file;
    private final OwnerLock lock;

    GuardedFile(Disk disk, Path file, OwnerLock lock) {
        this.disk = disk;
        this.file = file;
        this.lock = lock;
    }

    @Override
    public Optional<byte[]> read() throws IOException {
        try {
            return Optional.of(disk.readFile(file, MAX_BYTES));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    @Override
    public byte[] update(Duration wait, Change change) throws IOException, InterruptedException {
        try (FileLease lease = (FileLease) lock.acquire(wait)) {
            Optional<byte[]> present = read();
            // A copy: a change that works in place would otherwise look like none.
            byte[] next = change.apply(present.map(byte[]::clone));
            if (next.length > MAX_BYTES) {
                throw new IllegalArgumentException(
                        file + " would grow to " + next.length + " bytes, more than " + MAX_BYTES);
            }
            if (present.isEmpty() || !Arrays.equals(present.get(), next)) {
                lease.commit(file, next);
            }
            return next;
        }
    }
}
