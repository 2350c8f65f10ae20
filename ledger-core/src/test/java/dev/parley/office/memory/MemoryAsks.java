package dev.parley.office.memory;

import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.ledger.PendingAsk;
import dev.parley.ledger.PendingAsks;
import dev.parley.office.memory.MemorySession.Notes;
import dev.parley.office.memory.MemorySession.Waiter;
import dev.parley.process.ProcessTable;
import dev.parley.process.ProcessTable.Vitality;
import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** {@link PendingAsks} in memory. */
final class MemoryAsks implements PendingAsks {

    private final Memory memory;
    private final ProcessTable processes;
    private final SessionId owner;

    MemoryAsks(Memory memory, ProcessTable processes, SessionId owner) {
        this.memory = memory;
        this.processes = processes;
        this.owner = owner;
    }

    @Override
    public void open(PendingAsk ask) throws IOException {
        synchronized (memory) {
            memory.session(owner).asks.put(ask.requestId(), ask);
            changed();
        }
    }

    @Override
    public Optional<PendingAsk> find(RequestId requestId) throws IOException {
        synchronized (memory) {
            MemorySession session = memory.session(owner);
            Optional<PendingAsk> ask = Optional.ofNullable(session.asks.get(requestId));
            ask.filter(this::isExpired).ifPresent(over -> session.asks.remove(requestId));
            return ask.filter(open -> !isExpired(open));
        }
    }

    private boolean isExpired(PendingAsk ask) {
        return ask.isExpired(memory.now());
    }

    @Override
    public List<PendingAsk> all() throws IOException {
        synchronized (memory) {
            return kept().stream().filter(ask -> !isExpired(ask)).toList();
        }
    }

    @Override
    public void close(RequestId requestId) throws IOException {
        synchronized (memory) {
            memory.session(owner).asks.remove(requestId);
            changed();
        }
    }

    @Override
    public Waiting waiting(RequestId requestId) throws IOException {
        Waiter waiter = new Waiter(requestId, processes.self());
        synchronized (memory) {
            memory.session(owner).waiters.add(waiter);
        }
        return new Waiting() {
            @Override
            public RequestId requestId() {
                return requestId;
            }

            @Override
            public void close() {
                synchronized (memory) {
                    // It may have gone along to another id.
                    memory.sessions().forEach(session -> session.waiters.remove(waiter));
                }
            }
        };
    }

    @Override
    public Set<RequestId> awaited() throws IOException {
        synchronized (memory) {
            return memory.session(owner).waiters.stream()
                    .filter(waiter -> processes.vitality(waiter.process) != Vitality.DEAD)
                    .map(waiter -> waiter.requestId)
                    .collect(Collectors.toUnmodifiableSet());
        }
    }

    private void changed() throws IOException {
        memory.session(owner).changes++;
        memory.notifyAll();
    }

    @Override
    public List<PendingAsk> kept() throws IOException {
        synchronized (memory) {
            return memory.session(owner).asks.values().stream()
                    .sorted(Comparator.comparing(PendingAsk::askedAt))
                    .toList();
        }
    }

    @Override
    public List<IdleSign> idleSigns() throws IOException {
        synchronized (memory) {
            MemorySession session = memory.session(owner);
            return session.notes.entrySet().stream()
                    .filter(noted -> session.asks.containsKey(noted.getKey()))
                    .flatMap(noted ->
                            noted.getValue().idle.stream().map(revision -> new IdleSign(noted.getKey(), revision)))
                    .toList();
        }
    }

    /** As a hook of who was asked does it. */
    void signIdle(RequestId requestId, int revision) throws IOException {
        synchronized (memory) {
            notes(requestId).idle.add(revision);
            changed();
        }
    }

    private Notes notes(RequestId requestId) throws IOException {
        return memory.session(owner).notes.computeIfAbsent(requestId, none -> new Notes());
    }

    @Override
    public boolean claim(RequestId requestId, Edge edge) throws IOException {
        synchronized (memory) {
            if (edge.kind() == Edge.Kind.IDLE) {
                notes(requestId).idle.remove(edge.revision());
            }
            return memory.session(owner).asks.containsKey(requestId)
                    && notes(requestId).told.add(edge);
        }
    }

    @Override
    public Watch watch() throws IOException {
        synchronized (memory) {
            return new MemoryWatch(memory.session(owner).changes);
        }
    }

    private final class MemoryWatch implements Watch {

        private long seen;

        MemoryWatch(long seen) {
            this.seen = seen;
        }

        @Override
        public void await(Duration limit) throws InterruptedException {
            synchronized (memory) {
                Optional<MemorySession> session = memory.find(memory.current(owner));
                if (session.isPresent() && session.get().changes == seen) {
                    // Early, if it was for somebody else: whoever waits looks again.
                    memory.wait(Math.max(1, limit.toMillis()));
                }
                seen = session.map(changed -> changed.changes).orElse(seen);
            }
        }

        @Override
        public void close() {}
    }
}
