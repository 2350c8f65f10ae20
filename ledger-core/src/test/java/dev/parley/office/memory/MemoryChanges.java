package dev.parley.office.memory;

import dev.parley.address.SessionId;
import dev.parley.office.Changes;
import dev.parley.peer.Peer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@link Changes} in memory: compares what is there with what was. */
final class MemoryChanges implements Changes {

    private static final long PAUSE_MILLIS = 5;

    private final Memory memory;
    private final String project;
    private Map<SessionId, List<Object>> seen;

    MemoryChanges(Memory memory, String project) {
        this.memory = memory;
        this.project = project;
        synchronized (memory) {
            this.seen = now();
        }
    }

    @Override
    public Set<SessionId> await(Duration limit) throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        synchronized (memory) {
            Set<SessionId> changed = changed();
            while (changed.isEmpty() && System.nanoTime() < end) {
                memory.wait(PAUSE_MILLIS);
                changed = changed();
            }
            return changed;
        }
    }

    private Set<SessionId> changed() {
        Map<SessionId, List<Object>> before = seen;
        seen = now();
        Set<SessionId> changed = new HashSet<>(before.keySet());
        changed.addAll(seen.keySet());
        changed.removeIf(id -> before.getOrDefault(id, List.of()).equals(seen.getOrDefault(id, List.of())));
        return changed;
    }

    private Map<SessionId, List<Object>> now() {
        Map<SessionId, List<Object>> now = new HashMap<>();
        for (MemorySession session : memory.sessions()) {
            if (session.card.map(Peer::project).filter(project::equals).isPresent()) {
                now.put(session.id, state(session));
            }
        }
        return now;
    }

    private static List<Object> state(MemorySession session) {
        List<Object> state = new ArrayList<>(List.of(
                session.movedTo,
                session.card,
                session.said,
                List.copyOf(session.waiting.keySet()),
                List.copyOf(session.claims),
                List.copyOf(session.shown),
                List.copyOf(session.asks.values()),
                List.copyOf(session.waiters)));
        session.ledger.forEach((id, record) -> state.add(List.of(id, record.rung, record.answered)));
        return state;
    }

    @Override
    public void close() {}
}
