package dev.parley.wake.tmux;

import java.time.Duration;

/** A moment until which something may go on, and the part of the way there. */
final class Deadline {

    private final long start = System.nanoTime();
    private final long length;

    Deadline(Duration limit) {
        this.length = limit.toNanos();
    }

    /** How much of the time is gone. */
    Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    /** Whether this much of the whole, in percent, is used up. */
    boolean isPast(int percent) {
        return System.nanoTime() - start > length / 100 * percent;
    }
}
