package dev.parley.tools;

/** Whether to wake the receiver, as a caller says it. */
enum WakeMode {
    /** Not even the doorbell. */
    OFF,
    /** The whole ladder, typing into a terminal included. */
    AUTO
}
