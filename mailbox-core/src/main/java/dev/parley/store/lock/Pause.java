package dev.parley.store.lock;

import java.util.concurrent.ThreadLocalRandom;

/** How a waiter lets time pass. A seam: a model check decides itself who moves next and whether a wait is over. */
interface Pause {

    /** The time and the sleep of this machine. */
    Pause REAL = new Pause() {
        @Override
        public long nanoTime() {
            return System.nanoTime();
        }

        @Override
        public void upTo(int millis) throws InterruptedException {
            // Random, so that waiters that came together do not stay together.
            Thread.sleep(1 + ThreadLocalRandom.current().nextInt(millis));
        }
    };

    /** Nanoseconds since some moment; never goes back. */
    long nanoTime();

    /** Lets some time pass, at the most this many milliseconds. */
    void upTo(int millis) throws InterruptedException;
}
