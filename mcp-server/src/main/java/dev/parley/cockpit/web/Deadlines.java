package dev.parley.cockpit.web;

import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Ends what a thread does for a client that takes too long: an interrupted write to a connection closes it. */
final class Deadlines implements AutoCloseable {

    private final ScheduledThreadPoolExecutor clock = new ScheduledThreadPoolExecutor(1, task -> {
        Thread thread = new Thread(task, "parley-web-deadlines");
        thread.setDaemon(true);
        return thread;
    });

    Deadlines() {
        clock.setRemoveOnCancelPolicy(true);
        // Once this is closed, so is every connection.
        clock.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
    }

    /** A limit on what the thread that began it does until it is closed. */
    final class Deadline implements AutoCloseable {

        private final Thread thread = Thread.currentThread();
        private final ScheduledFuture<?> end;

        // Guarded by this.
        private boolean isOver;

        private Deadline(Duration limit) {
            end = clock.schedule(this::interrupt, limit.toMillis(), TimeUnit.MILLISECONDS);
        }

        private synchronized void interrupt() {
            if (!isOver) {
                thread.interrupt();
            }
        }

        /** The thread is left alone from now on. */
        @Override
        public synchronized void close() {
            isOver = true;
            end.cancel(false);
        }
    }

    Deadline in(Duration limit) {
        return new Deadline(limit);
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
