package dev.parley.mcp;

import java.io.IOException;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * Notices that a client is gone where the streams do not tell. A process that the client started besides us may have
 * inherited the other end of our input, which then never ends: so we look whether our parent is still the one we had. And
 * the reading thread may be held up by a client that does not read: then what comes is read here, to see the end of the
 * input all the same.
 */
final class ClientWatch implements Runnable {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);
    private static final int LOOKS_PER_PARENT = 4;
    /** A client that reads takes an answer much sooner. */
    private static final Duration STUCK = Duration.ofMillis(300);

    private final LineReader lines;
    private final Outbox outbox;
    private final Ending ending;

    ClientWatch(LineReader lines, Outbox outbox, Ending ending) {
        this.lines = lines;
        this.outbox = outbox;
        this.ending = ending;
    }

    /** Watches for ever; for a daemon thread. */
    @Override
    public void run() {
        Thread ahead = new Thread(this::readAhead, "parley-ahead");
        OptionalLong client = parent();
        try {
            for (int look = 1; ; look++) {
                TimeUnit.MILLISECONDS.sleep(BETWEEN_LOOKS.toMillis());
                if (look % LOOKS_PER_PARENT == 0 && client.isPresent() && !parent().equals(client)) {
                    ending.clientGone();
                    return;
                }
                if (outbox.isStuck(STUCK) && !ahead.isAlive()) {
                    ahead = new Thread(this::readAhead, "parley-ahead");
                    ahead.setDaemon(true);
                    ahead.start();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Empty if it is in another process namespace. Who is gone hands its children on to another process at once. */
    private static OptionalLong parent() {
        return ProcessHandle.current().parent().stream()
                .mapToLong(ProcessHandle::pid)
                .findFirst();
    }

    /** May block for long: only the next byte, or the end of the input, or of the process, wakes it. */
    private void readAhead() {
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
            ending.inputEndedUnread();
        }
    }
}
