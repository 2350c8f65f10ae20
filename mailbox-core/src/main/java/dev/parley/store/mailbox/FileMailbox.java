package dev.parley.store.mailbox;

import dev.parley.address.MessageId;
import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.mailbox.Batch;
import dev.parley.mailbox.Budget;
import dev.parley.mailbox.Envelope;
import dev.parley.mailbox.Mailbox;
import dev.parley.mailbox.Position;
import dev.parley.mailbox.Position.Place;
import dev.parley.mailbox.Utf8;
import dev.parley.process.ProcessTable;
import dev.parley.store.DirectoryWatch;
import dev.parley.store.Disk;
import dev.parley.store.Store;
import dev.parley.store.lock.OwnerToken;
import dev.parley.trace.Event;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * {@link Mailbox} as a Maildir; the names are in {@code docs/FORMAT.md}.
 *
 * <p>Each call looks where the mail is now, since it moves when its session is re-identified.
 */
final class FileMailbox implements Mailbox {

    /** How often a message is looked for that seems to be nowhere. */
    private static final int LOOKS = 3;

    private final Store store;
    private final Disk disk;
    private final ProcessTable processes;
    private final SessionId owner;
    private final Stamps stamps;
    private final Room room;

    FileMailbox(Store store, ProcessTable processes, SessionId owner, Stamps stamps, Room room) {
        this.store = store;
        this.disk = store.disk();
        this.processes = processes;
        this.owner = owner;
        this.stamps = stamps;
        this.room = room;
    }

    @Override
    public SessionId owner() {
        return owner;
    }

    private Maildir maildir() throws IOException {
        return Maildir.of(store, owner);
    }

    @Override
    public FilePosting prepare(Envelope envelope) throws IOException {
        Maildir maildir = maildir();
        room.take(maildir, envelope.id());
        String name =
                MessageName.of(stamps.next(), envelope.id(), envelope.replyTo()).toString();
        disk.createFile(maildir.written().resolve(name), EnvelopeCodec.encode(envelope), Disk.Sync.FORCED);
        return new FilePosting(maildir, name, envelope);
    }

    @Override
    public Batch claim(Budget budget, Predicate<RequestId> awaited) throws IOException {
        Maildir maildir = maildir();
        Rounds rounds = new Rounds(takeable(maildir, awaited));
        Taking taking = new Taking(maildir, OwnerToken.of(processes.self()));
        int room = budget.bodyBytes();
        try {
            while (!rounds.isEmpty()
                    && taking.size() < budget.messages()
                    && rounds.sendersPassedOver() < PASSED_OVER
                    && !taking.isMovedAway()) {
                MessageName name = rounds.next();
                Optional<Envelope> envelope = maildir.peek(name);
                int size = envelope.map(present -> Utf8.length(present.body())).orElse(0);
                if (size > room && taking.size() > 0) {
                    rounds.passedOver();
                } else if (envelope.isPresent() && taking.take(name, envelope.get(), size)) {
                    room -= size;
                    rounds.taken();
                } else {
                    rounds.skipped();
                }
            }
        } catch (IOException e) {
            // What comes later must not overtake what cannot be read now; but what has been taken is good.
            if (taking.size() == 0) {
                taking.discard();
                throw e;
            }
            store.trace().event(Event.CLAIM_CUT_SHORT, Map.of("session", owner.value(), "reason", e.toString()));
        }
        return taking.batch(rounds.size());
    }

    /** What waits and is not left for somebody, in no order. */
    private static List<MessageName> takeable(Maildir maildir, Predicate<RequestId> awaited) throws IOException {
        List<MessageName> names = maildir.unordered(maildir.waiting());
        names.removeIf(name -> name.answers().filter(awaited).isPresent());
        return names;
    }

    @Override
    public Optional<Batch> claimAnswer(RequestId requestId, Predicate<SessionId> mayAnswer) throws IOException {
        Maildir maildir = maildir();
        List<MessageName> names = maildir.names(maildir.waiting());
        for (MessageName name : names) {
            if (name.answers().filter(requestId::equals).isEmpty()) {
                continue;
            }
            Optional<Envelope> envelope = maildir.peek(name);
            if (envelope.flatMap(Envelope::from).filter(mayAnswer).isPresent()) {
                Taking taking = new Taking(maildir, OwnerToken.of(processes.self()));
                try {
                    if (taking.take(
                            name, envelope.get(), Utf8.length(envelope.get().body()))) {
                        return Optional.of(taking.batch(names.size() - 1));
                    }
                } finally {
                    if (taking.size() == 0) {
                        taking.discard();
                    }
                }
            }
        }
        return Optional.empty();
    }

    @Override
    public boolean withdraw(MessageId messageId) throws IOException {
        return new Withdrawal(store, owner, OwnerToken.of(processes.self())).run(messageId);
    }

    @Override
    public int waiting() throws IOException {
        Maildir maildir = maildir();
        return maildir.unordered(maildir.waiting()).size();
    }

    @Override
    public int unread() throws IOException {
        // Asked with every call: where nothing has changed, the directories are not checked either.
        return room.waiting(new Maildir(store, store.currentOf(owner)), this::waiting);
    }

    @Override
    public Set<MessageId> unproven() throws IOException {
        return new Unproven(maildir()).ids();
    }

    @Override
    public boolean isWaiting(MessageId messageId) throws IOException {
        Maildir maildir = maildir();
        return find(maildir, maildir.waiting(), messageId).isPresent();
    }

    /** A claim that is renamed, or given back, while it is looked for is seen in neither place: nothing is believed at once. */
    @Override
    public Optional<Position> locate(MessageId messageId) throws IOException {
        Maildir maildir = maildir();
        Optional<Position> found = Optional.empty();
        for (int look = 0; found.isEmpty() && look < LOOKS; look++) {
            found = look(maildir, messageId);
        }
        return found;
    }

    private Optional<Position> look(Maildir maildir, MessageId messageId) throws IOException {
        Optional<Path> file = find(maildir, maildir.waiting(), messageId);
        if (file.isPresent()) {
            return position(Place.WAITING, file.get());
        }
        for (Place place : List.of(Place.HANDED, Place.SHOWN)) {
            Path claims = place == Place.HANDED ? maildir.claims() : maildir.shown();
            for (String claim : maildir.claimsIn(claims)) {
                Path directory = claims.resolve(claim);
                if (find(maildir, directory, messageId).isPresent()) {
                    return position(isWithdrawn(claim) ? Place.WITHDRAWN : place, directory);
                }
            }
        }
        Optional<Path> damaged = find(maildir, maildir.corrupt(), messageId);
        return damaged.isPresent() ? position(Place.DAMAGED, damaged.get()) : Optional.empty();
    }

    private static boolean isWithdrawn(String claim) {
        return ClaimName.parse(claim)
                .filter(name -> name.phase() == ClaimName.Phase.WITHDRAWN)
                .isPresent();
    }

    private static Optional<Path> find(Maildir maildir, Path directory, MessageId messageId) throws IOException {
        return maildir.names(directory).stream()
                .filter(name -> name.messageId().equals(messageId))
                .map(name -> directory.resolve(name.toString()))
                .findFirst();
    }

    private Optional<Position> position(Place place, Path file) throws IOException {
        return disk.stat(file)
                .map(stat -> new Position(
                        place,
                        Instant.ofEpochMilli(place == Place.SHOWN ? stat.changedMillis() : stat.modifiedMillis())));
    }

    @Override
    public int recover() throws IOException {
        return new Recovery(maildir(), processes).run();
    }

    @Override
    public Arrivals arrivals() throws IOException {
        DirectoryWatch watch = disk.watch(maildir().waiting());
        return new Arrivals() {
            @Override
            public void await(Duration limit) throws InterruptedException {
                watch.await(limit);
            }

            @Override
            public void close() {
                watch.close();
            }
        };
    }
}
