package dev.parley.lock;

import java.io.IOException;

/**
 * The time for which a holder has a lock, until it releases the lock or is displaced.
 *
 * <p>Belongs to the thread that acquired it.
 */
public interface Lease extends AutoCloseable {

    /**
     * Whether the holder still had it a moment ago. Only good for giving up early: it may be lost right after.
     *
     * @throws LeaseLostException if the holder has been displaced
     */
    void ensureHeld() throws IOException;

    /**
     * Gives the lock back, if the holder still has it. Never removes another's ownership.
     *
     * @throws IOException if the office cannot be used; the lock is then free once this process ends or the lease has run out
     */
    @Override
    void close() throws IOException;
}
