package dev.parley.store;

import java.time.Duration;

/**
 * Waits until the names in a directory may have changed. May return early and for no reason: the caller looks again.
 *
 * <p>What appears between {@link Disk#watch} and {@link #await} is not missed.
 */
public interface DirectoryWatch extends AutoCloseable {

    /**
     * Waits for a change.
     *
     * @param limit how long at the most
     * @throws InterruptedException if the thread was interrupted
     */
    void await(Duration limit) throws InterruptedException;

    @Override
    void close();
}
