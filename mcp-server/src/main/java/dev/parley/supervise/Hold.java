package dev.parley.supervise;

import dev.parley.address.SessionId;
import dev.parley.lock.LeaseLostException;
import dev.parley.lock.LockTimeoutException;
import dev.parley.lock.RenewableLease;
import dev.parley.lock.RenewableLock;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a supervisor holds of one session: its {@link SessionClaim}, as soon as it can be had, and renewed from then on. Who was
 * displaced once does not try again. Belongs to one thread.
 */
final class Hold {

    /** Renewed when no more than this remains. */
    private static final Duration RENEWED_AT =
            SessionClaim.LEASE.multipliedBy(2).dividedBy(3);

    private final SessionId own;
    private final RenewableLock lock;
    private @Nullable RenewableLease lease;
    private Optional<RenewableLock.Holder> other = Optional.empty();
    private boolean displaced;

    Hold(SessionId own, RenewableLock lock) {
        this.own = own;
        this.lock = lock;
    }

    /** What its client calls the session. */
    SessionId own() {
        return own;
    }

    /**
     * Waits for it, so long that a holder that has stalled is displaced.
     *
     * @return whether it is held
     */
    boolean await() throws IOException, InterruptedException {
        try {
            lease = lock.acquire(SessionClaim.LEASE.plusSeconds(1));
            return true;
        } catch (LockTimeoutException e) {
            other = lock.holder();
            return false;
        }
    }

    /** Renews it if it is time, or tries to get it. */
    void keep() throws IOException {
        if (displaced) {
            return;
        }
        if (lease == null) {
            RenewableLock.Attempt attempt = lock.tryAcquire();
            if (attempt instanceof RenewableLock.Taken taken) {
                lease = taken.lease();
                other = Optional.empty();
            } else if (attempt instanceof RenewableLock.Held held) {
                other = Optional.of(held.holder());
            }
        } else if (lease.remaining().compareTo(RENEWED_AT) <= 0 && !lease.renew()) {
            displaced = true;
            other = lock.holder();
        }
    }

    /**
     * Whether nobody else may act for the session for so long from now on. Asked right before an act.
     *
     * @throws IOException if that cannot be told; then nobody may act here either
     */
    boolean allows(Duration act) throws IOException {
        keep();
        if (lease == null || displaced) {
            return false;
        }
        try {
            lease.ensureHeld(act);
            return true;
        } catch (LeaseLostException e) {
            return false;
        }
    }

    /** Whether it was held, and is another's now or was. */
    boolean isDisplaced() {
        return displaced;
    }

    /** Whether it is held, as far as was seen last. */
    boolean isHeld() {
        return lease != null && !displaced;
    }

    /** Its ownership; empty if it is not held. */
    Optional<RenewableLease> lease() {
        return isHeld() ? Optional.ofNullable(lease) : Optional.empty();
    }

    /** Who else holds it, in words. */
    String holder() {
        return other.flatMap(RenewableLock.Holder::process)
                .map(process -> "process " + process.pid())
                .orElse("another process");
    }

    /** Gives it back. */
    void release() throws IOException {
        if (lease != null) {
            lease.close();
            lease = null;
        }
    }
}
