package dev.parley.lock;

import dev.parley.process.ProcessIdentity;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Ownership of a name for as long as its holder renews it: for work that takes minutes or days, where an {@link OwnerLock} is
 * for moments.
 *
 * <p>A holder that is known to be dead is displaced at once. Any other is displaced when whoever wants the name has seen it
 * unrenewed for a whole lease, by a clock that nobody can set. The time of day decides nothing. So a try that does not wait
 * displaces a stalled holder only where this object has looked before: whoever tries again and again keeps the object.
 *
 * <p>Not reentrant. Safe for use by several threads.
 *
 * <pre>{@code
 * RenewableLock lock = office.leases().renewable("resume-" + session, Duration.ofSeconds(10));
 * if (lock.tryAcquire() instanceof RenewableLock.Taken taken) {
 *     try (RenewableLease lease = taken.lease()) {
 *         lease.ensureHeld(Duration.ofSeconds(1)); // right before an act that takes up to a second
 *         lease.renew(); // at least every third of a lease
 *     }
 * }
 * }</pre>
 */
public interface RenewableLock {

    /** What came of one try. */
    sealed interface Attempt permits Taken, Held {}

    /** The caller holds it. */
    record Taken(RenewableLease lease) implements Attempt {}

    /** Another holds it, and is neither known to be dead nor was seen to be late. */
    record Held(Holder holder) implements Attempt {}

    /**
     * Who holds it.
     *
     * @param ownership tells this ownership from every other, and stays the same when it is renewed
     * @param process the process that acquired it; empty if that cannot be told
     * @param since when it was acquired, by the time of day
     */
    record Holder(String ownership, Optional<ProcessIdentity> process, Instant since) {}

    /**
     * Tries once, displacing a holder that is dead, or that this object has seen unrenewed for a whole lease.
     *
     * @throws IOException if the office cannot be used; the caller does not hold it then
     */
    Attempt tryAcquire() throws IOException;

    /**
     * Tries until the caller holds it. A limit above the lease is enough to displace a holder that stalled.
     *
     * @param limit how long to wait at the most
     * @throws LockTimeoutException if another held it all that time; says who, and since when
     * @throws InterruptedException if the thread was interrupted while it waited; the caller does not hold it then
     * @throws IOException if the office cannot be used; the caller does not hold it then
     */
    RenewableLease acquire(Duration limit) throws IOException, InterruptedException;

    /**
     * Who holds it; empty if nobody does, or only a process that is known to be dead. Takes no lock and changes nothing. The
     * holder may be late.
     *
     * @throws IOException if it cannot be read
     */
    Optional<Holder> holder() throws IOException;
}
