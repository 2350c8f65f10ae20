package dev.parley.session;

import dev.parley.ledger.Delivery;
import dev.parley.ledger.FilePendingAsks;
import dev.parley.ledger.Ledgers;
import dev.parley.ledger.MessageTracker;
import dev.parley.ledger.PendingAsk;
import dev.parley.ledger.PendingAsks;
import dev.parley.ledger.Retention;
import dev.parley.lock.ProcessTable;
import dev.parley.mailbox.Mailboxes;
import dev.parley.peer.FilePeerDirectory;
import dev.parley.peer.PeerDirectory;
import dev.parley.store.Durability;
import dev.parley.store.SessionId;
import dev.parley.store.Store;
import dev.parley.store.StoreUnavailableException;
import dev.parley.store.Trace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * One opened store with all its parts. Immutable and safe for use by several threads.
 *
 * @param store where everything is
 * @param processes who lives
 * @param mailboxes the mail
 * @param ledgers what was received
 * @param peers who is there
 * @param delivery sends
 * @param tracker follows a message
 */
public record PostOffice(
        Store store,
        ProcessTable processes,
        Mailboxes mailboxes,
        Ledgers ledgers,
        PeerDirectory peers,
        Delivery delivery,
        MessageTracker tracker) {

    /**
     * Opens the store that the environment names, making it if it is absent.
     *
     * @throws StoreUnavailableException if it cannot be used; nothing has been written then
     */
    public static PostOffice open(Map<String, String> environment, Trace trace) throws IOException {
        Durability durability =
                Setting.DURABILITY.text(environment).equals("process") ? Durability.PROCESS : Durability.POWER_CUT;
        Store store = Store.open(home(environment), durability, trace);
        int newest = (int) Setting.RECEIVED_MAX.number(environment);
        return over(store, ProcessTable.local(), new Retention(newest, PendingAsk.LIFE));
    }

    /** The parts of an opened store. */
    public static PostOffice over(Store store, ProcessTable processes, Retention retention) {
        Mailboxes mailboxes = new Mailboxes(store, processes);
        Ledgers ledgers = new Ledgers(store, processes, retention);
        PeerDirectory peers = new FilePeerDirectory(store, processes);
        return new PostOffice(
                store,
                processes,
                mailboxes,
                ledgers,
                peers,
                new Delivery(store, mailboxes, ledgers),
                new MessageTracker(store, mailboxes, ledgers, peers));
    }

    /**
     * The directory of the store that the environment names.
     *
     * @throws StoreUnavailableException if it names none; the message says what to set
     */
    public static Path home(Map<String, String> environment) throws IOException {
        try {
            return HomeDirectory.ofStore(environment);
        } catch (IOException e) {
            throw new StoreUnavailableException(String.valueOf(e.getMessage()), e);
        }
    }

    /** The open questions of a session. */
    public PendingAsks asks(SessionId owner) {
        return new FilePendingAsks(store, processes, owner);
    }
}
