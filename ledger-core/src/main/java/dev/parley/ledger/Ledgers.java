package dev.parley.ledger;

import dev.parley.lock.Locks;
import dev.parley.lock.ProcessTable;
import dev.parley.mailbox.Mailboxes;
import dev.parley.store.SessionId;
import dev.parley.store.Store;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** The received-ledgers of one store. Safe for use by several threads. */
public final class Ledgers {

    private final Store store;
    private final Locks locks;
    private final Mailboxes mailboxes;
    private final Retention retention;
    private final ConcurrentMap<SessionId, ReceivedLedger> ledgers = new ConcurrentHashMap<>();

    /** The ledgers of a store. */
    public Ledgers(Store store, ProcessTable processes, Retention retention) {
        this.store = store;
        this.locks = new Locks(store, processes);
        this.mailboxes = new Mailboxes(store, processes);
        this.retention = retention;
    }

    /** The ledger of a session, which need not exist. */
    public ReceivedLedger of(SessionId owner) {
        return ledgers.computeIfAbsent(owner, id -> new FileLedger(store, locks, mailboxes.of(id), id, retention));
    }
}
