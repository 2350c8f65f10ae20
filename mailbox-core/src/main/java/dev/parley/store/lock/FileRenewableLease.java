package dev.parley.store.lock;

import dev.parley.lock.LeaseLostException;
import dev.parley.lock.RenewableLease;
import java.io.IOException;
import java.time.Duration;
import java.util.function.LongSupplier;

/** {@link RenewableLease} as a {@link FileLease} that gets a new name with each renewal. */
final class FileRenewableLease implements RenewableLease {

    private final FileLease held;
    private final OwnerToken first;
    private final Duration lease;
    private final LongSupplier elapsed;

    // Guarded by this.
    private long since;
    private long renewals;
    private boolean over;

    /** One that was acquired no sooner than at this moment. */
    FileRenewableLease(FileLease held, Duration lease, LongSupplier elapsed, long since) {
        this.held = held;
        this.first = held.token();
        this.lease = lease;
        this.elapsed = elapsed;
        this.since = since;
    }

    @Override
    public String ownership() {
        return OwnerToken.ownership(first.toString());
    }

    @Override
    public synchronized Duration remaining() {
        Duration remaining = lease.minusNanos(elapsed.getAsLong() - since);
        return over || remaining.isNegative() ? Duration.ZERO : remaining;
    }

    @Override
    public synchronized boolean renew() throws IOException {
        long before = elapsed.getAsLong();
        renewals++;
        if (over || !held.rename(first.renewed(renewals))) {
            over = true;
            return false;
        }
        since = before;
        return true;
    }

    @Override
    public synchronized void ensureHeld(Duration act) throws IOException {
        held.ensureHeld();
        // The clock comes last: what remains is counted from the moment in which the caller goes on.
        Duration remaining = remaining();
        if (remaining.isZero() || remaining.compareTo(act) < 0) {
            throw new LeaseLostException(ownership(), remaining, act);
        }
    }

    @Override
    public synchronized void close() throws IOException {
        over = true;
        held.close();
    }
}
