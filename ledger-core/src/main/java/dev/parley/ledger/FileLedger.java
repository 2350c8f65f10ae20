package dev.parley.ledger;

import dev.parley.lock.Locks;
import dev.parley.mailbox.Envelope;
import dev.parley.mailbox.EnvelopeCodec;
import dev.parley.store.Disk;
import dev.parley.store.Ids;
import dev.parley.store.SessionId;
import dev.parley.store.Store;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** {@link ReceivedLedger} as one file per message; the names are in {@code docs/FORMAT.md}. */
final class FileLedger implements ReceivedLedger {

    static final String ANSWERED = ",answered";
    static final String RUNG = ",rung=";
    private static final byte[] NOTHING = {};

    private final Store store;
    private final Disk disk;
    private final Path directory;
    private final Path written;
    private final Pruning pruning;

    FileLedger(Store store, Locks locks, SessionId owner, Retention retention) {
        this.store = store;
        this.disk = store.disk();
        this.directory = store.ledger(owner);
        this.written = store.mailbox(owner).resolve("tmp");
        this.pruning = new Pruning(store, locks.named("prune-" + owner), directory, retention);
    }

    @Override
    public void record(Envelope envelope) throws IOException {
        Path target = directory.resolve(envelope.id());
        if (disk.stat(target).isPresent()) {
            return;
        }
        // Written aside: a crash must not leave half a record under a name that can be looked up.
        Path fresh = written.resolve("ledger-" + envelope.id() + "-" + Ids.random());
        disk.createFile(fresh, EnvelopeCodec.encode(envelope), Disk.Sync.FORCED);
        try {
            disk.rename(fresh, target);
        } catch (IOException e) {
            discard(fresh, e);
            throw e;
        }
        disk.forceDirectory(directory);
        pruneNowAndThen();
    }

    private void discard(Path fresh, IOException cause) {
        try {
            disk.deleteFile(fresh);
        } catch (IOException e) {
            // 'parley gc' removes old files in tmp/.
            cause.addSuppressed(e);
        }
    }

    /** The record is safe already; a prune that fails is somebody else's to repeat. */
    private void pruneNowAndThen() {
        try {
            pruning.afterRecord();
        } catch (IOException e) {
            store.trace().event("prune-failed", Map.of("ledger", directory.toString(), "reason", e.toString()));
        }
    }

    @Override
    public Optional<Envelope> find(String messageId) throws IOException {
        if (!Ids.isMessageId(messageId)) {
            return Optional.empty();
        }
        Path file = directory.resolve(messageId);
        try {
            return Optional.of(EnvelopeCodec.decode(file, disk.readFile(file, EnvelopeCodec.MAX_FILE_BYTES)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    @Override
    public void markRung(String messageId, String rung) throws IOException {
        mark(messageId + RUNG + rung);
    }

    @Override
    public void markAnswered(String messageId) throws IOException {
        mark(messageId + ANSWERED);
    }

    private void mark(String name) throws IOException {
        try {
            disk.createFile(directory.resolve(name), NOTHING, Disk.Sync.UNFORCED);
        } catch (FileAlreadyExistsException e) {
            // The first time counts.
        }
    }

    @Override
    public Optional<Rung> rung(String messageId) throws IOException {
        String prefix = messageId + RUNG;
        for (String name : disk.list(directory)) {
            if (name.startsWith(prefix)) {
                return time(name).map(at -> new Rung(at, name.substring(prefix.length())));
            }
        }
        return Optional.empty();
    }

    @Override
    public Optional<Instant> answeredAt(String messageId) throws IOException {
        return time(messageId + ANSWERED);
    }

    private Optional<Instant> time(String name) throws IOException {
        return disk.stat(directory.resolve(name)).map(stat -> Instant.ofEpochMilli(stat.modifiedMillis()));
    }

    @Override
    public int size() throws IOException {
        return (int) disk.list(directory).stream().filter(Ids::isMessageId).count();
    }
}
