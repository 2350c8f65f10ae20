package dev.parley.store;

import dev.parley.store.Disk.Steps;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Two sequences of steps at the same time: the first on the caller's thread, the second on one that is kept for a moment.
 *
 * <p>Two files that are forced one after the other wait for two commits of the file system's journal; forced at the same
 * time, mostly for one.
 */
final class Overlap {

    private static final int MOST_THREADS = 64;
    private static final long IDLE_SECONDS = 2;

    /** Threads end soon after the last force: an idle server holds none of them. */
    private static final ThreadPoolExecutor FORCERS = new ThreadPoolExecutor(
            0, MOST_THREADS, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), Overlap::daemon);

    private Overlap() {}

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "parley-force");
        thread.setDaemon(true);
        return thread;
    }

    /** The contract is {@link Disk#together}. An interrupt does not end the wait; it is still pending afterwards. */
    static void run(Steps first, Steps second) throws IOException {
        FutureTask<@Nullable Void> other = new FutureTask<>(() -> {
            second.run();
            return null;
        });
        try {
            FORCERS.execute(other);
        } catch (RejectedExecutionException | OutOfMemoryError e) {
            // No thread to be had, or the limit is reached: then one after the other, below.
        }
        IOException failure = null;
        try {
            first.run();
        } catch (IOException e) {
            failure = e;
        } finally {
            // Does nothing if it has run, or runs, there.
            other.run();
        }
        try {
            await(other);
        } catch (IOException e) {
            if (failure == null) {
                throw e;
            }
            failure.addSuppressed(e);
        }
        if (failure != null) {
            throw failure;
        }
    }

    private static void await(FutureTask<@Nullable Void> task) throws IOException {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    task.get();
                    return;
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    throw unwrapped(e);
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static IOException unwrapped(ExecutionException e) {
        Throwable cause = e.getCause();
        if (cause instanceof IOException io) {
            return io;
        }
        if (cause instanceof RuntimeException unchecked) {
            throw unchecked;
        }
        if (cause instanceof Error error) {
            throw error;
        }
        throw new IllegalStateException(cause);
    }
}
