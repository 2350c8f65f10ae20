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
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
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
    private final Waiting waiting;

    FileMailbox(Store store, ProcessTable processes, SessionId owner, Stamps stamps, Room room, Waiting waiting) {
        this.store = store;
        this.disk = store.disk();
        this.processes = processes;
        this.owner = owner;
        this.stamps = stamps;
        this.room = room;
        this.waiting = waiting;
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

    /** Takes room for a message without writing it. */
    void admit(Envelope envelope) throws IOException {
        room.take(maildir(), envelope.id());
    }

    /** A message that is written already, under a name that sorts behind all earlier ones. */
    StagedPosting staged(Path file, Envelope envelope) throws IOException {
        Maildir maildir = maildir();
        room.look(maildir);
        String name =
                MessageName.of(stamps.next(), envelope.id(), envelope.replyTo()).toString();
        return new StagedPosting(maildir, file, name, envelope);
    }

    /** Lets what comes next sort behind what another process has added a moment ago. */
    void followOthers() throws IOException {
        room.lookAgain(maildir());
    }

    @Override
    public Batch claim(Budget budget, Predicate<RequestId> awaited) throws IOException {
        Maildir maildir = maildir();
        Taking taking = new Taking(maildir, OwnerToken.of(processes.self()));
        Waiting.Look look = waiting.look(maildir);
        int room = budget.bodyBytes();
        boolean isAsSeen = true;
        try {
            Rounds rounds = look.rounds();
            rounds.begin(awaited);
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
                } else if (look.isRemembered() && !taking.isMovedAway()) {
                    // It may be back under another name, and must not be overtaken by what came behind it.
                    look = waiting.list(maildir);
                    rounds = look.rounds();
                    rounds.begin(awaited);
                } else {
                    rounds.skipped();
                    isAsSeen = false;
                }
            }
            if (isAsSeen && !taking.isMovedAway()) {
                waiting.keep(maildir, look);
            }
        } catch (IOException e) {
            // What comes later must not overtake what cannot be read now; but what has been taken is good.
            if (taking.size() == 0) {
                taking.discard();
                throw e;
            }
            store.trace().event(Event.CLAIM_CUT_SHORT, Map.of("session", owner.value(), "reason", e.toString()));
        }
        return taking.batch(look.rounds().takeable());
    }

    @Override
    public Optional<Batch> claimAnswerIf(RequestId requestId, Predicate<Envelope> isFrom) throws IOException {
        Maildir maildir = maildir();
        List<MessageName> names = maildir.unordered(maildir.waiting());
        List<MessageName> answers = names.stream()
                .filter(name -> name.answers().filter(requestId::equals).isPresent())
                .sorted()
                .toList();
        for (MessageName name : answers) {
            Optional<Envelope> envelope = maildir.peek(name);
            if (envelope.filter(isFrom).isPresent()) {
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
        Maildir maildir = new Maildir(store, store.currentOf(owner));
        OptionalInt remembered = waiting.count(maildir);
        return remembered.isPresent() ? remembered.getAsInt() : room.waiting(maildir, this::waiting);
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

    @Override
    public Optional<Position> locate(MessageId messageId) throws IOException {
        return Optional.ofNullable(locate(Set.of(messageId)).get(messageId));
    }

    /** A claim that is renamed, or given back, while it is looked for is seen in neither place: nothing is believed at once. */
    @Override
    public Map<MessageId, Position> locate(Set<MessageId> messageIds) throws IOException {
        Maildir maildir = maildir();
        Map<MessageId, Position> found = new HashMap<>();
        Set<String> seen = Set.of();
        for (int look = 0; found.size() < messageIds.size() && look < LOOKS; look++) {
            Set<String> there = look == 0 ? Set.of() : names(maildir);
            if (look > 0 && there.equals(seen)) {
                break;
            }
            seen = look(maildir, messageIds, found);
        }
        return found;
    }

    /** What changes where a message goes its way. */
    private static Set<String> names(Maildir maildir) throws IOException {
        Set<String> names = new HashSet<>(texts(maildir.unordered(maildir.waiting())));
        names.addAll(maildir.claimsIn(maildir.claims()));
        names.addAll(maildir.claimsIn(maildir.shown()));
        return names;
    }

    private static List<String> texts(List<MessageName> names) {
        return names.stream().map(MessageName::toString).toList();
    }

    /**
     * Looks for those that are not found yet, along their way.
     *
     * @return as {@link #names}, as it was at this look
     */
    private Set<String> look(Maildir maildir, Set<MessageId> messageIds, Map<MessageId, Position> found)
            throws IOException {
        List<MessageName> waiting = maildir.unordered(maildir.waiting());
        Set<String> seen = new HashSet<>(texts(waiting));
        noteFiles(Place.WAITING, maildir.waiting(), waiting, messageIds, found);
        for (Place place : List.of(Place.HANDED, Place.SHOWN)) {
            Path claims = place == Place.HANDED ? maildir.claims() : maildir.shown();
            for (String claim : found.size() < messageIds.size() ? maildir.claimsIn(claims) : List.<String>of()) {
                seen.add(claim);
                noteClaim(maildir, place, claims.resolve(claim), messageIds, found);
            }
        }
        if (found.size() < messageIds.size()) {
            noteFiles(Place.DAMAGED, maildir.corrupt(), maildir.unordered(maildir.corrupt()), messageIds, found);
        }
        return seen;
    }

    private void noteFiles(
            Place place,
            Path directory,
            List<MessageName> names,
            Set<MessageId> messageIds,
            Map<MessageId, Position> found)
            throws IOException {
        for (MessageName name : names) {
            if (messageIds.contains(name.messageId()) && !found.containsKey(name.messageId())) {
                position(place, directory.resolve(name.toString()))
                        .ifPresent(position -> found.put(name.messageId(), position));
            }
        }
    }

    private void noteClaim(
            Maildir maildir, Place place, Path claim, Set<MessageId> messageIds, Map<MessageId, Position> found)
            throws IOException {
        if (found.size() == messageIds.size()) {
            return;
        }
        List<MessageId> held = maildir.unordered(claim).stream()
                .map(MessageName::messageId)
                .filter(id -> messageIds.contains(id) && !found.containsKey(id))
                .toList();
        if (!held.isEmpty()) {
            Place there = isWithdrawn(claim.getFileName().toString()) ? Place.WITHDRAWN : place;
            position(there, claim).ifPresent(position -> held.forEach(id -> found.put(id, position)));
        }
    }

    private static boolean isWithdrawn(String claim) {
        return ClaimName.parse(claim)
                .filter(name -> name.phase() == ClaimName.Phase.WITHDRAWN)
                .isPresent();
    }

    private static Optional<Path> find(Maildir maildir, Path directory, MessageId messageId) throws IOException {
        return maildir.unordered(directory).stream()
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
