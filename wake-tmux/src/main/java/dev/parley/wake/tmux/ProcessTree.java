package dev.parley.wake.tmux;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The live process table, as far as finding a pane needs it. Everything may be out of date as soon as it is returned. */
interface ProcessTree {

    /** This machine's. */
    static ProcessTree local() {
        return ProcfsTree.isPresent()
                ? new ProcfsTree(Path.of("/proc"))
                : new PsTree(new Subprocess(), "/bin/ps", "tmux");
    }

    /** The process with this number; empty if there is none, or none that can be read. */
    Optional<ProcessEntry> entry(long pid) throws InterruptedException;

    /**
     * Sockets on which the tmux server with this number may listen: a guess that its answer has to confirm. Bounded, and
     * without any that does not belong to this user.
     */
    List<Path> socketsOf(long server);

    /** The program to talk to that server with: where it can be told, the very one that the server runs. */
    String tmuxOf(long server);
}
