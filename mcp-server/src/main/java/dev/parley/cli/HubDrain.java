package dev.parley.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;

/** Waits until nothing is on its way to or from this machine, and says what it waits for if that takes longer than a second. */
final class HubDrain {

    private static final long LOOK_MILLIS = 200;
    private static final long FIRST_MILLIS = 1_000;
    private static final long AGAIN_MILLIS = 10_000;

    /**
     * What is on its way.
     *
     * @param out how many messages wait to leave this machine
     * @param in how many wait for it at the hub
     */
    record Underway(int out, long in) {

        boolean isAny() {
            return out > 0 || in > 0;
        }

        @Override
        public String toString() {
            return out + (out == 1 ? " message" : " messages") + " to leave this machine and " + in + " to come in";
        }
    }

    /** Looks for it. */
    interface Look {
        Underway now() throws IOException;
    }

    /** Time, as a test may have it. */
    interface Time {

        long millis();

        void sleep(long millis) throws InterruptedException;
    }

    private final PrintWriter err;
    private final Time time;

    HubDrain(PrintWriter err, Time time) {
        this.err = err;
        this.time = time;
    }

    /** That of this machine. */
    static HubDrain telling(PrintWriter err) {
        return new HubDrain(err, new Time() {
            @Override
            public long millis() {
                return System.nanoTime() / 1_000_000;
            }

            @Override
            public void sleep(long millis) throws InterruptedException {
                Thread.sleep(millis);
            }
        });
    }

    /**
     * Waits.
     *
     * @param limit how long at the most
     * @return what is still on its way
     */
    Underway run(Look look, Duration limit) throws IOException, InterruptedException {
        long begun = time.millis();
        long told = begun + FIRST_MILLIS - AGAIN_MILLIS;
        String said = "";
        while (true) {
            Underway now = look.now();
            long at = time.millis();
            if (!now.isAny() || at - begun >= limit.toMillis()) {
                return now;
            }
            boolean isNews = at - begun >= FIRST_MILLIS && at - told >= FIRST_MILLIS && !said.equals(now.toString());
            if (isNews || at - told >= AGAIN_MILLIS) {
                said = now.toString();
                told = at;
                long left = (limit.toMillis() - (at - begun) + 999) / 1_000;
                err.println("parley: waiting for " + said + ", for another " + left
                        + " s at the most; Ctrl-C changes nothing ...");
                err.flush();
            }
            time.sleep(LOOK_MILLIS);
        }
    }
}
