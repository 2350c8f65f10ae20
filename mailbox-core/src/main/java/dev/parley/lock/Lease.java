package dev.parley.lock;

import java.io.IOException;
import java.nio.file.Path;

/**
 * The time for which a lock is ours, until it is released, committed, or taken from us.
 *
 * <p>Belongs to the thread that acquired it.
 */
public interface Lease extends AutoCloseable {

    /** The name of this ownership. */
    OwnerToken token();

    /**
     * Whether it was still ours a moment ago. Only good for giving up early: it may be lost right after.
     *
     * @throws LeaseLostException if it has been taken from us
     */
    void ensureHeld() throws IOException;

    /**
     * Publishes new content of the guarded file and releases the lock, in one rename. On return the content survives a
     * power cut.
     *
     * @param file in the same file system as the store
     * @throws LeaseLostException if the lock had been taken from us; the file is then as our successor left it
     * @throws IllegalStateException if this lease was committed, closed or lost before; nothing has happened
     * @throws IOException if the disk fails; the file is unchanged unless only the last force failed, and the lock is
     *     released by {@link #close}
     */
    void commit(Path file, byte[] content) throws IOException;

    /**
     * Gives the lock back, if it is still ours. Never removes anybody else's ownership.
     *
     * @throws IOException if the disk fails; the lock is then free once this process ends or the lease has run out
     */
    @Override
    void close() throws IOException;
}
