package dev.parley.supervise;

import dev.parley.address.SessionId;
import dev.parley.lock.Leases;
import dev.parley.lock.RenewableLock;
import java.time.Duration;

/** The name that is owned by whoever may start a client for a session that has ended: one process at a time, of all that ask for it. */
public final class SessionClaim {

    /** How long a holder that stalls keeps it. */
    public static final Duration LEASE = Duration.ofSeconds(10);

    private SessionClaim() {}

    /**
     * The name of a session.
     *
     * @param own what its client calls it, which is what resumes it
     */
    public static RenewableLock of(Leases leases, SessionId own) {
        return leases.renewable("resume-" + own, LEASE);
    }
}
