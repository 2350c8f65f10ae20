package dev.parley.supervise;

import java.time.Duration;
import java.time.Instant;

/** The two clocks of a supervisor: one that only goes on, for how long something takes, and the time of day. */
interface Clocks {

    /** By the first, since any moment. */
    Duration elapsed();

    /** By the second. */
    Instant now();

    /** The machine's. */
    static Clocks ofMachine() {
        return new Clocks() {
            @Override
            public Duration elapsed() {
                return Duration.ofNanos(System.nanoTime());
            }

            @Override
            public Instant now() {
                return Instant.now();
            }
        };
    }
}
