package dev.parley.office;

import dev.parley.address.HostName;
import dev.parley.address.SessionId;
import dev.parley.ledger.Delivery;
import dev.parley.ledger.MessageTracker;
import dev.parley.ledger.OpenWork;
import dev.parley.ledger.PendingAsks;
import dev.parley.ledger.ReceivedLedger;
import dev.parley.lock.Leases;
import dev.parley.mailbox.Mailbox;
import dev.parley.peer.ClientNotes;
import dev.parley.peer.PeerDirectory;
import dev.parley.process.ProcessTable;
import dev.parley.remote.RemoteMail;
import dev.parley.trace.Trace;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Optional;

/**
 * All that sessions share: their mail, what they have received and owe, and who they are. One engine of it is the file store;
 * a {@link PostOfficeProvider} opens another. Immutable and safe for use by several threads.
 *
 * <pre>{@code
 * office.delivery().send(letter, Delivery.Ring.YES);
 * Batch batch = office.mailbox(receiver).claim(Budget.of(20), office.asks(receiver).awaited()::contains);
 * }</pre>
 */
public interface PostOffice {

    /** Where it is, for a person: a directory, or a hub's address. */
    String place();

    /** The unread mail of a session, which need not exist. */
    Mailbox mailbox(SessionId owner);

    /** What a session, which need not exist, has received. */
    ReceivedLedger ledger(SessionId owner);

    /** The open questions of a session. */
    PendingAsks asks(SessionId owner);

    /** The requests that a session has received, and how far the work on them is. */
    OpenWork work(SessionId owner);

    /** Who is there. */
    PeerDirectory peers();

    /** Sends. */
    Delivery delivery();

    /** Follows a message. */
    MessageTracker tracker();

    /** Its locks. */
    Leases leases();

    /** What is noted of the clients' processes. */
    ClientNotes notes();

    /** The processes of this machine. */
    ProcessTable processes();

    /**
     * Begins to look for changes in a project.
     *
     * @param project see {@link dev.parley.peer.Project#key}
     * @throws IOException if its sessions cannot be listed
     */
    Changes changes(String project) throws IOException;

    /** What it has for mail to and from other machines; empty if it has nothing. */
    default Optional<RemoteMail> remoteMail() {
        return Optional.empty();
    }

    /** What those machines call this one that see a project of it; empty if none does. */
    default Optional<HostName> hostOf(String project) {
        return Optional.empty();
    }

    /**
     * How far a project's sessions reach; empty if this office reaches no further than its machine.
     *
     * @param project see {@link dev.parley.peer.Project#key}
     * @throws InterruptedException if interrupted while it was looked why
     */
    default Optional<Reach> reach(String project) throws InterruptedException {
        return Optional.empty();
    }

    /** How it is kept in order; empty if whoever runs it does that. */
    Optional<Upkeep> upkeep();

    /** The time by which everything in it is dated. */
    InstantSource clock();

    /** Where it tells what happens. */
    Trace trace();
}
