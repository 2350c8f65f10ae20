package dev.parley.store.upkeep;

import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.office.Finding.Severity;
import dev.parley.process.ProcessTable.Vitality;
import dev.parley.store.CorruptFileException;
import dev.parley.store.Store;
import dev.parley.store.ledger.AskFile;
import dev.parley.store.upkeep.Scan.Entry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Looks through {@code asks/}: questions that can be read and are not too old, marks of waiters that live. */
final class AsksScan {

    private final Scan scan;
    private final Store store;
    private final SessionId session;
    private final Path directory;

    AsksScan(Scan scan, Store store, SessionId session) {
        this.scan = scan;
        this.store = store;
        this.session = session;
        this.directory = store.asks(session);
    }

    void run() throws IOException {
        Set<String> names = new TreeSet<>(scan.names(directory));
        for (Entry entry : scan.files(directory)) {
            Optional<AskFile.Mark> mark = AskFile.Mark.parse(entry.name());
            if (RequestId.isValid(entry.name())) {
                ask(entry, names);
            } else if (AskFile.noted(entry.name()).isPresent()) {
                if (StoreSweep.isOfNoQuestion(scan, store, session, names, entry)) {
                    scan.litter(entry.path(), "a note of a question that is not open");
                }
            } else if (mark.isEmpty()) {
                scan.setAside(Severity.WARNING, entry.path(), "is neither a question nor a mark of one");
            } else if (scan.processes().vitality(mark.get().waiter().holder()) == Vitality.DEAD) {
                scan.litter(entry.path(), "its waiter has ended");
            }
        }
    }

    private void ask(Entry entry, Set<String> names) throws IOException {
        try {
            Optional<byte[]> content = scan.read(entry.path(), AskFile.MAX_BYTES);
            if (content.isPresent()
                    && StoreSweep.hasRunOut(
                            store,
                            AskFile.withDue(AskFile.decode(entry.path(), content.get()), names),
                            names,
                            StoreSweep.KEEP_ENDED)) {
                scan.litter(entry.path(), "a question that has run out");
            }
        } catch (CorruptFileException e) {
            scan.setAside(Severity.ERROR, entry.path(), "a question that cannot be read: " + e.what());
        }
    }
}
