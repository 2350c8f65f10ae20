package dev.parley.hub;

/** A clock that nobody can set. */
interface Ticks {

    /** Nanoseconds since some moment. */
    long nanos();
}
