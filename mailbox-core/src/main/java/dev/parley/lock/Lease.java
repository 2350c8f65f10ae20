package dev.parley.lock;

import java.io.IOException;

/**
 * The time for which a lock is ours, until it is released or taken from us.
 *
 * <p>Belongs to the thread that acquired it.
 */
public interface Lease extends AutoCloseable {

    /**
     * Whether it was still ours a moment ago. Only good for giving up early: it may be lost right after.
     *
     * @throws LeaseLostException if it has been taken from us
     */
    void ensureHeld() throws IOException;

    /**
     * Gives the lock back, if it is still ours. Never removes anybody else's ownership.
     *
     * @throws IOException if the disk fails; the lock is then free once this process ends or the lease has run out
     */
    @Override
    void close() throws IOException;
}
