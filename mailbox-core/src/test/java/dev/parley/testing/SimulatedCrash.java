package dev.parley.testing;

/**
 * The simulated process is dead. No code of it may run any more: whatever its {@code finally} blocks ask of the disk
 * throws this again, and nothing may catch it but the test.
 */
public final class SimulatedCrash extends Error {

    private static final long serialVersionUID = 1L;

    /** Says where it died. */
    public SimulatedCrash(String where) {
        super(where, null, false, false);
    }
}
