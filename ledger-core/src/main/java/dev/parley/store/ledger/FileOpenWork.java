package dev.parley.store.ledger;

import dev.parley.address.Ids;
import dev.parley.address.MessageId;
import dev.parley.address.SessionId;
import dev.parley.ledger.OpenWork;
import dev.parley.ledger.Work;
import dev.parley.ledger.WorkChange;
import dev.parley.ledger.WorkState;
import dev.parley.lock.Lease;
import dev.parley.lock.LeaseLostException;
import dev.parley.lock.Leases;
import dev.parley.mailbox.Envelope;
import dev.parley.process.ProcessTable;
import dev.parley.store.CorruptFileException;
import dev.parley.store.Disk;
import dev.parley.store.Part;
import dev.parley.store.Store;
import dev.parley.store.lock.Locks;
import dev.parley.store.mailbox.EnvelopeCodec;
import dev.parley.store.peer.Relocation;
import dev.parley.trace.Event;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * {@link OpenWork} as marks beside the records of a ledger; their form is in {@code docs/FORMAT.md}.
 *
 * <p>Each revision of a state is a name of its own that is made once and never written again: whoever makes it first has made the
 * change. The terminal state has one name for all, so there is one. The lock puts the changes of one request in order; a
 * holder that stalled and was displaced finds the name made. While a ledger moves to another id its marks may still lie
 * under the older one, so both are looked at.
 */
public final class FileOpenWork implements OpenWork {

    private static final byte[] NOTHING = {};

    /** So often a state is looked for that others change at the same time: each time is another's success. */
    private static final int LOOKS = 8;

    private final Store store;
    private final Disk disk;
    private final Locks locks;
    private final Relocation moves;
    private final Ledgers ledgers;
    private final SessionId owner;

    /** The work of a session. */
    public FileOpenWork(Store store, ProcessTable processes, Ledgers ledgers, SessionId owner) {
        this.store = store;
        this.disk = store.disk();
        this.locks = new Locks(store, processes);
        this.moves = new Relocation(store, processes);
        this.ledgers = ledgers;
        this.owner = owner;
    }

    /**
     * What marks there are of one request.
     *
     * @param work where the marks of its unfinished states are, by revision
     * @param done where the mark of its terminal state is
     * @param answered whether a version that knew no states noted that it was answered
     */
    private record Marks(TreeMap<Integer, Path> work, Optional<Path> done, Optional<Path> answered) {

        static final Marks NONE = new Marks(new TreeMap<>(), Optional.empty(), Optional.empty());

        boolean isRequest() {
            return !work.isEmpty() || done.isPresent();
        }

        boolean isFinished() {
            return done.isPresent() || answered.isPresent();
        }

        /** The same with one more of these suffixes. */
        Marks with(String suffix, Path file) {
            if (suffix.equals(LedgerMark.DONE)) {
                return new Marks(work, Optional.of(file), answered);
            }
            if (suffix.equals(LedgerMark.ANSWERED)) {
                return new Marks(work, done, Optional.of(file));
            }
            if (suffix.startsWith(LedgerMark.WORK) && LedgerMark.isSuffix(suffix)) {
                TreeMap<Integer, Path> more = new TreeMap<>(work);
                more.put(Integer.valueOf(suffix.substring(LedgerMark.WORK.length())), file);
                return new Marks(more, done, answered);
            }
            return this;
        }
    }

    @Override
    public Optional<Work> find(MessageId messageId) throws IOException {
        return look(messageId);
    }

    /** A mark that is listed may be gone when it is to be read, since a later one has taken its place. */
    private Optional<Work> look(MessageId messageId) throws IOException {
        NoSuchFileException gone = new NoSuchFileException(messageId.value());
        for (int looks = 0; looks < LOOKS; looks++) {
            Marks marks = marks().getOrDefault(messageId, Marks.NONE);
            try {
                return marks.isRequest() ? work(messageId, marks) : Optional.empty();
            } catch (NoSuchFileException e) {
                gone = e;
            }
        }
        throw gone;
    }

    @Override
    public List<Work> unfinished() throws IOException {
        List<Work> unfinished = new ArrayList<>();
        for (Map.Entry<MessageId, Marks> entry : marks().entrySet()) {
            if (entry.getValue().isRequest() && !entry.getValue().isFinished()) {
                try {
                    work(entry.getKey(), entry.getValue()).ifPresent(unfinished::add);
                } catch (NoSuchFileException e) {
                    look(entry.getKey()).ifPresent(unfinished::add);
                } catch (CorruptFileException e) {
                    store.trace()
                            .event(
                                    Event.CORRUPT_WORK,
                                    Map.of("message", entry.getKey().value(), "reason", String.valueOf(e.getMessage())));
                }
            }
        }
        // What was finished between the listing and the look is left out.
        unfinished.removeIf(work -> work.state().isTerminal());
        unfinished.sort(Comparator.comparing((Work work) -> work.request().sentAt())
                .thenComparing(work -> work.request().id().value()));
        return unfinished;
    }

    /** The ledger's directories: the present one first, then those that have not been brought over wholly. */
    private List<Path> directories() throws IOException {
        SessionId now = store.currentOf(owner);
        List<Path> directories = new ArrayList<>();
        store.requireDirectory(store.ledger(now));
        directories.add(store.ledger(now));
        for (SessionId older : moves.olderIds(now)) {
            if (store.hasDirectory(store.ledger(older))) {
                directories.add(store.ledger(older));
            }
        }
        return directories;
    }

    private Map<MessageId, Marks> marks() throws IOException {
        Map<MessageId, Marks> found = new HashMap<>();
        for (Path directory : directories()) {
            for (String name : disk.list(directory)) {
                int comma = name.indexOf(',');
                if (comma > 0 && MessageId.isValid(name.substring(0, comma))) {
                    found.merge(
                            new MessageId(name.substring(0, comma)),
                            Marks.NONE.with(name.substring(comma), directory.resolve(name)),
                            (marks, one) -> marks.with(name.substring(comma), directory.resolve(name)));
                }
            }
        }
        return found;
    }

    /** What the marks say; empty if its record is gone. */
    private Optional<Work> work(MessageId messageId, Marks marks) throws IOException {
        Optional<Envelope> request = record(messageId);
        if (request.isEmpty()) {
            return Optional.empty();
        }
        int revision = marks.work().isEmpty() ? 0 : marks.work().lastKey();
        if (marks.done().isPresent()) {
            return Optional.of(of(request.get(), revision, read(marks.done().get())));
        }
        if (marks.answered().isPresent()) {
            Instant at = disk.stat(marks.answered().get())
                    .map(stat -> Instant.ofEpochMilli(stat.modifiedMillis()))
                    .orElse(request.get().sentAt());
            return Optional.of(of(
                    request.get(),
                    revision,
                    new WorkFile(WorkState.COMPLETED, at, Optional.empty(), Optional.empty())));
        }
        return Optional.of(
                revision == 0
                        ? of(request.get(), 0, opened(request.get()))
                        : of(request.get(), revision, read(marks.work().get(revision))));
    }

    private static WorkFile opened(Envelope request) {
        return new WorkFile(WorkState.OPEN, request.sentAt(), Optional.empty(), Optional.empty());
    }

    private static Work of(Envelope request, int revision, WorkFile file) {
        return new Work(request, file.state(), revision, file.at(), file.note(), file.needs());
    }

    private Optional<Envelope> record(MessageId messageId) throws IOException {
        for (Path directory : directories()) {
            Path file = directory.resolve(messageId.value());
            try {
                return Optional.of(EnvelopeCodec.decode(file, disk.readFile(file, EnvelopeCodec.MAX_FILE_BYTES)));
            } catch (NoSuchFileException e) {
                // Perhaps it has not been brought over yet.
            }
        }
        return Optional.empty();
    }

    private WorkFile read(Path mark) throws IOException {
        return WorkFile.decode(mark, disk.readFile(mark, WorkFile.MAX_BYTES));
    }

    @Override
    public Optional<Outcome> change(MessageId messageId, WorkChange change) throws IOException, InterruptedException {
        try (Lease lease = locks.named("work-" + messageId).acquire(Leases.WAIT)) {
            Marks marks = marks().getOrDefault(messageId, Marks.NONE);
            Optional<Work> present = marks.isRequest() ? work(messageId, marks) : Optional.empty();
            if (present.isEmpty()) {
                return Optional.empty();
            }
            if (!present.get().state().allows(change.next(), change.actor())) {
                return Optional.of(new Outcome(present.get(), false));
            }
            int revision = present.get().revision() + 1;
            WorkFile next = new WorkFile(change.next(), store.clock().instant(), change.note(), change.needs());
            lease.ensureHeld();
            boolean isFirst = publish(
                    messageId,
                    change.next().isTerminal() ? LedgerMark.DONE : LedgerMark.WORK + revision,
                    next.encode());
            if (!isFirst || (!change.next().isTerminal() && isOvertaken(lease, messageId, revision))) {
                return look(messageId).map(work -> new Outcome(work, false));
            }
            forgetBefore(marks, change.next().isTerminal());
            return Optional.of(new Outcome(of(present.get().request(), revision, next), true));
        }
    }

    /**
     * Whether this process stalled, was displaced, and another has changed the state meanwhile. Who holds the lock after the
     * change has held it all the time.
     */
    private boolean isOvertaken(Lease lease, MessageId messageId, int revision) throws IOException {
        try {
            lease.ensureHeld();
            return false;
        } catch (LeaseLostException e) {
            Marks marks = marks().getOrDefault(messageId, Marks.NONE);
            return marks.isFinished() || marks.work().lastKey() != revision;
        }
    }

    /**
     * Makes a mark that nobody has made yet. On return it survives a power cut.
     *
     * @return false if somebody has
     */
    private boolean publish(MessageId messageId, String suffix, byte[] content) throws IOException {
        SessionId session = store.currentOf(owner);
        store.requireDirectories(session, List.of(Part.LEDGER, Part.TMP));
        String name = messageId + suffix;
        Path aside = store.part(session, Part.TMP).resolve("work-" + messageId + "-" + Ids.random());
        disk.createFile(aside, content, Disk.Sync.FORCED);
        try {
            disk.link(aside, store.ledger(session).resolve(name));
        } catch (FileAlreadyExistsException e) {
            return false;
        } catch (IOException e) {
            // This file system has no second names. The lock keeps others away, except from a holder that stalled.
            if (disk.stat(store.ledger(session).resolve(name)).isPresent()) {
                return false;
            }
            disk.rename(aside, store.ledger(session).resolve(name));
        } finally {
            drop(aside);
        }
        disk.forceDirectory(store.ledger(store.follow(session, Part.LEDGER, name)));
        return true;
    }

    private void drop(Path aside) {
        try {
            disk.deleteFile(aside);
        } catch (NoSuchFileException e) {
            // It was renamed.
        } catch (IOException e) {
            // 'parley gc' removes old files in tmp/.
            store.trace().event(Event.RECORD_LEFT, Map.of("file", aside.toString(), "reason", e.toString()));
        }
    }

    /** Revisions that nobody needs: all but the latest, or all that the terminal state ends. What stays is litter. */
    private void forgetBefore(Marks marks, boolean isFinished) {
        for (Map.Entry<Integer, Path> entry : marks.work().entrySet()) {
            if (isFinished || !entry.getKey().equals(marks.work().lastKey())) {
                drop(entry.getValue());
            }
        }
    }

    @Override
    public boolean claim(MessageId messageId, Edge edge) throws IOException {
        String name = messageId
                + (edge instanceof TurnEnded ended ? LedgerMark.REMINDED + ended.revision() : LedgerMark.DUE);
        if (record(messageId).isEmpty()) {
            return false;
        }
        for (Path directory : directories()) {
            if (disk.stat(directory.resolve(name)).isPresent()) {
                return false;
            }
        }
        SessionId session = store.currentOf(owner);
        try {
            disk.createFile(store.ledger(session).resolve(name), NOTHING, Disk.Sync.UNFORCED);
        } catch (FileAlreadyExistsException e) {
            return false;
        }
        store.follow(session, Part.LEDGER, name);
        return true;
    }
}
