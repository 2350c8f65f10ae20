package dev.parley.mcp;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Ends a server: once, for one reason, and within one second.
 *
 * <p>The calls in flight may finish if only the input ended; then, or at once for any other reason, those that are left
 * are interrupted, every outcome that was not told yet is told, and the shutdown actions run.
 */
final class Shutdown {
    /** How long calls in flight may go on after the end of input. */
    static final int DRAIN_MILLIS = 300;

    private static final Duration INTERRUPTED = Duration.ofMillis(150);
    private static final Duration SETTLED = Duration.ofMillis(200);
    private static final Duration ACTIONS = Duration.ofMillis(250);

    private enum Why {
        INPUT_ENDED,
        FAILED,
        STOPPED,
        SIGNAL
    }

    private final Calls calls;
    private final CallPool pool;
    private final Diagnostics diagnostics;
    private final AtomicReference<@Nullable Why> why = new AtomicReference<>();
    private final CountDownLatch decided = new CountDownLatch(1);
    /** Open as soon as nothing in flight may go on any more. */
    private final CountDownLatch hurry = new CountDownLatch(1);

    private final CountDownLatch done = new CountDownLatch(1);
    private volatile @Nullable PluginHost host;

    Shutdown(Calls calls, CallPool pool, Diagnostics diagnostics) {
        this.calls = calls;
        this.pool = pool;
        this.diagnostics = diagnostics;
    }

    /** Whose shutdown actions run at the end. */
    void shutsDown(PluginHost plugins) {
        host = plugins;
    }

    void inputEnded() {
        decide(Why.INPUT_ENDED);
    }

    /** The input has ended, and the client does not read what is left to say. */
    void inputEndedUnread() {
        decide(Why.INPUT_ENDED);
        hurry.countDown();
    }

    /** The process that started this one is gone; somebody else may hold the pipes. */
    void clientGone() {
        decide(Why.STOPPED);
    }

    void inputFailed(IOException e) {
        diagnostics.report("the input failed: " + Diagnostics.why(e));
        decide(Why.INPUT_ENDED);
    }

    void readerFailed(Throwable t) {
        if (why.get() == null) {
            diagnostics.report("the input cannot be read", t);
        }
        decide(Why.FAILED);
    }

    void loadingFailed(Throwable t) {
        diagnostics.report("the server cannot be loaded", t);
        decide(Why.FAILED);
    }

    void pipeBroke() {
        decide(Why.FAILED);
    }

    void stopped() {
        decide(Why.STOPPED);
    }

    private void decide(Why reason) {
        why.compareAndSet(null, reason);
        if (reason != Why.INPUT_ENDED) {
            hurry.countDown();
        }
        decided.countDown();
    }

    /** Waits for the end, and goes through it; the exit code. */
    int await() {
        Thread onSignal = new Thread(this::signalled, "parley-signal");
        try {
            Runtime.getRuntime().addShutdownHook(onSignal);
        } catch (IllegalStateException processIsEnding) {
            decide(Why.SIGNAL);
        }
        try {
            decided.await();
            end();
        } catch (InterruptedException e) {
            decide(Why.STOPPED);
            end();
            Thread.currentThread().interrupt();
        }
        try {
            Runtime.getRuntime().removeShutdownHook(onSignal);
        } catch (IllegalStateException processIsEnding) {
            // Then the hook is waiting, or has seen that all is done.
        }
        return why.get() == Why.FAILED ? 1 : 0;
    }

    private void signalled() {
        decide(Why.SIGNAL);
        try {
            if (!done.await(INTERRUPTED.plus(SETTLED).plus(ACTIONS).toMillis(), TimeUnit.MILLISECONDS)) {
                diagnostics.report("did not end in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void end() {
        drain();
        for (Call call : calls.running()) {
            pool.aside(call.drop(Answer.Dropped.Reason.SHUTDOWN));
        }
        calls.awaitIdle(INTERRUPTED);
        settle(calls.running());
        shutDown();
        done.countDown();
    }

    /** Tells the outcome of the calls whose handlers do not return, and waits for those that are being told. */
    private static void settle(List<Call> left) {
        long deadline = System.nanoTime() + SETTLED.toNanos();
        left.forEach(Call::tell);
        try {
            for (Call call : left) {
                call.awaitSettled(deadline);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void drain() {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(DRAIN_MILLIS);
        boolean idle = false;
        while (!idle && hurry.getCount() > 0 && System.nanoTime() < deadline) {
            idle = calls.awaitIdle(Duration.ofMillis(10));
        }
    }

    /** On a thread of its own, because foreign code may hang, and the end may not. */
    private void shutDown() {
        PluginHost plugins = host;
        if (plugins == null) {
            // Its input ended before there were any.
            return;
        }
        Thread actions = new Thread(plugins::shutDown, "parley-shutdown");
        actions.setDaemon(true);
        actions.start();
        try {
            actions.join(ACTIONS.toMillis());
            if (actions.isAlive()) {
                diagnostics.report("the shutdown actions take too long; going without them");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
