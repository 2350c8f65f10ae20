package dev.parley.testing;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that moves when a test moves it, forward or back. */
public final class SteppedClock implements InstantSource {

    private final AtomicLong millis;
    private final AtomicLong elapsed = new AtomicLong();

    /** A clock that stands at this moment. */
    public SteppedClock(Instant start) {
        this.millis = new AtomicLong(start.toEpochMilli());
    }

    /** Moves it, and time with it, unless that is back. */
    public void advance(Duration by) {
        millis.addAndGet(by.toMillis());
        elapsed.addAndGet(Math.max(0, by.toNanos()));
    }

    /** Sets it forward or back by so much, while no time passes. */
    public void set(Duration by) {
        millis.addAndGet(by.toMillis());
    }

    /** Nanoseconds that have passed. */
    public long elapsedNanos() {
        return elapsed.get();
    }

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(millis.get());
    }
}
