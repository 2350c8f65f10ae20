package dev.parley.cli;

import java.io.PrintWriter;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Says what goes on, if it takes longer than a second. */
final class Progress implements AutoCloseable {

    private static final int LONG_SECONDS = 1;

    private final CountDownLatch over = new CountDownLatch(1);

    private Progress() {}

    /** Something begins, which ends with the closing of what is returned. */
    static Progress begin(PrintWriter err, String what) {
        Progress progress = new Progress();
        Thread thread = new Thread(() -> progress.tell(err, what), "parley-progress");
        thread.setDaemon(true);
        thread.start();
        return progress;
    }

    private void tell(PrintWriter err, String what) {
        try {
            if (!over.await(LONG_SECONDS, TimeUnit.SECONDS)) {
                err.println("parley: " + what + " ...");
                err.flush();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        over.countDown();
    }
}
