package dev.parley.office.memory;

import dev.parley.address.MessageId;
import dev.parley.address.SessionId;
import dev.parley.ledger.ReceivedLedger;
import dev.parley.ledger.Retention;
import dev.parley.mailbox.Envelope;
import dev.parley.office.memory.MemorySession.Recorded;
import java.io.IOException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** {@link ReceivedLedger} in memory. */
final class MemoryLedger implements ReceivedLedger {

    private static final Pattern RUNG_NAME = Pattern.compile("[a-z0-9-]{1,40}");

    /** Beyond so many times the retention, unanswered questions go as well. */
    private static final int HARD_FACTOR = 4;

    private final Memory memory;
    private final SessionId owner;

    MemoryLedger(Memory memory, SessionId owner) {
        this.memory = memory;
        this.owner = owner;
    }

    @Override
    public void record(Envelope envelope) throws IOException {
        synchronized (memory) {
            MemorySession session = memory.session(owner);
            if (session.isLedgerBroken) {
                throw new IOException("the ledger of " + owner + " is broken");
            }
            session.ledger.putIfAbsent(envelope.id(), new Recorded(envelope, memory.now()));
            prune(session);
        }
    }

    private void prune(MemorySession session) {
        Retention retention = memory.retention();
        int tooMany = session.ledger.size() - retention.newest();
        if (tooMany <= 0) {
            return;
        }
        Set<MessageId> unproven = MemoryMailbox.unproven(session);
        for (Recorded oldest : List.copyOf(session.ledger.values()).subList(0, tooMany)) {
            boolean mustGo = session.ledger.size() > HARD_FACTOR * retention.newest();
            if (!unproven.contains(oldest.envelope.id()) && (mustGo || !isOwed(oldest))) {
                session.ledger.remove(oldest.envelope.id());
            }
        }
    }

    private boolean isOwed(Recorded record) {
        return record.envelope.requestId().isPresent()
                && record.answered.isEmpty()
                && record.work.filter(work -> work.state().isTerminal()).isEmpty()
                && record.envelope
                        .due()
                        .orElse(record.envelope.sentAt())
                        .plus(memory.retention().owed())
                        .isAfter(memory.now());
    }

    @Override
    public Optional<Envelope> find(MessageId messageId) throws IOException {
        synchronized (memory) {
            return recorded(messageId).map(record -> record.envelope);
        }
    }

    private Optional<Recorded> recorded(MessageId messageId) throws IOException {
        return Optional.ofNullable(memory.session(owner).ledger.get(messageId));
    }

    @Override
    public void markRung(MessageId messageId, String rung) throws IOException {
        if (!RUNG_NAME.matcher(rung).matches()) {
            throw new IllegalArgumentException("not the name of a rung: " + rung);
        }
        mark(messageId, record -> record.rung = record.rung.or(() -> Optional.of(new Rung(memory.now(), rung))));
    }

    @Override
    public void markAnswered(MessageId messageId) throws IOException {
        mark(messageId, record -> record.answered = record.answered.or(() -> Optional.of(memory.now())));
    }

    private void mark(MessageId messageId, Consumer<Recorded> mark) throws IOException {
        synchronized (memory) {
            recorded(messageId).ifPresent(mark);
        }
    }

    @Override
    public Optional<Rung> rung(MessageId messageId) throws IOException {
        synchronized (memory) {
            return recorded(messageId).flatMap(record -> record.rung);
        }
    }

    @Override
    public Optional<Instant> answeredAt(MessageId messageId) throws IOException {
        synchronized (memory) {
            return recorded(messageId).flatMap(record -> record.answered);
        }
    }

    @Override
    public int size() throws IOException {
        synchronized (memory) {
            return memory.session(owner).ledger.size();
        }
    }

    @Override
    public Instant latest() throws IOException {
        synchronized (memory) {
            return memory.session(owner).ledger.values().stream()
                    .map(record -> record.at)
                    .max(Comparator.naturalOrder())
                    .orElse(Instant.EPOCH);
        }
    }

    @Override
    public Listing listing() throws IOException {
        synchronized (memory) {
            return new MemoryListing(Set.copyOf(memory.session(owner).ledger.keySet()));
        }
    }

    private final class MemoryListing implements Listing {

        private final Set<MessageId> ids;

        MemoryListing(Set<MessageId> ids) {
            this.ids = ids;
        }

        @Override
        public Set<MessageId> ids() {
            return ids;
        }

        private Optional<MessageId> listed(MessageId messageId) {
            return Optional.of(messageId).filter(ids::contains);
        }

        @Override
        public Optional<Instant> recordedAt(MessageId messageId) throws IOException {
            synchronized (memory) {
                return listed(messageId).isPresent() ? recorded(messageId).map(record -> record.at) : Optional.empty();
            }
        }

        @Override
        public Optional<Envelope> find(MessageId messageId) throws IOException {
            return listed(messageId).isPresent() ? MemoryLedger.this.find(messageId) : Optional.empty();
        }

        @Override
        public Optional<Rung> rung(MessageId messageId) throws IOException {
            return listed(messageId).isPresent() ? MemoryLedger.this.rung(messageId) : Optional.empty();
        }

        @Override
        public Optional<Instant> answeredAt(MessageId messageId) throws IOException {
            return listed(messageId).isPresent() ? MemoryLedger.this.answeredAt(messageId) : Optional.empty();
        }

        @Override
        public boolean isWithdrawn(MessageId messageId) {
            synchronized (memory) {
                return memory.find(memory.current(owner))
                        .map(session -> session.ledger.get(messageId))
                        .filter(record -> record.isWithdrawn)
                        .isPresent();
            }
        }
    }
}
