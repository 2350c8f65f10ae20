package dev.parley.office.memory;

import dev.parley.address.MessageId;
import dev.parley.address.SessionId;
import dev.parley.ledger.OpenWork;
import dev.parley.ledger.Work;
import dev.parley.ledger.WorkChange;
import dev.parley.ledger.WorkState;
import dev.parley.office.memory.MemorySession.Recorded;
import java.io.IOException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** {@link OpenWork} in memory. */
final class MemoryWork implements OpenWork {

    private final Memory memory;
    private final SessionId owner;

    MemoryWork(Memory memory, SessionId owner) {
        this.memory = memory;
        this.owner = owner;
    }

    @Override
    public Optional<Work> find(MessageId messageId) throws IOException {
        synchronized (memory) {
            return recorded(messageId).map(MemoryWork::work);
        }
    }

    private Optional<Recorded> recorded(MessageId messageId) throws IOException {
        return Optional.ofNullable(memory.session(owner).ledger.get(messageId))
                .filter(record -> record.envelope.requestId().isPresent());
    }

    private static Work work(Recorded record) {
        Optional<Work> last = record.work;
        if (last.filter(work -> work.state().isTerminal()).isPresent()) {
            return last.get();
        }
        int revision = last.map(Work::revision).orElse(0);
        if (record.answered.isPresent()) {
            return plain(record, WorkState.COMPLETED, revision, record.answered.get());
        }
        return last.orElseGet(() -> plain(record, WorkState.OPEN, 0, record.envelope.sentAt()));
    }

    private static Work plain(Recorded record, WorkState state, int revision, Instant since) {
        return new Work(record.envelope, state, revision, since, Optional.empty(), Optional.empty());
    }

    @Override
    public List<Work> unfinished() throws IOException {
        synchronized (memory) {
            return memory.session(owner).ledger.values().stream()
                    .filter(record -> record.envelope.requestId().isPresent())
                    .map(MemoryWork::work)
                    .filter(work -> !work.state().isTerminal())
                    .sorted(Comparator.comparing((Work work) -> work.request().sentAt())
                            .thenComparing(work -> work.request().id().value()))
                    .toList();
        }
    }

    @Override
    public Optional<Outcome> change(MessageId messageId, WorkChange change) throws IOException {
        synchronized (memory) {
            Optional<Recorded> record = recorded(messageId);
            if (record.isEmpty()) {
                return Optional.empty();
            }
            Work present = work(record.get());
            if (!present.allows(change, memory.now())) {
                return Optional.of(new Outcome(present, false));
            }
            Work next = new Work(
                    present.request(),
                    change.next(),
                    present.revision() + 1,
                    memory.now(),
                    change.note(),
                    change.needs());
            record.get().work = Optional.of(next);
            return Optional.of(new Outcome(next, true));
        }
    }

    @Override
    public boolean claim(MessageId messageId, Edge edge) throws IOException {
        synchronized (memory) {
            Optional<Recorded> record = recorded(messageId);
            if (record.isEmpty() || work(record.get()).state().isTerminal()) {
                return false;
            }
            int revision = work(record.get()).revision();
            return (!(edge instanceof TurnEnded ended) || ended.revision() == revision)
                    && record.get().told.add(edge);
        }
    }
}
