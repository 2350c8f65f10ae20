package dev.parley.peer;

import dev.parley.address.SessionId;
import dev.parley.process.ProcessIdentity;
import dev.parley.process.ProcessTable;
import dev.parley.process.ProcessTable.Vitality;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * In which tmux sessions peers are seen. Looked up anew each time: people rename their sessions and move their panes, and
 * what a card says of it would be no more than a claim. Safe for use by several threads.
 */
public final class Seats {

    private final ProcessTable processes;
    private Optional<PaneSessions> panes;

    /** Looks with what is installed; that is loaded when it is first needed. */
    public Seats(ProcessTable processes) {
        this(processes, Optional.empty());
    }

    /** Looks with this. */
    public Seats(ProcessTable processes, PaneSessions panes) {
        this(processes, Optional.of(panes));
    }

    private Seats(ProcessTable processes, Optional<PaneSessions> panes) {
        this.processes = processes;
        this.panes = panes;
    }

    /** The names for each peer that is seen in any. */
    public Map<SessionId, List<String>> of(List<Peer> peers) {
        Map<SessionId, List<ProcessIdentity>> asked = new HashMap<>();
        Set<ProcessIdentity> all = new LinkedHashSet<>();
        for (Peer peer : peers) {
            List<ProcessIdentity> own = visible(peer);
            asked.put(peer.id(), own);
            all.addAll(own);
        }
        Map<SessionId, List<String>> seen = new HashMap<>();
        if (all.isEmpty()) {
            return seen;
        }
        Map<ProcessIdentity, List<String>> found = look(all);
        asked.forEach((id, own) -> own.stream()
                .filter(found::containsKey)
                .findFirst()
                .ifPresent(process -> seen.put(id, found.getOrDefault(process, List.of()))));
        return seen;
    }

    private Map<ProcessIdentity, List<String>> look(Set<ProcessIdentity> all) {
        try {
            return installed().of(all);
        } catch (InterruptedException e) {
            // Whoever called is to end; nobody reads what is found.
            Thread.currentThread().interrupt();
            return Map.of();
        }
    }

    private synchronized PaneSessions installed() {
        if (panes.isEmpty()) {
            panes = Optional.of(PaneSessions.installed());
        }
        return panes.get();
    }

    /** What may sit at a terminal: the client; of clients whose process is not known, the servers they have started. */
    private List<ProcessIdentity> visible(Peer peer) {
        List<ProcessIdentity> own = new ArrayList<>();
        peer.process().ifPresent(own::add);
        if (own.isEmpty()) {
            own.addAll(peer.servers());
        }
        own.removeIf(process -> processes.vitality(process) != Vitality.ALIVE);
        return own;
    }
}
