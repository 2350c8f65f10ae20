package dev.parley.supervise;

import dev.parley.process.ProcessIdentity;
import java.util.List;
import java.util.Optional;

/** What a supervisor sees of processes, and does to them. */
interface Processes {

    /** This process. */
    ProcessIdentity self();

    /** The process that has this number now; empty if none has. */
    Optional<ProcessIdentity> identify(long pid);

    /** Whether that very process has not ended for certain. */
    boolean lives(ProcessIdentity process);

    /** The processes below it; none if it has ended, or that cannot be told. */
    List<ProcessIdentity> below(ProcessIdentity process);

    /** Sends a signal, if that very process lives. */
    void send(Signal signal, ProcessIdentity process);
}
