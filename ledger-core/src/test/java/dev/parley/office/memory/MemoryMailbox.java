package dev.parley.office.memory;

import dev.parley.address.MessageId;
import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.mailbox.Batch;
import dev.parley.mailbox.Batch.Seen;
import dev.parley.mailbox.Budget;
import dev.parley.mailbox.Envelope;
import dev.parley.mailbox.Mailbox;
import dev.parley.mailbox.MailboxFullException;
import dev.parley.mailbox.Position;
import dev.parley.mailbox.Position.Place;
import dev.parley.mailbox.Utf8;
import dev.parley.office.memory.MemorySession.Claim;
import dev.parley.office.memory.MemorySession.Letter;
import dev.parley.process.ProcessTable;
import dev.parley.process.ProcessTable.Vitality;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.function.Predicate;

/** {@link Mailbox} in memory. */
final class MemoryMailbox implements Mailbox {

    private final Memory memory;
    private final ProcessTable processes;
    private final SessionId owner;

    MemoryMailbox(Memory memory, ProcessTable processes, SessionId owner) {
        this.memory = memory;
        this.processes = processes;
        this.owner = owner;
    }

    @Override
    public SessionId owner() {
        return owner;
    }

    @Override
    public Posting prepare(Envelope envelope) throws IOException {
        synchronized (memory) {
            MemorySession session = memory.session(owner);
            if (session.waiting.size() >= CAPACITY) {
                throw MailboxFullException.ofAll(session.id, session.waiting.size());
            }
            int own = (int) session.waiting.values().stream()
                    .filter(letter -> letter.envelope.from().equals(envelope.from()))
                    .count();
            if (own >= CAPACITY_OF_ONE) {
                throw MailboxFullException.ofSender(session.id, own);
            }
            Letter letter = new Letter(memory.nextStamp(), envelope, memory.now());
            session.prepared.add(letter);
            return new MemoryPosting(letter);
        }
    }

    private final class MemoryPosting implements Posting {

        private final Letter letter;

        MemoryPosting(Letter letter) {
            this.letter = letter;
        }

        @Override
        public Envelope envelope() {
            return letter.envelope;
        }

        @Override
        public SessionId deliver() throws IOException {
            synchronized (memory) {
                MemorySession session = memory.session(owner);
                close();
                session.store(letter);
                memory.notifyAll();
                return session.id;
            }
        }

        @Override
        public void close() {
            synchronized (memory) {
                // It may have gone along to another id.
                memory.sessions().forEach(session -> session.prepared.remove(letter));
            }
        }
    }

    @Override
    public Batch claim(Budget budget, Predicate<RequestId> awaited) throws IOException {
        synchronized (memory) {
            MemorySession session = memory.session(owner);
            List<Letter> takeable = session.waiting.values().stream()
                    .filter(letter -> letter.envelope.replyTo().filter(awaited).isEmpty())
                    .toList();
            List<Letter> taken = inRounds(takeable, budget);
            return take(session, taken, takeable.size() - taken.size());
        }
    }

    /** What a budget gets: each sender's oldest in each round, the senders in the order of those of the first. */
    private static List<Letter> inRounds(List<Letter> takeable, Budget budget) {
        Map<Optional<SessionId>, Queue<Letter>> bySender = new LinkedHashMap<>();
        for (Letter letter : takeable) {
            bySender.computeIfAbsent(letter.envelope.from(), sender -> new ArrayDeque<>())
                    .add(letter);
        }
        Deque<Queue<Letter>> turns = new ArrayDeque<>(bySender.values());
        List<Letter> taken = new ArrayList<>();
        int room = budget.bodyBytes();
        while (!turns.isEmpty() && taken.size() < budget.messages()) {
            Queue<Letter> sender = turns.remove();
            int size = Utf8.length(sender.element().envelope.body());
            if (size > room && !taken.isEmpty()) {
                // Nothing of this sender overtakes it: it has no turn any more.
                continue;
            }
            taken.add(sender.remove());
            room -= size;
            if (!sender.isEmpty()) {
                turns.add(sender);
            }
        }
        taken.sort(Comparator.comparingLong(letter -> letter.stamp));
        return taken;
    }

    private Batch take(MemorySession session, List<Letter> letters, int remaining) {
        Claim claim = new Claim(processes.self(), letters, memory.now());
        if (!letters.isEmpty()) {
            letters.forEach(letter -> session.waiting.remove(letter.stamp));
            session.claims.add(claim);
        }
        List<Batch.Claimed> messages = letters.stream()
                .map(letter ->
                        new Batch.Claimed(letter.envelope, letter.redelivered, Utf8.length(letter.envelope.body())))
                .toList();
        return new MemoryBatch(claim, messages, remaining);
    }

    @Override
    public Optional<Batch> claimAnswerIf(RequestId requestId, Predicate<Envelope> isFrom) throws IOException {
        synchronized (memory) {
            MemorySession session = memory.session(owner);
            Optional<Letter> answer = session.waiting.values().stream()
                    .filter(letter ->
                            letter.envelope.replyTo().filter(requestId::equals).isPresent()
                                    && isFrom.test(letter.envelope))
                    .findFirst();
            return answer.map(letter -> take(session, List.of(letter), session.waiting.size() - 1));
        }
    }

    private final class MemoryBatch implements Batch {

        private final Claim claim;
        private final List<Claimed> messages;
        private final int remaining;

        MemoryBatch(Claim claim, List<Claimed> messages, int remaining) {
            this.claim = claim;
            this.messages = messages;
            this.remaining = remaining;
        }

        @Override
        public List<Claimed> messages() {
            return messages;
        }

        @Override
        public int remaining() {
            return remaining;
        }

        @Override
        public void written() {
            // Written or not, they come back marked if this process dies.
        }

        @Override
        public void confirm() {
            synchronized (memory) {
                holder().ifPresent(session -> {
                    session.claims.remove(claim);
                    claim.since = memory.now();
                    session.shown.add(claim);
                    if (session.shown.size() > MAX_SHOWN) {
                        session.shown.remove(0);
                    }
                });
            }
        }

        @Override
        public void giveBack(Seen seen) {
            synchronized (memory) {
                holder().ifPresent(session -> putBack(session, claim, seen));
            }
        }

        /** The session where it still is; empty if it was taken back, or has ended. */
        private Optional<MemorySession> holder() {
            return memory.sessions().stream()
                    .filter(session -> session.claims.contains(claim))
                    .findFirst();
        }
    }

    private void putBack(MemorySession session, Claim claim, Seen seen) {
        session.claims.remove(claim);
        for (Letter letter : claim.letters) {
            letter.redelivered |= seen == Seen.PERHAPS;
            session.store(letter);
        }
        memory.notifyAll();
    }

    @Override
    public boolean withdraw(MessageId messageId) throws IOException {
        synchronized (memory) {
            MemorySession session = memory.session(owner);
            Optional<Letter> found = session.waiting.values().stream()
                    .filter(letter -> letter.envelope.id().equals(messageId) && !letter.redelivered)
                    .findFirst();
            found.ifPresent(letter -> {
                session.waiting.remove(letter.stamp);
                session.withdrawn.add(new Claim(processes.self(), List.of(letter), memory.now()));
                if (session.withdrawn.size() > MAX_SHOWN) {
                    session.withdrawn.remove(0);
                }
            });
            return found.isPresent();
        }
    }

    @Override
    public int waiting() throws IOException {
        synchronized (memory) {
            return memory.session(owner).waiting.size();
        }
    }

    @Override
    public int unread() throws IOException {
        return waiting();
    }

    @Override
    public Set<MessageId> unproven() throws IOException {
        synchronized (memory) {
            return unproven(memory.session(owner));
        }
    }

    /** The same, for one who is at it already. */
    static Set<MessageId> unproven(MemorySession session) {
        Set<MessageId> ids = new HashSet<>();
        session.prepared.forEach(letter -> ids.add(letter.envelope.id()));
        session.waiting.values().forEach(letter -> ids.add(letter.envelope.id()));
        session.claims.forEach(claim -> claim.letters.forEach(letter -> ids.add(letter.envelope.id())));
        return ids;
    }

    @Override
    public boolean isWaiting(MessageId messageId) throws IOException {
        return locate(messageId)
                .filter(position -> position.place() == Place.WAITING)
                .isPresent();
    }

    @Override
    public Optional<Position> locate(MessageId messageId) throws IOException {
        synchronized (memory) {
            MemorySession session = memory.session(owner);
            Optional<Position> waiting = session.waiting.values().stream()
                    .filter(letter -> letter.envelope.id().equals(messageId))
                    .map(letter -> new Position(Place.WAITING, letter.since))
                    .findFirst();
            return waiting.or(() -> among(session.claims, Place.HANDED, messageId))
                    .or(() -> among(session.shown, Place.SHOWN, messageId))
                    .or(() -> among(session.withdrawn, Place.WITHDRAWN, messageId));
        }
    }

    @Override
    public Map<MessageId, Position> locate(Set<MessageId> messageIds) throws IOException {
        synchronized (memory) {
            Map<MessageId, Position> found = new HashMap<>();
            for (MessageId id : messageIds) {
                locate(id).ifPresent(position -> found.put(id, position));
            }
            return found;
        }
    }

    private static Optional<Position> among(List<Claim> claims, Place place, MessageId messageId) {
        return claims.stream()
                .filter(claim -> claim.letters.stream()
                        .anyMatch(letter -> letter.envelope.id().equals(messageId)))
                .map(claim -> new Position(place, claim.since))
                .findFirst();
    }

    @Override
    public int recover() throws IOException {
        synchronized (memory) {
            MemorySession session = memory.session(owner);
            int recovered = 0;
            for (Claim claim : List.copyOf(session.claims)) {
                if (processes.vitality(claim.taker) == Vitality.DEAD) {
                    putBack(session, claim, Seen.PERHAPS);
                    recovered += claim.letters.size();
                }
            }
            return recovered;
        }
    }

    @Override
    public Arrivals arrivals() throws IOException {
        synchronized (memory) {
            return new MemoryArrivals(newest(memory.session(owner)));
        }
    }

    private static long newest(MemorySession session) {
        return session.waiting.isEmpty() ? 0 : session.waiting.lastKey();
    }

    private final class MemoryArrivals implements Arrivals {

        private long seen;

        MemoryArrivals(long seen) {
            this.seen = seen;
        }

        @Override
        public void await(Duration limit) throws InterruptedException {
            synchronized (memory) {
                Optional<MemorySession> session = memory.find(memory.current(owner));
                if (session.isPresent() && newest(session.get()) == seen) {
                    // Early, if it was for somebody else: whoever waits looks again.
                    memory.wait(Math.max(1, limit.toMillis()));
                }
                seen = session.map(MemoryMailbox::newest).orElse(seen);
            }
        }

        @Override
        public void close() {}
    }
}
