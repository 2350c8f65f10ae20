package dev.parley.supervise;

/** The ways to end a process, in the order in which they are tried. */
enum Signal {
    INT,
    TERM,
    KILL
}
