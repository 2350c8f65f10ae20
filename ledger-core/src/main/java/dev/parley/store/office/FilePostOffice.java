package dev.parley.store.office;

import dev.parley.address.SessionId;
import dev.parley.ledger.Delivery;
import dev.parley.ledger.MessageTracker;
import dev.parley.ledger.OpenWork;
import dev.parley.ledger.PendingAsks;
import dev.parley.ledger.ReceivedLedger;
import dev.parley.ledger.Retention;
import dev.parley.lock.Leases;
import dev.parley.mailbox.Mailbox;
import dev.parley.office.Changes;
import dev.parley.office.PostOffice;
import dev.parley.office.Upkeep;
import dev.parley.peer.ClientNotes;
import dev.parley.peer.PeerDirectory;
import dev.parley.peer.Seats;
import dev.parley.process.ProcessTable;
import dev.parley.remote.RemoteMail;
import dev.parley.store.Store;
import dev.parley.store.ledger.FileDelivery;
import dev.parley.store.ledger.FileOpenWork;
import dev.parley.store.ledger.FilePendingAsks;
import dev.parley.store.ledger.FileTracker;
import dev.parley.store.ledger.Ledgers;
import dev.parley.store.lock.Locks;
import dev.parley.store.mailbox.Mailboxes;
import dev.parley.store.peer.FileClientNotes;
import dev.parley.store.peer.FilePeerDirectory;
import dev.parley.store.remote.FileRemoteMail;
import dev.parley.store.upkeep.FileUpkeep;
import dev.parley.trace.Trace;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Optional;

/** {@link PostOffice} as a directory of small files that the processes of one machine share. */
public final class FilePostOffice implements PostOffice {

    /** Looks through a directory. */
    private static final long STACK_BYTES = 256 * 1024;

    private final Store store;
    private final ProcessTable processes;
    private final Mailboxes mailboxes;
    private final Ledgers ledgers;
    private final FilePeerDirectory peers;
    private final FileDelivery delivery;
    private final FileTracker tracker;
    private final Locks leases;
    private final FileClientNotes notes;
    private final FileRemoteMail remoteMail;
    private final FileUpkeep upkeep;

    /**
     * The parts of an opened store.
     *
     * @param processes who lives, and in whose name this process acts
     * @param retention how much a session's ledger keeps
     */
    public FilePostOffice(Store store, ProcessTable processes, Retention retention) {
        this(store, processes, retention, new Seats(processes));
    }

    private FilePostOffice(Store store, ProcessTable processes, Retention retention, Seats seats) {
        this(store, processes, retention, seats, new Locks(store, processes));
    }

    /** The same, with what tells where sessions are seen, and with these locks. */
    FilePostOffice(Store store, ProcessTable processes, Retention retention, Seats seats, Locks leases) {
        this.store = store;
        this.processes = processes;
        this.mailboxes = new Mailboxes(store, processes);
        this.ledgers = new Ledgers(store, processes, retention, FilePostOffice::later);
        this.peers = new FilePeerDirectory(store, processes, seats);
        this.delivery = new FileDelivery(store, mailboxes, ledgers);
        this.tracker = new FileTracker(store, mailboxes, ledgers, peers);
        this.leases = leases;
        this.notes = new FileClientNotes(store, processes);
        this.remoteMail = new FileRemoteMail(store, leases, mailboxes, ledgers);
        this.upkeep = new FileUpkeep(store, processes);
    }

    /** What nobody waits for, and what may be lost with this process: somebody does it again. */
    private static void later(Runnable work) {
        Thread thread = new Thread(null, work, "parley-prune", STACK_BYTES);
        thread.setDaemon(true);
        thread.start();
    }

    /** The directory. */
    public Store store() {
        return store;
    }

    @Override
    public String place() {
        return store.home().toString();
    }

    @Override
    public Mailbox mailbox(SessionId owner) {
        return mailboxes.of(owner);
    }

    @Override
    public ReceivedLedger ledger(SessionId owner) {
        return ledgers.of(owner);
    }

    @Override
    public PendingAsks asks(SessionId owner) {
        return new FilePendingAsks(store, processes, owner);
    }

    @Override
    public OpenWork work(SessionId owner) {
        return new FileOpenWork(store, processes, owner);
    }

    @Override
    public PeerDirectory peers() {
        return peers;
    }

    @Override
    public Delivery delivery() {
        return delivery;
    }

    @Override
    public MessageTracker tracker() {
        return tracker;
    }

    @Override
    public Leases leases() {
        return leases;
    }

    @Override
    public ClientNotes notes() {
        return notes;
    }

    @Override
    public ProcessTable processes() {
        return processes;
    }

    @Override
    public Changes changes(String project) throws IOException {
        return new FileChanges(store, peers, project);
    }

    @Override
    public Optional<RemoteMail> remoteMail() {
        return Optional.of(remoteMail);
    }

    @Override
    public Optional<Upkeep> upkeep() {
        return Optional.of(upkeep);
    }

    @Override
    public InstantSource clock() {
        return store.clock();
    }

    @Override
    public Trace trace() {
        return store.trace();
    }
}
