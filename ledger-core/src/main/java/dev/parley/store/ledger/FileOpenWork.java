package dev.parley.store.ledger;

import dev.parley.address.MessageId;
import dev.parley.address.SessionId;
import dev.parley.ledger.OpenWork;
import dev.parley.ledger.Work;
import dev.parley.ledger.WorkChange;
import dev.parley.ledger.WorkState;
import dev.parley.lock.Leases;
import dev.parley.mailbox.Envelope;
import dev.parley.process.ProcessTable;
import dev.parley.store.CorruptFileException;
import dev.parley.store.Disk;
import dev.parley.store.Part;
import dev.parley.store.Store;
import dev.parley.store.lock.FileLease;
import dev.parley.store.lock.FileOwnerLock;
import dev.parley.store.lock.Locks;
import dev.parley.store.mailbox.EnvelopeCodec;
import dev.parley.store.peer.Relocation;
import dev.parley.trace.Event;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * {@link OpenWork} as marks beside the records of a ledger; their form is in {@code docs/FORMAT.md}.
 *
 * <p>Each revision of a state is a name of its own that is made once and never written again; the terminal state has one name
 * for all, so there is one. A change is made under the lock of its request, by the one rename that also releases the lock: a
 * holder that stalled and was displaced makes none.
 */
public final class FileOpenWork implements OpenWork {

    private static final byte[] NOTHING = {};

    private static final String OPENED = LedgerMark.WORK + 0;
    private static final String FIRST = LedgerMark.WORK + 1;

    /** So often a state is looked for that others change at the same time: each time is another's success. */
    private static final int LOOKS = 16;

    private final Store store;
    private final Disk disk;
    private final Locks locks;
    private final Relocation moves;
    private final SessionId owner;

    /** The work of a session. */
    public FileOpenWork(Store store, ProcessTable processes, SessionId owner) {
        this(store, processes, new Locks(store, processes), owner);
    }

    /** The same with these locks. */
    FileOpenWork(Store store, ProcessTable processes, Locks locks, SessionId owner) {
        this.store = store;
        this.disk = store.disk();
        this.locks = locks;
        this.moves = new Relocation(store, processes);
        this.owner = owner;
    }

    /**
     * What lies in the ledger of one message.
     *
     * @param files where each is, by what follows the message's id in its name; the record by the empty text
     */
    private record Marks(Map<String, Path> files) {

        Optional<Path> record() {
            return at("");
        }

        Optional<Path> at(String suffix) {
            return Optional.ofNullable(files.get(suffix));
        }

        /** The marks of unfinished states, by revision. */
        TreeMap<Integer, Path> work() {
            TreeMap<Integer, Path> work = new TreeMap<>();
            files.forEach((suffix, file) -> {
                OptionalInt revision = LedgerMark.revision(suffix);
                if (revision.isPresent()) {
                    work.put(revision.getAsInt(), file);
                }
            });
            return work;
        }

        boolean isFinished() {
            return files.containsKey(LedgerMark.DONE) || files.containsKey(LedgerMark.ANSWERED);
        }

        boolean isRequest() {
            return files.containsKey(LedgerMark.DONE) || !work().isEmpty();
        }
    }

    private Listing list() throws IOException {
        return Listing.of(store, moves, owner, Part.LEDGER);
    }

    private static Marks marks(Listing listing, MessageId messageId) {
        String id = messageId.value();
        Map<String, Path> files = new HashMap<>();
        listing.files().forEach((name, file) -> {
            if (name.startsWith(id) && (name.length() == id.length() || name.charAt(id.length()) == ',')) {
                files.put(name.substring(id.length()), file);
            }
        });
        return new Marks(files);
    }

    /** Of the requests that have not ended, the record and the marks of their states. Passes over what marks no state. */
    private static Map<MessageId, Marks> unfinished(Map<String, Path> files) {
        Map<MessageId, Marks> unfinished = new HashMap<>();
        files.forEach((name, file) -> {
            int comma = name.indexOf(LedgerMark.WORK);
            String id = comma < 0 ? "" : name.substring(0, comma);
            Path record = files.get(id);
            if (record != null
                    && MessageId.isValid(id)
                    && !files.containsKey(id + LedgerMark.DONE)
                    && !files.containsKey(id + LedgerMark.ANSWERED)) {
                unfinished
                        .computeIfAbsent(new MessageId(id), none -> new Marks(new HashMap<>(Map.of("", record))))
                        .files()
                        .put(name.substring(comma), file);
            }
        });
        return unfinished;
    }

    /** A request, and the marks that say so. */
    private record Found(Work work, Marks marks) {}

    @Override
    public Optional<Work> find(MessageId messageId) throws IOException {
        return look(messageId).map(Found::work);
    }

    private Optional<Found> look(MessageId messageId) throws IOException {
        try {
            Optional<Found> told = probe(messageId);
            if (told.isPresent()) {
                return told;
            }
        } catch (NoSuchFileException e) {
            // Changed since it was seen: then all are listed.
        }
        return search(messageId);
    }

    /**
     * The request, if names that are known beforehand tell how far it is: it has ended, or nothing was said of it yet. Spares a
     * look through the whole ledger. Empty if they do not tell.
     *
     * @throws NoSuchFileException if they say no longer what they said
     */
    private Optional<Found> probe(MessageId messageId) throws IOException {
        SessionId session = store.currentOf(owner);
        List<Path> ledgers = Listing.directories(store, moves, session, Part.LEDGER);
        Map<String, Path> files = new HashMap<>();
        // Revisions are forgotten in their order: if the first is not there, and then 0 is, the first was never made.
        for (String suffix : List.of(FIRST, OPENED, LedgerMark.DONE, LedgerMark.ANSWERED, "")) {
            for (Path ledger : ledgers) {
                Path file = ledger.resolve(messageId + suffix);
                if (!files.containsKey(suffix) && !disk.isAbsent(file)) {
                    files.put(suffix, file);
                }
            }
        }
        Marks marks = new Marks(files);
        boolean isOpen = files.containsKey(OPENED) && !files.containsKey(FIRST) && !marks.isFinished();
        return marks.record().isPresent()
                        && (isOpen || marks.at(LedgerMark.DONE).isPresent())
                ? Optional.of(new Found(work(session, messageId, marks), marks))
                : Optional.empty();
    }

    private Optional<Found> search(MessageId messageId) throws IOException {
        IOException changing = new NoSuchFileException(messageId.value());
        boolean isNone = false;
        for (int looks = 0; looks < LOOKS; looks++) {
            Listing listing = list();
            Marks marks = marks(listing, messageId);
            if (marks.record().isEmpty()) {
                return Optional.empty();
            }
            try {
                if (marks.isRequest()) {
                    return Optional.of(new Found(work(listing.session(), messageId, marks), marks));
                }
                // A mark that is made while another one is forgotten may be in no listing: one alone proves nothing.
                if (isNone || envelope(messageId, marks).requestId().isEmpty()) {
                    return Optional.empty();
                }
                isNone = true;
            } catch (NoSuchFileException e) {
                changing = e;
            }
        }
        throw changing;
    }

    @Override
    public List<Work> unfinished() throws IOException {
        List<Work> unfinished = new ArrayList<>();
        Listing listing = list();
        for (Map.Entry<MessageId, Marks> entry : unfinished(listing.files()).entrySet()) {
            if (entry.getValue().isRequest()) {
                present(listing, entry.getKey(), entry.getValue())
                        .filter(work -> !work.state().isTerminal())
                        .ifPresent(unfinished::add);
            }
        }
        unfinished.sort(Comparator.comparing((Work work) -> work.request().sentAt())
                .thenComparing(work -> work.request().id().value()));
        return unfinished;
    }

    private Optional<Work> present(Listing listing, MessageId messageId, Marks marks) throws IOException {
        try {
            try {
                return Optional.of(work(listing.session(), messageId, marks));
            } catch (NoSuchFileException e) {
                // Changed since it was listed.
                return find(messageId);
            }
        } catch (CorruptFileException e) {
            store.trace()
                    .event(
                            Event.CORRUPT_WORK,
                            Map.of("message", messageId.value(), "reason", String.valueOf(e.getMessage())));
            return Optional.empty();
        }
    }

    /**
     * What the marks of a request say.
     *
     * @throws NoSuchFileException if they say no longer what they said when they were listed
     */
    private Work work(SessionId session, MessageId messageId, Marks marks) throws IOException {
        Envelope request = envelope(messageId, marks);
        Optional<Path> done = marks.at(LedgerMark.DONE);
        if (done.isPresent()) {
            return of(request, read(done.get()));
        }
        Map.Entry<Integer, Path> latest = marks.work().lastEntry();
        int revision = latest.getKey();
        Optional<Path> answered = marks.at(LedgerMark.ANSWERED);
        if (answered.isPresent()) {
            Instant at = Instant.ofEpochMilli(stat(answered.get()).modifiedMillis());
            return of(request, new WorkFile(revision, WorkState.COMPLETED, at, Optional.empty(), Optional.empty()));
        }
        Work work;
        if (revision == 0) {
            var unused = stat(latest.getValue());
            work = of(request, new WorkFile(0, WorkState.OPEN, request.sentAt(), Optional.empty(), Optional.empty()));
        } else {
            work = of(request, read(latest.getValue()));
        }
        requireLatest(session, messageId, revision);
        return work;
    }

    /** What comes next has its name in the present directory: if that is not there, and this is, this is the latest. */
    private void requireLatest(SessionId session, MessageId messageId, int revision) throws IOException {
        for (String suffix : List.of(LedgerMark.DONE, LedgerMark.WORK + (revision + 1))) {
            Path next = store.ledger(session).resolve(messageId + suffix);
            if (!disk.isAbsent(next)) {
                throw new NoSuchFileException(next.toString(), null, "a later state than was listed");
            }
        }
        if (!store.currentOf(owner).equals(session)) {
            throw new NoSuchFileException(store.ledger(session).toString(), null, "the session has moved");
        }
    }

    private Disk.Stat stat(Path mark) throws IOException {
        return disk.stat(mark).orElseThrow(() -> new NoSuchFileException(mark.toString()));
    }

    private static Work of(Envelope request, WorkFile file) {
        return new Work(request, file.state(), file.revision(), file.at(), file.note(), file.needs());
    }

    private Envelope envelope(MessageId messageId, Marks marks) throws IOException {
        Path file = marks.record().orElseThrow(() -> new NoSuchFileException(messageId.value()));
        Envelope envelope = EnvelopeCodec.decode(file, disk.readFile(file, EnvelopeCodec.MAX_FILE_BYTES));
        if (!envelope.id().equals(messageId)) {
            throw new CorruptFileException(file, 0, "it holds message " + envelope.id());
        }
        return envelope;
    }

    private WorkFile read(Path mark) throws IOException {
        return WorkFile.decode(mark, disk.readFile(mark, WorkFile.MAX_BYTES));
    }

    @Override
    public Optional<Outcome> change(MessageId messageId, WorkChange change) throws IOException, InterruptedException {
        try (FileLease lease = lock(messageId).acquire(Leases.WAIT)) {
            Optional<Found> found = look(messageId);
            if (found.isEmpty()) {
                return Optional.empty();
            }
            Work present = found.get().work();
            Instant now = store.clock().instant();
            if (!present.allows(change, now)) {
                return Optional.of(new Outcome(present, false));
            }
            WorkFile next = new WorkFile(present.revision() + 1, change.next(), now, change.note(), change.needs());
            boolean isTerminal = change.next().isTerminal();
            commit(
                    lease,
                    messageId + (isTerminal ? LedgerMark.DONE : LedgerMark.WORK + next.revision()),
                    next.encode());
            forgetBefore(messageId, found.get().marks(), isTerminal ? next.revision() : present.revision());
            return Optional.of(new Outcome(of(present.request(), next), true));
        }
    }

    private FileOwnerLock lock(MessageId messageId) {
        return locks.named("work-" + messageId);
    }

    /** Makes a mark that is not there, and releases the lock. On return it survives a power cut. */
    private void commit(FileLease lease, String name, byte[] content) throws IOException {
        SessionId session = store.currentOf(owner);
        store.requireDirectory(store.ledger(session));
        lease.commit(store.ledger(session).resolve(name), content);
        SessionId now = store.follow(session, Part.LEDGER, name);
        if (!now.equals(session)) {
            disk.forceDirectory(store.ledger(now));
        }
    }

    /** Forgets the revisions that nobody needs: a reader that has listed the last but one finds that or a later one. */
    private void forgetBefore(MessageId messageId, Marks known, int revision) {
        try {
            try {
                delete(known, revision);
            } catch (NoSuchFileException e) {
                // It has gone along to another id.
                delete(marks(list(), messageId), revision);
            }
        } catch (IOException e) {
            // The change is made. The next one repeats this; what stays says less than the marks behind it.
            store.trace().event(Event.WORK_MARK_STAYS, Map.of("message", messageId.value(), "reason", e.toString()));
        }
    }

    /** In their order, and none behind one that stays: {@link #probe} relies on that. */
    private void delete(Marks marks, int before) throws IOException {
        for (Path mark : marks.work().headMap(before).values()) {
            disk.deleteFile(mark);
        }
    }

    @Override
    public boolean claim(MessageId messageId, Edge edge) throws IOException, InterruptedException {
        try (FileLease lease = lock(messageId).acquire(Leases.WAIT)) {
            Optional<Work> work = find(messageId).filter(found -> !found.state().isTerminal());
            if (work.isEmpty()
                    || (edge instanceof TurnEnded ended
                            && ended.revision() != work.get().revision())) {
                return false;
            }
            String suffix = edge instanceof TurnEnded ended ? LedgerMark.REMINDED + ended.revision() : LedgerMark.DUE;
            if (marks(list(), messageId).at(suffix).isPresent()) {
                return false;
            }
            commit(lease, messageId + suffix, NOTHING);
            return true;
        }
    }
}
