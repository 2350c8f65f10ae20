package dev.parley.store.ledger;

import dev.parley.address.SessionId;
import dev.parley.ledger.OpenWork;
import dev.parley.ledger.ReceivedLedger;
import dev.parley.ledger.Retention;
import dev.parley.process.ProcessTable;
import dev.parley.store.Store;
import dev.parley.store.lock.Locks;
import dev.parley.store.mailbox.Mailboxes;
import java.io.IOException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;

/** The received-ledgers of one store. Safe for use by several threads. */
public final class Ledgers {

    private final Store store;
    private final ProcessTable processes;
    private final Locks locks;
    private final Mailboxes mailboxes;
    private final Retention retention;
    private final Executor pruner;
    private final ConcurrentMap<SessionId, FileLedger> ledgers = new ConcurrentHashMap<>();

    /** The ledgers of a store. */
    public Ledgers(Store store, ProcessTable processes, Retention retention) {
        this(store, processes, retention, Runnable::run);
    }

    /**
     * The same.
     *
     * @param pruner prunes a ledger that has grown, one at a time; what it is given may take seconds, and may be lost
     */
    public Ledgers(Store store, ProcessTable processes, Retention retention, Executor pruner) {
        this.store = store;
        this.processes = processes;
        this.locks = new Locks(store, processes);
        this.mailboxes = new Mailboxes(store, processes);
        this.retention = retention;
        this.pruner = pruner;
    }

    /** The ledger of a session, which need not exist. */
    public ReceivedLedger of(SessionId owner) {
        return file(owner);
    }

    /** The requests among what is recorded of a session. */
    public OpenWork work(SessionId owner) {
        return new FileOpenWork(store, processes, locks, owner);
    }

    /** Removes from a session's ledger what is beyond the retention, however long that takes. */
    public void prune(SessionId owner) throws IOException {
        file(owner).prune();
    }

    FileLedger file(SessionId owner) {
        return ledgers.computeIfAbsent(
                owner, id -> new FileLedger(store, locks, mailboxes.of(id), id, retention, pruner));
    }
}
