package dev.parley.store;

import java.time.Duration;

/** {@link DirectoryWatch} without help of the system: the caller looks again after 5 ms, later after up to 50 ms. */
final class PollingWatch implements DirectoryWatch {

    private static final long FIRST_MILLIS = 5;
    private static final long LONGEST_MILLIS = 50;

    private long pause = FIRST_MILLIS;

    @Override
    public void await(Duration limit) throws InterruptedException {
        Thread.sleep(Math.max(1, Math.min(pause, limit.toMillis())));
        pause = Math.min(LONGEST_MILLIS, pause + pause / 2 + 1);
    }

    @Override
    public void close() {}
}
