package dev.parley.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LullTest {

    /** So that the clock passes its greatest value, as it may. */
    private static final long BEGIN = Long.MAX_VALUE - Duration.ofSeconds(7).toNanos();

    private final Lull lull = new Lull(BEGIN);

    private static long after(Duration time) {
        return BEGIN + time.toNanos();
    }

    @Test
    void comesWhenNothingHasHappenedForAWhile() {
        assertEquals(Lull.QUIET.toNanos(), lull.nanosLeft(BEGIN));
        assertEquals(1, lull.nanosLeft(after(Lull.QUIET) - 1));
        assertEquals(0, lull.nanosLeft(after(Lull.QUIET)));
    }

    @Test
    void everyRequestPutsItOff() {
        for (int second = 1; second <= 60; second++) {
            long now = after(Duration.ofSeconds(second));
            lull.disturbed(now);
            assertEquals(Lull.QUIET.toNanos(), lull.nanosLeft(now));
        }
        assertEquals(0, lull.nanosLeft(after(Duration.ofSeconds(60).plus(Lull.QUIET))));
    }

    @Test
    void comesAtLastForAClientThatIsNeverQuiet() {
        lull.disturbed(after(Lull.PATIENCE) - 1);
        assertEquals(1, lull.nanosLeft(after(Lull.PATIENCE) - 1));
        lull.disturbed(after(Lull.PATIENCE));
        assertTrue(lull.nanosLeft(after(Lull.PATIENCE)) <= 0);
    }
}
