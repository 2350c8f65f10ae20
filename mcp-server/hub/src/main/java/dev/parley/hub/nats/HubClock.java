package dev.parley.hub.nats;

import dev.parley.hub.RoadException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * The hub's time. The hub tells it only of what is written, so a key is written now and then, and this machine's clocks are
 * followed in between. Guarded by itself.
 */
final class HubClock {

    private static final Duration ASKED_AGAIN = Duration.ofSeconds(60);

    /** By so much this machine's two clocks may part before the hub is asked: one stands still while the machine sleeps. */
    private static final long APART_MILLIS = 500;

    private final Stamps stamps;
    private final LongSupplier nanoTime;
    private final InstantSource here;

    private boolean isKnown;
    private Instant hub = Instant.EPOCH;
    private long nanos;
    private long millis;

    /** Asks the hub. */
    @FunctionalInterface
    interface Stamps {
        Instant now() throws RoadException;
    }

    /** Beside this machine's clocks. */
    HubClock(Stamps stamps) {
        this(stamps, System::nanoTime, InstantSource.system());
    }

    /**
     * Beside others.
     *
     * @param nanoTime a clock that nobody sets, and that may stand still while the machine sleeps
     * @param here a clock that somebody may set
     */
    HubClock(Stamps stamps, LongSupplier nanoTime, InstantSource here) {
        this.stamps = stamps;
        this.nanoTime = nanoTime;
        this.here = here;
    }

    synchronized Instant now() throws RoadException {
        long since = nanoTime.getAsLong() - nanos;
        long apart = Math.abs(here.millis() - millis - since / 1_000_000);
        if (!isKnown || since > ASKED_AGAIN.toNanos() || apart > APART_MILLIS) {
            // It was written between the two, so it is wrong by less than the question took.
            nanos = nanoTime.getAsLong();
            millis = here.millis();
            isKnown = false;
            hub = stamps.now();
            isKnown = true;
        }
        return hub.plusNanos(nanoTime.getAsLong() - nanos);
    }
}
