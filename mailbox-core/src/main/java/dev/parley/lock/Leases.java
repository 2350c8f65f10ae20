package dev.parley.lock;

import dev.parley.address.SessionId;
import java.time.Duration;

/**
 * The locks of one post office, by name. Safe for use by several threads.
 *
 * <pre>{@code
 * try (Lease lease = office.leases().named("claim-" + id).acquire(Leases.WAIT)) {
 *     // what two processes must not do at once
 *     lease.ensureHeld();
 * }
 * }</pre>
 */
public interface Leases {

    /** How long a holder may take before others displace it although it lives. */
    Duration LEASE = Duration.ofSeconds(10);

    /** How long to wait for a busy lock, unless a caller says otherwise. */
    Duration WAIT = Duration.ofSeconds(2);

    /**
     * The lock of a name, held at the most for {@link #LEASE}.
     *
     * @param name {@code [A-Za-z0-9][A-Za-z0-9._-]{0,159}}
     * @throws IllegalArgumentException if it is not a name
     */
    default OwnerLock named(String name) {
        return named(name, LEASE);
    }

    /**
     * The lock of a name with another lease. A waiter displaces a holder by the lease that the waiter was given, so all users
     * of one name give the same.
     *
     * @throws IllegalArgumentException if it is not a name, or the lease is not positive
     */
    OwnerLock named(String name, Duration lease);

    /**
     * The ownership of a name that lasts as long as it is renewed. All users of one name give the same lease, and a name is
     * not used for {@link #named} as well.
     *
     * @throws IllegalArgumentException if it is not a name, or the lease is not positive
     */
    RenewableLock renewable(String name, Duration lease);

    /**
     * A small value that is kept for a session and changed only under a lock of its own. It stays with the id: a session that
     * gets another id begins without it. Its content is UTF-8 text of whole lines, or empty. A damaged one counts as none:
     * that is traced, and the next change replaces it.
     *
     * @param owner the session
     * @param name {@code [a-z]{1,40}}
     */
    GuardedValue value(SessionId owner, String name);

    /**
     * The same for the whole office, not for a session. Of the names, an office knows only those that its format lists.
     *
     * @param name {@code [a-z]{1,40}}
     */
    GuardedValue shared(String name);
}
