package dev.parley.testing;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Assumptions;

/** What a test needs of the machine. */
public final class Needs {

    private Needs() {}

    /**
     * Ends the test if the machine lacks something: as a failure where {@code CI} is set, since continuous integration has to
     * have it, else as not run, which {@link RunListener} tells at the end of the output.
     *
     * @param there whether the machine has it
     * @param what what it is, and how to come by it
     */
    public static void that(boolean there, String what) {
        String missing = "this machine lacks " + what;
        if (System.getenv("CI") != null) {
            assertTrue(there, missing);
        }
        Assumptions.assumeTrue(there, missing);
    }
}
