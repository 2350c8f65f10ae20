package dev.parley.ledger;

import dev.parley.lock.ProcessTable;
import dev.parley.mailbox.Mailbox;
import dev.parley.mailbox.Mailboxes;
import dev.parley.peer.FilePeerDirectory;
import dev.parley.peer.Peer;
import dev.parley.peer.Registration;
import dev.parley.store.SessionId;
import dev.parley.store.Store;
import java.util.Optional;

/** One process's view of a store, with all its parts. */
record Post(
        Store store,
        ProcessTable processes,
        Mailboxes mailboxes,
        Ledgers ledgers,
        FilePeerDirectory peers,
        Delivery delivery,
        MessageTracker tracker) {

    static final String PROJECT = "/work/project/.git";

    static Post over(Store store, ProcessTable processes) {
        return over(store, processes, Retention.DEFAULT);
    }

    static Post over(Store store, ProcessTable processes, Retention retention) {
        Mailboxes mailboxes = new Mailboxes(store, processes);
        Ledgers ledgers = new Ledgers(store, processes, retention);
        FilePeerDirectory peers = new FilePeerDirectory(store, processes);
        return new Post(
                store,
                processes,
                mailboxes,
                ledgers,
                peers,
                new Delivery(store, mailboxes, ledgers),
                new MessageTracker(store, mailboxes, ledgers, peers));
    }

    Mailbox mailbox(SessionId owner) {
        return mailboxes.of(owner);
    }

    ReceivedLedger ledger(SessionId owner) {
        return ledgers.of(owner);
    }

    PendingAsks asks(SessionId owner) {
        return new FilePendingAsks(store, processes, owner);
    }

    /** How this process registers a session. */
    Registration registration(SessionId id) {
        return new Registration(
                id,
                Peer.CLAUDE_CODE,
                "/work/project",
                PROJECT,
                Optional.of(processes.self()),
                Optional.of(processes.self()),
                Optional.empty(),
                false);
    }
}
