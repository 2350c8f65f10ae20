package dev.parley.store.lock;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Late is whose name has stood in the lock for longer than the lease since this object saw it first: a holder that renews has
 * another name by then. Asks no clock that can be set. Safe for use by several threads.
 */
final class Watched implements Lateness {

    /** There is one holder at a time, and what else lies in a lock is foreign. */
    private static final int MOST_NAMES = 16;

    private final Duration lease;
    private final LongSupplier elapsed;
    private final Map<String, Long> firstSeen = new LinkedHashMap<>();

    Watched(Duration lease, LongSupplier elapsed) {
        this.lease = lease;
        this.elapsed = elapsed;
    }

    @Override
    public synchronized boolean isLate(String owner, Duration age) {
        // Behind the look at the lock: so the holder's own lease, which it counts from before it took this name, ends
        // sooner.
        long now = elapsed.getAsLong();
        Long first = firstSeen.get(owner);
        if (first == null) {
            forgetTheOldest();
            firstSeen.put(owner, now);
            return false;
        }
        return now - first > lease.toNanos();
    }

    private void forgetTheOldest() {
        if (firstSeen.size() >= MOST_NAMES) {
            firstSeen.remove(firstSeen.keySet().iterator().next());
        }
    }
}
