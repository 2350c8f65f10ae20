package dev.parley.store.ledger;

import dev.parley.address.SessionId;
import dev.parley.ledger.Delivery;
import dev.parley.ledger.MessageTracker;
import dev.parley.ledger.OpenWork;
import dev.parley.ledger.PendingAsks;
import dev.parley.ledger.ReceivedLedger;
import dev.parley.ledger.Retention;
import dev.parley.mailbox.Mailbox;
import dev.parley.peer.Peer;
import dev.parley.peer.Registration;
import dev.parley.process.ProcessTable;
import dev.parley.store.Store;
import dev.parley.store.mailbox.Mailboxes;
import dev.parley.store.peer.FilePeerDirectory;
import java.util.Optional;

/** One process's view of a store, with all its parts. */
public record Post(
        Store store,
        ProcessTable processes,
        Mailboxes mailboxes,
        Ledgers ledgers,
        FilePeerDirectory peers,
        Delivery delivery,
        MessageTracker tracker) {

    public static final String PROJECT = "/work/project/.git";

    public static Post over(Store store, ProcessTable processes) {
        return over(store, processes, Retention.DEFAULT);
    }

    public static Post over(Store store, ProcessTable processes, Retention retention) {
        Mailboxes mailboxes = new Mailboxes(store, processes);
        Ledgers ledgers = new Ledgers(store, processes, retention);
        FilePeerDirectory peers = new FilePeerDirectory(store, processes);
        return new Post(
                store,
                processes,
                mailboxes,
                ledgers,
                peers,
                new FileDelivery(store, mailboxes, ledgers),
                new FileTracker(store, mailboxes, ledgers, peers));
    }

    public Mailbox mailbox(SessionId owner) {
        return mailboxes.of(owner);
    }

    public ReceivedLedger ledger(SessionId owner) {
        return ledgers.of(owner);
    }

    public PendingAsks asks(SessionId owner) {
        return new FilePendingAsks(store, processes, owner);
    }

    public OpenWork work(SessionId owner) {
        return new FileOpenWork(store, processes, owner);
    }

    /** How this process registers a session. */
    public Registration registration(SessionId id) {
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
