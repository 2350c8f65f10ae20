package dev.parley.hub.nats;

import dev.parley.hub.RoadException;
import java.time.Duration;
import java.time.Instant;

/**
 * The hub's time. The hub tells it only of what is written, so a key is written now and then, and this machine's clocks are
 * followed in between. Guarded by itself.
 */
final class HubClock {

    private static final Duration ASKED_AGAIN = Duration.ofSeconds(60);

    /** By so much this machine's two clocks may part before the hub is asked: one stands still while the machine sleeps. */
    private static final long APART_MILLIS = 500;

    private final Bucket bucket;
    private final String key;

    private boolean isKnown;
    private Instant hub = Instant.EPOCH;
    private long nanos;
    private long millis;

    HubClock(Bucket bucket, String key) {
        this.bucket = bucket;
        this.key = key;
    }

    synchronized Instant now() throws RoadException {
        long since = System.nanoTime() - nanos;
        long apart = Math.abs(System.currentTimeMillis() - millis - since / 1_000_000);
        if (!isKnown || since > ASKED_AGAIN.toNanos() || apart > APART_MILLIS) {
            // It was written between the two, so it is wrong by less than the question took.
            nanos = System.nanoTime();
            millis = System.currentTimeMillis();
            hub = bucket.stamp(key);
            isKnown = true;
        }
        return hub.plusNanos(System.nanoTime() - nanos);
    }
}
