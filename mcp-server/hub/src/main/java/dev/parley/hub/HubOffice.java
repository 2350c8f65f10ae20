package dev.parley.hub;

import dev.parley.address.HostName;
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
import dev.parley.office.Reach;
import dev.parley.office.Upkeep;
import dev.parley.peer.ClientNotes;
import dev.parley.peer.PeerDirectory;
import dev.parley.process.ProcessTable;
import dev.parley.remote.RemoteMail;
import dev.parley.remote.SharedProject;
import dev.parley.trace.Trace;
import java.io.IOException;
import java.nio.file.Path;
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
    private final TeamSource team;

    /**
     * The office around that of a machine.
     *
     * @throws IllegalArgumentException if that has nothing for mail to other machines
     */
    public HubOffice(PostOffice local, TeamSource team) {
        this.local = local;
        this.team = team;
        this.mail =
                local.remoteMail().orElseThrow(() -> new IllegalArgumentException(local.place() + " has no outbox"));
        this.delivery = new RemoteDelivery(local.delivery(), mail.outbox(), team);
        this.peers = new RemotePeers(local.peers(), mail.cards(), team);
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
    public Optional<HostName> hostOf(String project) {
        return team.now().filter(now -> now.token(project).isPresent()).map(Team::host);
    }

    @Override
    public Optional<Reach> reach(String project) throws InterruptedException {
        Optional<Team> now = team.now();
        if (now.isEmpty()) {
            return Optional.of(new Reach.Local(
                    "this machine has left its team, or its file 'hub' cannot be read; 'parley hub status' tells"));
        }
        return Optional.of(
                now.get().token(project).isPresent()
                        ? new Reach.Shared(now.get().name(), now.get().host())
                        : new Reach.Local(whyNot(project, now.get())));
    }

    private static String whyNot(String project, Team team) throws InterruptedException {
        String then = "a person shares it with 'parley hub share', run in it";
        SharedProject.Told told = GitProject.of(Path.of(project));
        if (told instanceof SharedProject.Unknown unknown) {
            return unknown.reason() + ", then " + then;
        }
        Optional<String> other = told instanceof SharedProject.Known known
                ? Optional.ofNullable(team.projects().get(known.project().token()))
                : Optional.empty();
        return other.map(directory -> "another clone of it on this machine, " + directory + ", stands for it; ")
                        .orElse("it is not shared with the team " + team.name() + "; ")
                + then;
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
