package dev.parley.lock;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * A small value that several processes read, and change one after another.
 *
 * <p>A reader sees a whole version, never a mixture. A change is based on the latest version or is not made at all. Safe for
 * use by several threads.
 */
public interface GuardedValue {

    /** The longest content, in bytes, together with what an office keeps beside it to see damage: some dozen bytes. */
    int MAX_BYTES = 1 << 20;

    /** Makes the next content from the present one. */
    @FunctionalInterface
    interface Change {
        /**
         * The next content; the present one itself if nothing is to change.
         *
         * @param present empty if there is none
         */
        byte[] apply(Optional<byte[]> present) throws IOException, InterruptedException;
    }

    /**
     * The present content; empty if there is none. Takes no lock.
     *
     * @throws IOException if it cannot be read
     */
    Optional<byte[]> read() throws IOException;

    /**
     * Changes the content under the lock. On return the new content survives a power cut.
     *
     * @param wait how long to wait for the lock
     * @return the content after the change
     * @throws LockTimeoutException if another process held the lock all that time; nothing changed
     * @throws LeaseLostException if this process stalled and was displaced; nothing changed, trying again is safe
     * @throws InterruptedException if interrupted while waiting; nothing changed
     * @throws IllegalArgumentException if the next content is longer than {@link #MAX_BYTES}; nothing changed
     * @throws IOException if the medium or the change fails; the content is unchanged, unless only the last step of making it
     *     durable failed
     */
    byte[] update(Duration wait, Change change) throws IOException, InterruptedException;
}
