package dev.parley.store.mailbox;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Send times in microseconds that rise with every message of this process, whatever the clock does. */
final class Stamps {

    private final InstantSource clock;
    private final AtomicLong last = new AtomicLong();

    Stamps(InstantSource clock) {
        this.clock = clock;
    }

    long next() {
        long now = ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
        return last.updateAndGet(previous -> Math.max(previous + 1, Math.min(now, MessageName.LATEST)));
    }

    /** Uses a time up, as another process has: what comes next is later also where the clock stands still. */
    void passOver() {
        var unused = next();
    }

    /** Nothing later may sort before this: it was already waiting when this process came, perhaps sent by its predecessor. */
    void atLeast(long micros) {
        if (micros < MessageName.LATEST) {
            last.accumulateAndGet(micros, Math::max);
        }
    }
}
