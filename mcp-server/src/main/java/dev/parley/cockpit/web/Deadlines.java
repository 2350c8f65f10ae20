package dev.parley.cockpit.web;

import java.io.IOException;
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

    /** What may take long because of a client. */
    interface Step {
        /** Does it. */
        void run() throws IOException;
    }

    /** The end of a step's time. */
    private static final class End {

        private final Thread thread = Thread.currentThread();

        // Guarded by this.
        private boolean isOver;

        synchronized void come() {
            if (!isOver) {
                thread.interrupt();
            }
        }

        synchronized void cancel() {
            isOver = true;
        }
    }

    /**
     * Does something, and interrupts it if it takes longer. Once it is done, its thread is left alone.
     *
     * @throws IOException of the step; {@link java.nio.channels.ClosedByInterruptException} if it took too long. The connection is
     *     closed then, and the thread is interrupted
     */
    void within(Duration limit, Step step) throws IOException {
        End end = new End();
        ScheduledFuture<?> scheduled = clock.schedule(end::come, limit.toMillis(), TimeUnit.MILLISECONDS);
        try {
            step.run();
        } finally {
            end.cancel();
            scheduled.cancel(false);
        }
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
