package dev.parley.office.memory;

import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.ledger.PendingAsk;
import dev.parley.ledger.PendingAsks;
import dev.parley.office.memory.MemorySession.Waiter;
import dev.parley.process.ProcessTable;
import dev.parley.process.ProcessTable.Vitality;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
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
        }
    }

    @Override
    public Optional<PendingAsk> find(RequestId requestId) throws IOException {
        synchronized (memory) {
            MemorySession session = memory.session(owner);
            session.asks.values().removeIf(this::isExpired);
            return Optional.ofNullable(session.asks.get(requestId));
        }
    }

    private boolean isExpired(PendingAsk ask) {
        return ask.isExpired(memory.now());
    }

    @Override
    public List<PendingAsk> all() throws IOException {
        synchronized (memory) {
            return memory.session(owner).asks.values().stream()
                    .filter(ask -> !isExpired(ask))
                    .sorted(Comparator.comparing(PendingAsk::askedAt))
                    .toList();
        }
    }

    @Override
    public void close(RequestId requestId) throws IOException {
        synchronized (memory) {
            memory.session(owner).asks.remove(requestId);
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
    public Predicate<RequestId> awaited() throws IOException {
        synchronized (memory) {
            Set<RequestId> awaited = memory.session(owner).waiters.stream()
                    .filter(waiter -> processes.vitality(waiter.process) != Vitality.DEAD)
                    .map(waiter -> waiter.requestId)
                    .collect(Collectors.toUnmodifiableSet());
            return awaited::contains;
        }
    }
}
