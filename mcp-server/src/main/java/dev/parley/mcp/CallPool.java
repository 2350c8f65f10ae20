package dev.parley.mcp;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads of a server: one for each call in flight up to a limit, made when needed, and one that runs what must not
 * hold up the reader. All are daemons, so that a handler that never returns cannot keep the process.
 */
final class CallPool {
    private static final Duration IDLE = Duration.ofSeconds(10);

    private final ThreadPoolExecutor calls;
    private final ThreadPoolExecutor aside;

    CallPool(int limit) {
        calls = new ThreadPoolExecutor(
                0, limit, IDLE.toMillis(), TimeUnit.MILLISECONDS, new SynchronousQueue<>(), named("parley-call-"));
        // No bound of its own: it only ever holds work of calls in flight, and those are bounded.
        aside = new ThreadPoolExecutor(
                1, 1, IDLE.toMillis(), TimeUnit.MILLISECONDS, new LinkedBlockingQueue<>(), named("parley-aside-"));
        aside.allowCoreThreadTimeOut(true);
    }

    /** Runs a call on a thread of its own; false, and nothing is run, when all are taken. */
    boolean start(Runnable call) {
        try {
            calls.execute(call);
            return true;
        } catch (RejectedExecutionException | OutOfMemoryError full) {
            // The error is the system's word that it gives no more threads.
            return false;
        }
    }

    /** Runs these, one after the other, on a thread that nothing waits for. */
    void aside(List<Runnable> actions) {
        actions.forEach(aside::execute);
    }

    private static ThreadFactory named(String prefix) {
        AtomicInteger count = new AtomicInteger();
        return work -> {
            Thread thread = new Thread(work, prefix + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }
}
