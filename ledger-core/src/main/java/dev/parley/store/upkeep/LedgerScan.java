package dev.parley.store.upkeep;

import dev.parley.address.MessageId;
import dev.parley.address.SessionId;
import dev.parley.mailbox.Envelope;
import dev.parley.office.Finding.Severity;
import dev.parley.store.CorruptFileException;
import dev.parley.store.Disk.Kind;
import dev.parley.store.Store;
import dev.parley.store.ledger.LedgerMark;
import dev.parley.store.mailbox.EnvelopeCodec;
import dev.parley.store.upkeep.Scan.Entry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Looks through {@code ledger/}: records that can be read, marks that belong to one. */
final class LedgerScan {

    private final Scan scan;
    private final Store store;
    private final SessionId session;
    private final Copies copies;
    private final Path directory;
    private final Set<String> ids = new HashSet<>();

    LedgerScan(Scan scan, Store store, SessionId session, Copies copies) {
        this.scan = scan;
        this.store = store;
        this.session = session;
        this.copies = copies;
        this.directory = store.ledger(session);
    }

    void run() throws IOException {
        Map<String, Entry> entries = scan.byName(directory);
        ids.addAll(entries.keySet());
        for (Entry entry : entries.values()) {
            int comma = entry.name().indexOf(',');
            String id = comma < 0 ? entry.name() : entry.name().substring(0, comma);
            if (!MessageId.isValid(id)
                    || (comma >= 0 && !LedgerMark.isSuffix(entry.name().substring(comma)))) {
                scan.setAside(Severity.WARNING, entry.path(), "is neither a record nor a mark");
            } else if (scan.isA(Kind.FILE, entry)) {
                if (comma < 0) {
                    record(id, entry.path());
                } else if (!ids.contains(id) && StoreSweep.isRecordedNowhere(scan, store, session, id)) {
                    scan.litter(entry.path(), "marks a message that is not recorded");
                } else {
                    mark(entry.name().substring(comma), entry.path());
                }
            }
        }
    }

    private void record(String id, Path file) throws IOException {
        try {
            Optional<byte[]> content = scan.read(file, EnvelopeCodec.MAX_FILE_BYTES);
            if (content.isPresent()) {
                Envelope envelope = EnvelopeCodec.decode(file, content.get());
                if (!envelope.id().value().equals(id)) {
                    throw new CorruptFileException(file, 0, "it holds message " + envelope.id());
                }
                copies.addRecord(id, file);
            }
        } catch (CorruptFileException e) {
            copies.addDamagedRecord(id);
            scan.add(
                    Severity.ERROR,
                    file,
                    "a record that cannot be read: " + e.what(),
                    "run 'parley check --repair': it is set aside, and made again if the mailbox still has the message",
                    aside -> {
                        aside.move(file);
                        copies.restoreRecord(id);
                    });
        }
    }

    private void mark(String suffix, Path file) throws IOException {
        try {
            Optional<byte[]> content = scan.read(file, LedgerMark.MAX_BYTES);
            if (content.isPresent()) {
                LedgerMark.requireReadable(suffix, file, content.get());
            }
        } catch (CorruptFileException e) {
            scan.setAside(Severity.ERROR, file, "a state of a request that cannot be read: " + e.what());
        }
    }
}
