package dev.parley.mailbox;

import dev.parley.lock.ProcessTable;
import dev.parley.store.SessionId;
import dev.parley.store.Store;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** The mailboxes of one store. Safe for use by several threads. */
public final class Mailboxes {

    private final Store store;
    private final ProcessTable processes;
    private final Stamps stamps;
    private final ConcurrentMap<SessionId, Room> rooms = new ConcurrentHashMap<>();

    /** The mailboxes of a store; claims are made in the name of this process. */
    public Mailboxes(Store store, ProcessTable processes) {
        this.store = store;
        this.processes = processes;
        this.stamps = new Stamps(store.clock());
    }

    /** The mailbox of a session, which need not exist. */
    public Mailbox of(SessionId owner) {
        Room room = rooms.computeIfAbsent(owner, id -> new Room(stamps));
        return new FileMailbox(store, processes, owner, stamps, room);
    }
}
