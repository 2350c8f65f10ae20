package dev.parley.hub;

import dev.parley.address.SessionId;
import dev.parley.ledger.Delivery;
import dev.parley.ledger.MessageTracker;
import dev.parley.ledger.OpenWork;
import dev.parley.ledger.PendingAsks;
import dev.parley.ledger.ReceivedLedger;
import dev.parley.lock.Leases;
import dev.parley.mailbox.Mailbox;
import dev.parley.office.Changes;
import dev.parley.office.PostOffice;
import dev.parley.office.Upkeep;
import dev.parley.peer.ClientNotes;
import dev.parley.peer.PeerDirectory;
import dev.parley.process.ProcessTable;
import dev.parley.remote.RemoteMail;
import dev.parley.trace.Trace;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Optional;

/**
 * The post office of a machine that belongs to a team: that of the machine, which also delivers to sessions on other machines, finds
 * them, and follows what was sent to them. Mail within the machine goes its usual way. It opens no connection: what leaves
 * the machine is stored in the outbox, and what is known of the others is read from the store.
 */
public final class HubOffice implements PostOffice {

    private final PostOffice local;
    private final RemoteMail mail;
    private final RemoteDelivery delivery;
    private final RemotePeers peers;
    private final RemoteTracker tracker;

    /**
     * The office around that of a machine.
     *
     * @throws IllegalArgumentException if that has nothing for mail to other machines
     */
    public HubOffice(PostOffice local, TeamSource team) {
        this.local = local;
        this.mail =
                local.remoteMail().orElseThrow(() -> new IllegalArgumentException(local.place() + " has no outbox"));
        this.delivery = new RemoteDelivery(local.delivery(), mail.outbox(), team);
        this.peers = new RemotePeers(local.peers(), mail.cards(), team, local.clock());
        this.tracker = new RemoteTracker(local, mail.sent());
    }

    @Override
    public String place() {
        return local.place();
    }

    @Override
    public Mailbox mailbox(SessionId owner) {
        return local.mailbox(owner);
    }

    @Override
    public ReceivedLedger ledger(SessionId owner) {
        return local.ledger(owner);
    }

    @Override
    public PendingAsks asks(SessionId owner) {
        return local.asks(owner);
    }

    @Override
    public OpenWork work(SessionId owner) {
        return local.work(owner);
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
        return local.leases();
    }

    @Override
    public ClientNotes notes() {
        return local.notes();
    }

    @Override
    public ProcessTable processes() {
        return local.processes();
    }

    @Override
    public Changes changes(String project) throws IOException {
        return local.changes(project);
    }

    @Override
    public Optional<RemoteMail> remoteMail() {
        return Optional.of(mail);
    }

    @Override
    public Optional<Upkeep> upkeep() {
        return local.upkeep();
    }

    @Override
    public InstantSource clock() {
        return local.clock();
    }

    @Override
    public Trace trace() {
        return local.trace();
    }
}
