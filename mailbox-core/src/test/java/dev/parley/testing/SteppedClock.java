package dev.parley.testing;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that moves when a test moves it, forward or back. */
public final class SteppedClock implements InstantSource {

    private final AtomicLong millis;

    /** A clock that stands at this moment. */
    public SteppedClock(Instant start) {
        this.millis = new AtomicLong(start.toEpochMilli());
    }

    /** Moves it. */
    public void advance(Duration by) {
        millis.addAndGet(by.toMillis());
    }

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(millis.get());
    }
}
