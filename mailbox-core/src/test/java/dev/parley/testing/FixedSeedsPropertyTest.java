package dev.parley.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;

/** The default build draws the same values in every run; the full profile draws others. */
class FixedSeedsPropertyTest {

    /** What this property drew when it was written. */
    private static final int EXPECTED = 1309355034;

    private static final List<Integer> DRAWN = new ArrayList<>();

    @Property(tries = 20)
    void drawsTheSameInEveryRun(@ForAll int value) {
        DRAWN.add(value);
    }

    @AfterContainer
    static void compare() {
        if (System.getProperty(FixedSeeds.SEEDS, "").equals("random")) {
            assertNotEquals(EXPECTED, DRAWN.hashCode());
        } else {
            assertEquals(EXPECTED, DRAWN.hashCode());
        }
    }
}
