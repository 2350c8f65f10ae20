package dev.parley.mcp;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Notices that a client is gone where the streams do not tell. A process that the client started beside this one may have
 * inherited the other end of the input, which then never ends: so the watch looks whether the parent is still the same. And
 * the reading thread may be held up by a client that does not read: then what comes is read here, to see the end of the
 * input all the same.
 *
 * <p>While nothing is written it only looks for the parent, which nothing else tells. Without lambdas, and with a rest before the
 * first look: a start is not to wait for it, and a wrapper that only starts the server and goes has gone by then.
 */
final class ClientWatch extends Thread {
    /** Nothing tells that a parent has ended; so often it is looked for, since the server is to end within three seconds of it. */
    private static final Duration PARENT = Duration.ofSeconds(2);
    /** How long after the begin of a write, and then again, it is looked whether the client takes it. */
    private static final Duration WRITING = Duration.ofMillis(500);
    /** A client that reads takes an answer much sooner. */
    private static final Duration STUCK = Duration.ofMillis(300);

    private final LineReader lines;
    private final Outbox outbox;
    private final Shutdown shutdown;

    /** A watch that goes on until the process ends. */
    ClientWatch(LineReader lines, Outbox outbox, Shutdown shutdown) {
        super("parley-client");
        setDaemon(true);
        this.lines = lines;
        this.outbox = outbox;
        this.shutdown = shutdown;
    }

    @Override
    public void run() {
        Ahead ahead = new Ahead();
        try {
            pause(WRITING.toNanos());
            long client = parent();
            long next = System.nanoTime() + PARENT.toNanos();
            while (true) {
                outbox.awaitWrite(Duration.ofNanos(next - System.nanoTime()));
                pause(Math.min(WRITING.toNanos(), next - System.nanoTime()));
                if (outbox.isStuck(STUCK) && !ahead.isAlive()) {
                    ahead = new Ahead();
                    ahead.start();
                }
                if (next - System.nanoTime() <= 0) {
                    if (isAnother(parent(), client)) {
                        shutdown.clientGone();
                        return;
                    }
                    next = System.nanoTime() + PARENT.toNanos();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void pause(long nanos) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(nanos);
    }

    /**
     * Whether a parent is known that is not the client. None is known while this process cannot open a file; that the client is
     * gone is never concluded from that.
     */
    static boolean isAnother(long parent, long client) {
        return parent != 0 && parent != client;
    }

    /**
     * 0 if it is in another process namespace, or cannot be told: the JDK opens a file of {@code /proc} for it. Who is gone hands its
     * children on to another process at once, in a process namespace to its first process.
     */
    private static long parent() {
        ProcessHandle parent = ProcessHandle.current().parent().orElse(null);
        return parent == null ? 0 : parent.pid();
    }

    /** May block for long: only the next byte, or the end of the input, or of the process, wakes it. */
    private final class Ahead extends Thread {
        private Ahead() {
            super("parley-ahead");
            setDaemon(true);
        }

        @Override
        public void run() {
            try {
                boolean more = true;
                while (more && outbox.isStuck(STUCK)) {
                    more = lines.readAhead();
                }
            } catch (IOException e) {
                // The reading thread meets it too, if it ever goes on.
                return;
            }
            if (lines.isEndedAhead() && outbox.isStuck(STUCK)) {
                shutdown.inputEndedUnread();
            }
        }
    }
}
