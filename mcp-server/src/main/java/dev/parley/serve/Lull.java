package dev.parley.serve;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Waits until a server has nothing else to do, which is so when no request has come for a while. For a client that is never
 * quiet the wait ends all the same, later. Times are those of {@link System#nanoTime}. Safe for use from several threads.
 */
final class Lull {

    /** Long enough for a client to have started its other servers and sent its first prompt. */
    static final Duration QUIET = Duration.ofSeconds(5);

    /** How long it is waited for. */
    static final Duration PATIENCE = Duration.ofMinutes(2);

    private final long begin;
    private volatile long disturbed;

    /** Waited for from now on. */
    Lull(long now) {
        begin = now;
        disturbed = now;
    }

    /** A request has come. */
    void disturbed(long now) {
        disturbed = now;
    }

    /** Waits for it. */
    void await() throws InterruptedException {
        for (long left = nanosLeft(System.nanoTime()); left > 0; left = nanosLeft(System.nanoTime())) {
            TimeUnit.NANOSECONDS.sleep(left);
        }
    }

    /** How long it is to wait at least, in nanoseconds; zero or less if the moment has come. */
    long nanosLeft(long now) {
        return Math.min(QUIET.toNanos() - (now - disturbed), PATIENCE.toNanos() - (now - begin));
    }
}
