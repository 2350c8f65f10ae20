package dev.parley.testing;

/** All that a simulated process can see. */
public interface World {

    /** The number of this process, from 0. */
    int process();

    /** Where its system calls go. */
    Kernel kernel();

    /** The disk, on which every call is a point where the others may move, or this process die. */
    SimulatedDisk disk();

    /** Asks the {@link Oracle}; a point like a call to the disk. */
    Object ask(Object subject);

    /** A text in {@code [0-9a-z]+} that this process has not been given before in this round, nor in any other round. */
    String nonce();

    /**
     * Says that the code's state at this point depends on nothing but this key, the process and the round, so that the
     * search need not follow both of two ways that lead here. Wrong keys make the search blind: when in doubt, leave it
     * out.
     */
    void settle(Object key);

    /** Names the stretch of code the process is in from here on, for {@link Rules#together}; empty for none. */
    void enter(String stretch);
}
