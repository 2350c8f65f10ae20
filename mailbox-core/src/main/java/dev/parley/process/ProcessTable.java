package dev.parley.process;

import java.util.Optional;

/** Tells which processes live. */
public interface ProcessTable {

    /** What is known of a process. */
    enum Vitality {
        /** It runs (or is stopped). */
        ALIVE,
        /** It has ended for certain. */
        DEAD,
        /** It belongs to another boot, container or machine: only time can tell. */
        UNKNOWN
    }

    /** This process. */
    ProcessIdentity self();

    /** The process that has this number now; empty if none has. */
    Optional<ProcessIdentity> identify(long pid);

    /** Whether that very process lives: same number, same start, same scope. */
    Vitality vitality(ProcessIdentity process);
}
