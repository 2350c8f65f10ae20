package dev.parley.testing;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;

/**
 * Limits on time, asserted only in the profile {@code full}, which sets {@code parley.timing} to {@code asserted}. The default
 * build prints what it measured and goes on: on a machine that others keep busy a limit on time says more of them than of
 * this code.
 */
public final class Timing {

    /** Longer than anything takes that does not hang. */
    private static final Duration NO_HANG = Duration.ofMinutes(1);

    private Timing() {}

    /** Whether this run asserts time. */
    public static boolean isAsserted() {
        return System.getProperty("parley.timing", "").equals("asserted");
    }

    /** How long to wait for what has to happen within {@code limit}: in the default build for as long as it takes. */
    public static Duration patience(Duration limit) {
        return isAsserted() || limit.compareTo(NO_HANG) > 0 ? limit : NO_HANG;
    }

    /** Asserts, where time is asserted, that something took no longer than its limit. */
    public static void assertAtMost(Duration limit, Duration took, String what) {
        assertHolds(took.compareTo(limit) <= 0, what + " took " + took.toMillis() + " ms of " + limit.toMillis());
    }

    /** Asserts, where time is asserted, what follows from measured times only, such as a ratio. */
    public static void assertHolds(boolean holds, String what) {
        if (isAsserted()) {
            assertTrue(holds, what);
        } else if (!holds) {
            System.out.println("TIMING not asserted here, and missed: " + what);
        }
    }
}
