package dev.parley.store.ledger;

import dev.parley.address.SessionId;
import dev.parley.ledger.ReceivedLedger;
import dev.parley.ledger.Retention;
import dev.parley.process.ProcessTable;
import dev.parley.store.Store;
import dev.parley.store.lock.Locks;
import dev.parley.store.mailbox.Mailboxes;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** The received-ledgers of one store. Safe for use by several threads. */
public final class Ledgers {

    private final Store store;
    private final Locks locks;
    private final Mailboxes mailboxes;
    private final Retention retention;
    private final ConcurrentMap<SessionId, FileLedger> ledgers = new ConcurrentHashMap<>();

    /** The ledgers of a store. */
    public Ledgers(Store store, ProcessTable processes, Retention retention) {
        this.store = store;
        this.locks = new Locks(store, processes);
        this.mailboxes = new Mailboxes(store, processes);
        this.retention = retention;
    }

    /** The ledger of a session, which need not exist. */
    public ReceivedLedger of(SessionId owner) {
        return file(owner);
    }

    FileLedger file(SessionId owner) {
        return ledgers.computeIfAbsent(owner, id -> new FileLedger(store, locks, mailboxes.of(id), id, retention));
    }
}
