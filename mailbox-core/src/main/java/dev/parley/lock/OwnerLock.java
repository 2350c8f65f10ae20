package dev.parley.lock;

import java.io.IOException;
import java.time.Duration;

/**
 * A lock between processes whose holder may die or stall at any instruction.
 *
 * <p>A dead holder is displaced at once, a stalled one when its lease has run out. Being displaced is not an error that
 * the holder is told of: a value that is changed under a lock is a {@link GuardedValue}, whose change fails for a displaced
 * holder. Not reentrant. Safe for use by several threads; each {@link Lease} belongs to one.
 */
public interface OwnerLock {

    /** What came of one try. */
    sealed interface Attempt permits Taken, Busy {}

    /** The caller holds it. */
    record Taken(Lease lease) implements Attempt {}

    /**
     * Another holds it and is not known to be dead.
     *
     * @param holder the name of the ownership, whatever it is
     * @param age since when
     */
    record Busy(String holder, Duration age) implements Attempt {}

    /**
     * Tries once, displacing a holder that is dead or whose lease has run out.
     *
     * @throws IOException if the office cannot be used; the caller does not hold the lock then
     */
    Attempt tryAcquire() throws IOException;

    /**
     * Tries until the caller holds it.
     *
     * @param limit how long to wait at the most
     * @throws LockTimeoutException if another held it all that time; says who, and since when
     * @throws InterruptedException if the thread was interrupted while it waited; the caller does not hold the lock then
     * @throws IOException if the office cannot be used; the caller does not hold the lock then
     */
    Lease acquire(Duration limit) throws IOException, InterruptedException;
}
