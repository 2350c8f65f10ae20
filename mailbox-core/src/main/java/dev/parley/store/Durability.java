package dev.parley.store;

/** What an acknowledged write survives. */
public enum Durability {
    /** The death of any process and a power cut: files and directories are forced to the medium. The default. */
    POWER_CUT,
    /** The death of any process, not a power cut: nothing is forced. */
    PROCESS
}
