package dev.parley.cli;

import java.io.PrintWriter;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Says what goes on, if it takes longer than a second. */
final class Progress {

    private static final int LONG_SECONDS = 1;

    private Progress() {}

    /** What is done. */
    @FunctionalInterface
    interface Step<T, E extends Exception> {
        T run() throws E;
    }

    /** Does it, and meanwhile says so if it takes long. */
    static <T, E extends Exception> T during(PrintWriter err, String what, Step<T, E> step) throws E {
        CountDownLatch over = new CountDownLatch(1);
        Thread thread = new Thread(() -> tell(err, what, over), "parley-progress");
        thread.setDaemon(true);
        thread.start();
        try {
            return step.run();
        } finally {
            over.countDown();
        }
    }

    private static void tell(PrintWriter err, String what, CountDownLatch over) {
        try {
            if (!over.await(LONG_SECONDS, TimeUnit.SECONDS)) {
                err.println("parley: " + what + " ...");
                err.flush();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
