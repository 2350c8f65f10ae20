package dev.parley.store.ledger;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.parley.address.Ids;
import dev.parley.address.MessageId;
import dev.parley.address.SessionId;
import dev.parley.ledger.ReceivedLedger;
import dev.parley.ledger.Retention;
import dev.parley.mailbox.Envelope;
import dev.parley.mailbox.Mailbox;
import dev.parley.store.CorruptFileException;
import dev.parley.store.Disk;
import dev.parley.store.Part;
import dev.parley.store.Store;
import dev.parley.store.lock.Locks;
import dev.parley.store.mailbox.EnvelopeCodec;
import dev.parley.store.mailbox.PostedFile;
import dev.parley.trace.Event;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * {@link ReceivedLedger} as one file per message; the names are in {@code docs/FORMAT.md}.
 *
 * <p>Each call looks where the ledger is now, since it moves when its session is re-identified.
 */
final class FileLedger implements ReceivedLedger {

    private static final Pattern RUNG_NAME = Pattern.compile("[a-z0-9-]{1,40}");
    private static final int RUNG_BYTES = 64;
    private static final byte[] NOTHING = {};

    private final Store store;
    private final Disk disk;
    private final SessionId owner;
    private final Pruning pruning;

    FileLedger(Store store, Locks locks, Mailbox mailbox, SessionId owner, Retention retention, Executor pruner) {
        this.store = store;
        this.disk = store.disk();
        this.owner = owner;
        this.pruning = new Pruning(store, locks.named("prune-" + owner), mailbox, retention, pruner);
    }

    /** The present directory, checked to be one. */
    private Path directory() throws IOException {
        Path directory = store.ledger(store.currentOf(owner));
        store.requireDirectory(directory);
        return directory;
    }

    /**
     * Records a message that is written already and not visible yet: it gets a second name instead of a second copy.
     *
     * @throws IOException as {@link #record(Envelope)}; the posting is as it was
     */
    void record(PostedFile posting) throws IOException {
        SessionId session = store.currentOf(owner);
        store.requireDirectory(store.ledger(session));
        MessageId id = posting.envelope().id();
        try {
            disk.link(posting.file(), store.ledger(session).resolve(id.value()));
        } catch (IOException e) {
            // There is an older record of the message, or this file system has no links. Any other error fails the
            // copy, too.
            copy(posting.envelope(), session);
        }
        recorded(session, posting.envelope());
    }

    /** The same of a message that its sender took back on its way: it is recorded as that, and nobody ever sees it. */
    void recordWithdrawn(PostedFile posting) throws IOException {
        record(posting);
        markWithdrawn(posting.envelope().id());
        disk.forceDirectory(store.ledger(store.currentOf(owner)));
    }

    @Override
    public void record(Envelope envelope) throws IOException {
        SessionId session = store.currentOf(owner);
        copy(envelope, session);
        recorded(session, envelope);
    }

    /** Written aside: a crash must not leave half a record under a name that can be looked up. */
    private void copy(Envelope envelope, SessionId session) throws IOException {
        store.requireDirectories(session, List.of(Part.LEDGER, Part.TMP));
        Path aside = store.part(session, Part.TMP).resolve("ledger-" + envelope.id() + "-" + Ids.random());
        disk.createFile(aside, EnvelopeCodec.encode(envelope), Disk.Sync.FORCED);
        try {
            // Over an older record of the same id, which is of the same message.
            disk.rename(aside, store.ledger(session).resolve(envelope.id().value()));
        } catch (IOException e) {
            drop(aside);
            throw e;
        }
    }

    private void drop(Path aside) {
        try {
            disk.deleteFile(aside);
        } catch (IOException e) {
            // 'parley gc' removes old files in tmp/.
            store.trace().event(Event.RECORD_LEFT, Map.of("file", aside.toString(), "reason", e.toString()));
        }
    }

    /** The mark of a request has no content, so that forcing the directory makes it durable together with the record. */
    private void recorded(SessionId session, Envelope envelope) throws IOException {
        String record = envelope.id().value();
        SessionId at = store.follow(session, Part.LEDGER, record);
        if (envelope.requestId().isPresent()) {
            // Behind the record: a mark without one is litter.
            note(at, record + LedgerMark.WORK + 0, NOTHING);
            at = store.follow(at, Part.LEDGER, record);
        }
        disk.forceDirectory(store.ledger(at));
        pruneNowAndThen(session);
    }

    /** Removes what is beyond the retention, however long that takes. */
    void prune() throws IOException {
        pruning.now(store.currentOf(owner));
    }

    /** The record is safe already; a prune that fails is somebody else's to repeat. */
    private void pruneNowAndThen(SessionId session) {
        try {
            pruning.afterRecord(session);
        } catch (IOException e) {
            pruning.failed(session, e);
        }
    }

    @Override
    public Optional<Envelope> find(MessageId messageId) throws IOException {
        return read(directory().resolve(messageId.value()));
    }

    /** The record of this file, which is named after its message; empty if it is absent. */
    private Optional<Envelope> read(Path file) throws IOException {
        try {
            Envelope envelope = EnvelopeCodec.decode(file, disk.readFile(file, EnvelopeCodec.MAX_FILE_BYTES));
            if (!file.endsWith(envelope.id().value())) {
                throw new CorruptFileException(file, 0, "it holds message " + envelope.id());
            }
            return Optional.of(envelope);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    @Override
    public void markRung(MessageId messageId, String rung) throws IOException {
        if (!RUNG_NAME.matcher(rung).matches()) {
            throw new IllegalArgumentException("not the name of a rung: " + rung);
        }
        mark(messageId + LedgerMark.RUNG, (rung + '\n').getBytes(US_ASCII));
    }

    @Override
    public void markAnswered(MessageId messageId) throws IOException {
        mark(messageId + LedgerMark.ANSWERED, NOTHING);
    }

    /** Notes that its sender took this message back before anybody had taken it. */
    void markWithdrawn(MessageId messageId) throws IOException {
        mark(messageId + LedgerMark.WITHDRAWN, NOTHING);
    }

    /** Whether that is noted. */
    boolean isWithdrawn(MessageId messageId) throws IOException {
        return !disk.isAbsent(directory().resolve(messageId + LedgerMark.WITHDRAWN));
    }

    private void mark(String name, byte[] content) throws IOException {
        var unused = directory();
        note(store.currentOf(owner), name, content);
    }

    private void note(SessionId session, String name, byte[] content) throws IOException {
        try {
            disk.createFile(store.ledger(session).resolve(name), content, Disk.Sync.UNFORCED);
        } catch (FileAlreadyExistsException e) {
            // The first time counts.
        }
        store.follow(session, Part.LEDGER, name);
    }

    @Override
    public Optional<Rung> rung(MessageId messageId) throws IOException {
        Path directory = directory();
        Path mark = directory.resolve(messageId + LedgerMark.RUNG);
        Optional<Instant> at = time(mark);
        if (at.isPresent()) {
            return nameIn(mark).map(rung -> new Rung(at.get(), rung));
        }
        for (Map.Entry<String, String> older : LedgerMark.OLDER_RUNGS.entrySet()) {
            Optional<Instant> then = time(directory.resolve(messageId + older.getValue()));
            if (then.isPresent()) {
                return Optional.of(new Rung(then.get(), older.getKey()));
            }
        }
        return Optional.empty();
    }

    /** The rung that a mark names; none if its writer died before it had written that. */
    private Optional<String> nameIn(Path mark) throws IOException {
        try {
            String name = new String(disk.readFile(mark, RUNG_BYTES), US_ASCII).strip();
            return RUNG_NAME.matcher(name).matches() ? Optional.of(name) : Optional.empty();
        } catch (NoSuchFileException | CorruptFileException e) {
            return Optional.empty();
        }
    }

    @Override
    public Optional<Instant> answeredAt(MessageId messageId) throws IOException {
        return time(directory().resolve(messageId + LedgerMark.ANSWERED));
    }

    private Optional<Instant> time(Path mark) throws IOException {
        return disk.stat(mark).map(stat -> Instant.ofEpochMilli(stat.modifiedMillis()));
    }

    @Override
    public Instant latest() throws IOException {
        Path directory = directory();
        return disk.modifiedMillis(directory)
                .map(Instant::ofEpochMilli)
                .orElseThrow(() -> new NoSuchFileException(directory.toString()));
    }

    @Override
    public Listing listing() throws IOException {
        Path directory = directory();
        return new FileListing(directory, new HashSet<>(disk.list(directory)));
    }

    /** The names in the ledger's directory, as it was listed. */
    private final class FileListing implements Listing {

        private final Path directory;
        private final Set<String> names;

        FileListing(Path directory, Set<String> names) {
            this.directory = directory;
            this.names = names;
        }

        @Override
        public Set<MessageId> ids() {
            return names.stream()
                    .filter(MessageId::isValid)
                    .map(MessageId::new)
                    .collect(Collectors.toUnmodifiableSet());
        }

        private boolean has(MessageId messageId) {
            return names.contains(messageId.value());
        }

        @Override
        public Optional<Instant> recordedAt(MessageId messageId) throws IOException {
            if (!has(messageId)) {
                return Optional.empty();
            }
            Optional<Long> here = disk.modifiedMillis(directory.resolve(messageId.value()));
            // Where it is no longer, it is forgotten, or has moved with its session.
            return (here.isPresent() ? here : disk.modifiedMillis(directory().resolve(messageId.value())))
                    .map(Instant::ofEpochMilli);
        }

        @Override
        public Optional<Envelope> find(MessageId messageId) throws IOException {
            if (!has(messageId)) {
                return Optional.empty();
            }
            Optional<Envelope> here = read(directory.resolve(messageId.value()));
            return here.isPresent() ? here : FileLedger.this.find(messageId);
        }

        @Override
        public Optional<Rung> rung(MessageId messageId) throws IOException {
            boolean isNoted = names.contains(messageId + LedgerMark.RUNG)
                    || LedgerMark.OLDER_RUNGS.values().stream().anyMatch(mark -> names.contains(messageId + mark));
            return isNoted ? FileLedger.this.rung(messageId) : Optional.empty();
        }

        @Override
        public Optional<Instant> answeredAt(MessageId messageId) throws IOException {
            return names.contains(messageId + LedgerMark.ANSWERED)
                    ? FileLedger.this.answeredAt(messageId)
                    : Optional.empty();
        }

        @Override
        public boolean isWithdrawn(MessageId messageId) {
            return names.contains(messageId + LedgerMark.WITHDRAWN);
        }
    }

    @Override
    public int size() throws IOException {
        return (int) disk.list(directory()).stream().filter(MessageId::isValid).count();
    }
}
