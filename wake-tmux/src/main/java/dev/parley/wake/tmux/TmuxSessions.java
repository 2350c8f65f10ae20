package dev.parley.wake.tmux;

import dev.parley.peer.PaneDoor;
import dev.parley.peer.PaneSessions;
import dev.parley.process.ProcessIdentity;
import dev.parley.store.process.LocalProcessTable;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@link PaneSessions} of tmux: each process is found in its pane as for typing, and its server says whose pane that is. */
public final class TmuxSessions implements PaneSessions {

    private final PaneFinder finder;

    /** For {@link java.util.ServiceLoader}. */
    public TmuxSessions() {
        this(new PaneFinder(LocalProcessTable.INSTANCE, ProcessTree.local(), new Subprocess()));
    }

    TmuxSessions(PaneFinder finder) {
        this.finder = finder;
    }

    @Override
    public Map<ProcessIdentity, List<String>> of(Collection<ProcessIdentity> processes) throws InterruptedException {
        return finder.sessionsOf(processes);
    }

    @Override
    public Optional<PaneDoor> door(ProcessIdentity process) throws InterruptedException {
        return finder.door(process);
    }
}
