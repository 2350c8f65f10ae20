package dev.parley.ledger;

import dev.parley.ledger.Finding.Severity;
import dev.parley.ledger.Scan.Entry;
import dev.parley.lock.OwnerToken;
import dev.parley.lock.ProcessTable.Vitality;
import dev.parley.store.CorruptFileException;
import dev.parley.store.Ids;
import dev.parley.store.SessionId;
import dev.parley.store.Store;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Looks through {@code asks/}: questions that can be read and are not too old, marks of waiters that live. */
final class AsksScan {

    private final Scan scan;
    private final Store store;
    private final Path directory;

    AsksScan(Scan scan, Store store, SessionId session) {
        this.scan = scan;
        this.store = store;
        this.directory = store.asks(session);
    }

    void run() throws IOException {
        for (Entry entry : scan.files(directory)) {
            int at = entry.name().indexOf(FilePendingAsks.WAITING);
            Optional<OwnerToken> waiter = at < 0
                    ? Optional.empty()
                    : OwnerToken.parse(entry.name().substring(at + FilePendingAsks.WAITING.length()));
            if (Ids.isRequestId(entry.name())) {
                ask(entry);
            } else if (waiter.isEmpty() || !Ids.isRequestId(entry.name().substring(0, at))) {
                scan.setAside(Severity.WARNING, entry.path(), "is neither a question nor the mark of a waiter");
            } else if (scan.processes().vitality(waiter.get().holder()) == Vitality.DEAD) {
                scan.litter(entry.path(), "its waiter has ended");
            }
        }
    }

    private void ask(Entry entry) throws IOException {
        try {
            Optional<byte[]> content = scan.read(entry.path(), FilePendingAsks.MAX_BYTES);
            if (content.isPresent()
                    && FilePendingAsks.decode(entry.path(), content.get())
                            .isExpired(store.clock().instant())) {
                scan.litter(entry.path(), "a question that has run out");
            }
        } catch (CorruptFileException e) {
            scan.setAside(Severity.ERROR, entry.path(), "a question that cannot be read: " + e.what());
        }
    }
}
