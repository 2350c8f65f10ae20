package dev.parley.lock;

import dev.parley.store.CorruptFileException;
import dev.parley.store.Disk;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/**
 * A small file that several processes read, and change one after another.
 *
 * <p>A reader sees a whole version, never a mixture. A change is based on the latest version or is not made at all.
 */
public final class GuardedFile {

    /** The longest content, in bytes. */
    public static final int MAX_BYTES = 1 << 20;

    /** Makes the next content from the present one. */
    @FunctionalInterface
    public interface Change {
        /**
         * The next content; the present one itself if nothing is to change.
         *
         * @param present empty if the file is absent
         */
        byte[] apply(Optional<byte[]> present) throws IOException, InterruptedException;
    }

    private final Disk disk;
    private final Path file;
    private final OwnerLock lock;

    GuardedFile(Disk disk, Path file, OwnerLock lock) {
        this.disk = disk;
        this.file = file;
        this.lock = lock;
    }

    /**
     * The present content; empty if there is none. Takes no lock.
     *
     * @throws CorruptFileException if it is longer than {@link #MAX_BYTES}
     */
    public Optional<byte[]> read() throws IOException {
        try {
            return Optional.of(disk.readFile(file, MAX_BYTES));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /**
     * Changes the content under the lock. On return the new content survives a power cut.
     *
     * @param wait how long to wait for the lock
     * @return the content after the change
     * @throws LockTimeoutException if somebody else held the lock all that time; nothing changed
     * @throws LeaseLostException if we stalled and were displaced; nothing changed, trying again is safe
     * @throws InterruptedException if interrupted while waiting; nothing changed
     * @throws IllegalArgumentException if the next content is longer than {@link #MAX_BYTES}; nothing changed
     * @throws IOException if the disk or the change fails; the file is unchanged, unless only its directory could not be
     *     forced
     */
    public byte[] update(Duration wait, Change change) throws IOException, InterruptedException {
        try (Lease lease = lock.acquire(wait)) {
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
