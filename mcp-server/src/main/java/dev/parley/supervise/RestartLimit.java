package dev.parley.supervise;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** How often a client is started again: so many times within any such time, and no more. Belongs to one thread. */
final class RestartLimit {

    /** How many starts. */
    static final int MOST = 5;

    /** Within which time. */
    static final Duration WITHIN = Duration.ofMinutes(10);

    private final Deque<Duration> starts = new ArrayDeque<>();

    /**
     * Counts a start, if there is one left.
     *
     * @param now by a clock that only goes on
     * @return whether there was
     */
    boolean admit(Duration now) {
        while (!starts.isEmpty() && now.minus(starts.getFirst()).compareTo(WITHIN) >= 0) {
            starts.removeFirst();
        }
        if (starts.size() >= MOST) {
            return false;
        }
        starts.addLast(now);
        return true;
    }

    /** How many starts counted when the last one was admitted or refused. */
    int counted() {
        return starts.size();
    }
}
