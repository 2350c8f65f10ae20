package dev.parley.testing;

/** Where the system calls of one simulated process go. */
@FunctionalInterface
public interface Kernel {

    /**
     * Carries out one call.
     *
     * @throws SimulatedCrash if the process dies at this call
     */
    Reply call(SystemCall call);
}
