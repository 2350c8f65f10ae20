package dev.parley.session;

import dev.parley.address.HostName;
import dev.parley.address.MessageId;
import dev.parley.address.SessionId;
import dev.parley.ledger.Delivery;
import dev.parley.ledger.OpenWork;
import dev.parley.ledger.PendingAsks;
import dev.parley.ledger.ReceivedLedger;
import dev.parley.lock.Lease;
import dev.parley.lock.Leases;
import dev.parley.mailbox.Envelope;
import dev.parley.mailbox.Mailbox;
import dev.parley.office.PostOffice;
import dev.parley.peer.Binding;
import dev.parley.peer.NameTakenException;
import dev.parley.peer.Peer;
import dev.parley.peer.Peer.Taking;
import dev.parley.peer.Project;
import dev.parley.peer.Registration;
import dev.parley.process.ProcessIdentity;
import dev.parley.process.ProcessTable.Vitality;
import dev.parley.session.SecondMachine.Living;
import dev.parley.trace.Event;
import dev.parley.trace.Why;
import java.io.IOException;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The session that this server belongs to, under whatever id it has at the moment.
 *
 * <p>Every call looks again who it is, because a client can change its session id without restarting its servers. Safe
 * for use by several threads.
 */
public final class LocalSession {

    private final Map<String, String> environment;
    private final Path directory;
    private final PostOffice office;
    private final Surroundings surroundings;

    /** The card as this session last wrote it; guarded by this. */
    private Optional<Peer> self = Optional.empty();

    /** Whether the mail of an older id has been moved to the present one; guarded by this. */
    private boolean moved;

    /** The addresses it has had; guarded by this. */
    private final Set<SessionId> earlier = new HashSet<>();

    private Project project;

    /** Whether it lives apart from a session of its id on another machine; guarded by this. */
    private Optional<Living> apart = Optional.empty();

    private final SecondMachine second;

    /**
     * The session of this process; nothing is registered yet.
     *
     * @param directory where it works
     * @throws IOException if its project cannot be determined
     */
    public LocalSession(Map<String, String> environment, Path directory, PostOffice office) throws IOException {
        this.environment = environment;
        this.directory = directory;
        this.office = office;
        this.surroundings = new Surroundings(environment, office.processes());
        this.project = Project.of(directory);
        this.second = new SecondMachine(office, project.key());
    }

    /** The store it lives in. */
    public PostOffice office() {
        return office;
    }

    /** The project it works on. */
    public Project project() {
        return project;
    }

    /** Notes what the client said of itself in {@code initialize}. */
    public void clientSaid(String clientName) {
        surroundings.clientSaid(clientName);
    }

    /** Notes the thread that a call says it belongs to. */
    public void threadSeen(String threadId) {
        surroundings.threadSeen(threadId);
    }

    /**
     * Who it is now: registered, with its mailbox, and all its mail moved to this id.
     *
     * @throws IOException if the store cannot be used; what it was before still holds
     */
    public synchronized Peer current() throws IOException, InterruptedException {
        surroundings.lookForId(office);
        Identity identity = surroundings.identity(office.notes());
        SessionId id = address(identity);
        if (self.isEmpty() || !self.get().id().equals(id) || isFollowed(identity, id)) {
            return become(id, surroundings.isClaimed());
        }
        Optional<Peer> card = office.peers().find(id);
        if (card.isEmpty()) {
            return restored(self.get());
        }
        // A hook may have written into it, and others may have renamed it.
        self = card;
        Optional<SessionId> own = identity.own();
        if (own.isPresent() && !own.equals(self.get().ownSession())) {
            // A pinned address stays when the client goes over to another conversation.
            self = Optional.of(office.peers().update(id, peer -> peer.withOwnSession(own)));
        }
        return self.get();
    }

    /** The id that counts, unless another machine had a session of it before this one. */
    private SessionId address(Identity identity) throws IOException {
        SessionId id = identity.id();
        boolean isItsOwn = surroundings.isClaimed()
                || surroundings.isProvisional(id)
                || self.filter(peer -> peer.id().equals(id)).isPresent();
        apart = isItsOwn ? Optional.empty() : second.of(id, surroundings.clientProcess());
        return apart.map(Living::address).orElse(id);
    }

    /** Whether a hook of its client, which knows only the client's id, has opened that on this machine again. */
    private boolean isFollowed(Identity identity, SessionId id) throws IOException {
        return apart.isPresent() && !second.former(identity.own(), id).isEmpty();
    }

    /** The session of the same id on another machine, if this one has another address because of it. */
    public synchronized Optional<Peer> elsewhere() {
        return apart.map(Living::other);
    }

    /** Its card was damaged, or set aside by a repair, while it lives: it writes it again, or nobody would find it. */
    private Peer restored(Peer before) throws IOException, InterruptedException {
        office.trace().event(Event.CARD_RESTORED, Map.of("session", before.id().value()));
        // If the whole store has been removed, opening makes it again, at the same place.
        var unused = PostOffices.open(environment, office.trace());
        Peer again = become(before.id(), before.claimed());
        try {
            again = office.peers()
                    .update(
                            before.id(),
                            card -> card.withName(before.name())
                                    .withPurpose(
                                            before.purpose(),
                                            before.purposeSince().orElse(card.registeredAt()))
                                    .withGroups(before.groups()));
            self = Optional.of(again);
        } catch (NameTakenException e) {
            // Somebody has taken the name meanwhile; this session keeps the one it was just given.
            office.trace().event(Event.NAME_NOT_RESTORED, Map.of("reason", String.valueOf(e.getMessage())));
        }
        return again;
    }

    /** Who it was when it was last asked; empty before that. Costs nothing. */
    public synchronized Optional<Peer> known() {
        return self;
    }

    /** What says who it is. */
    public Identity identity() throws IOException {
        return surroundings.identity(office.notes());
    }

    /**
     * What came of a claim.
     *
     * @param peer who this session is now
     * @param left the card of the session that had left that address, if another one had
     */
    public record Claimed(Peer peer, Optional<Peer> left) {}

    /**
     * Pins the id by hand: nothing automatic changes it from now on.
     *
     * @throws ClaimRefusedException if it is not this session's to pin, see {@link AddressRule}; nothing changed
     * @throws IOException if the store cannot be used; the session keeps its old id
     */
    public synchronized Claimed claim(SessionId id, AddressRule.Transcripts transcripts)
            throws IOException, InterruptedException, ClaimRefusedException {
        Peer before = current();
        Set<SessionId> own = new HashSet<>(earlier);
        identity().clues().forEach(clue -> clue.id().ifPresent(own::add));
        // Two sessions must not both find that it is nobody's.
        try (Lease claiming = office.leases().named("claim-" + id).acquire(Leases.WAIT)) {
            Optional<Peer> left = new AddressRule(office, transcripts).require(id, before, own);
            claiming.ensureHeld();
            Peer peer = pin(id);
            if (left.isPresent()) {
                Taking taking = new Taking(before.id(), office.clock().instant());
                peer = office.peers().update(id, card -> card.withTaken(Optional.of(taking)));
                self = Optional.of(peer);
                office.trace()
                        .event(
                                Event.ADDRESS_CLAIMED,
                                Map.of(
                                        "session", id.value(),
                                        "by", before.id().value(),
                                        "by_name", before.name(),
                                        "from_name", left.get().name()));
            }
            return new Claimed(peer, left);
        }
    }

    /** The same for any id whatsoever, also of others: for trying things out by hand. */
    public synchronized Peer pin(SessionId id) throws IOException, InterruptedException {
        current();
        Peer peer = become(id, true);
        surroundings.claim(id);
        return peer;
    }

    private Peer become(SessionId id, boolean claimed) throws IOException, InterruptedException {
        Registration registration = new Registration(
                id,
                surroundings.client().name(),
                directory.toRealPath().toString(),
                project.key(),
                surroundings.clientProcess(),
                Optional.of(surroundings.server()),
                identity().own(),
                Optional.empty(),
                claimed,
                surroundings.seenOfClient());
        Optional<SessionId> older = self.map(Peer::id).filter(known -> !known.equals(id));
        Set<SessionId> from = new LinkedHashSet<>(second.former(registration.ownSession(), id));
        boolean follows = older.isPresent() && (from.contains(older.get()) || mailFollows(older.get(), id, claimed));
        if (follows) {
            from.add(older.get());
        }
        // Also if it fails half way: some of the mail may have been moved.
        moved |= !from.isEmpty();
        Optional<Peer> brought = Optional.empty();
        for (SessionId former : from) {
            brought = Optional.of(office.peers().move(former, registration));
        }
        Peer peer = brought.isPresent() ? brought.get() : office.peers().register(registration);
        office.mailbox(id).recover();
        if (surroundings.client().isSilentUntilPrompted()) {
            office.peers().ready(id, surroundings.isUnprompted(id));
        }
        earlier.add(id);
        self = Optional.of(peer);
        takeUp(registration);
        var unused = keepBinding(Binding.NONE);
        note(peer);
        if (!claimed) {
            takeBack(peer);
            for (Peer renamed : office.peers().giveWay(peer)) {
                tell(
                        renamed.id(),
                        "Your name here is " + renamed.name() + " from now on. A session has come whose client gave it"
                                + " the id " + id + ", which begins with your name of before, and an id goes before a"
                                + " name. set_my_state chooses another.");
            }
        }
        if (older.isPresent() && !follows) {
            leave(older.get());
        }
        Optional<Living> first =
                apart.filter(living -> living.isFirst() && living.address().equals(id));
        if (first.isPresent() && registration.ownSession().isPresent()) {
            tellBoth(registration.ownSession().get(), first.get());
        }
        return self.orElse(peer);
    }

    /**
     * Has its card keep what was seen last that a {@link Binding} holds, so that it survives a power cut.
     *
     * @param seen what only the caller has seen, such as in its transcript
     * @return why that could not be done; empty if the card has it all
     */
    public synchronized Optional<String> keepBinding(Binding seen) throws InterruptedException {
        if (self.isEmpty()) {
            return Optional.of("this session is not registered yet");
        }
        SessionId id = self.get().id();
        try {
            Peer card = office.peers().find(id).orElse(self.get());
            Binding all = seen.over(office.peers().binding(card));
            // What follows from the rest of the card is worth no write.
            if (!all.equals(Binding.of(card, Binding.NONE))) {
                self = Optional.of(office.peers().update(id, peer -> peer.withBound(all)));
            }
            return Optional.empty();
        } catch (IOException e) {
            office.trace().event(Event.BINDING_NOT_KEPT, Map.of("session", id.value(), "reason", e.toString()));
            return Optional.of(Why.of(e));
        }
    }

    /**
     * Takes up the address that was made for it before it was there: its mail, its name, its purpose. Only where no session has
     * done so: what a client starts has its environment, too.
     */
    private void takeUp(Registration registration) throws IOException, InterruptedException {
        Optional<SessionId> address = surroundings.begunAs(registration.id());
        if (address.isEmpty() || !isUntaken(address.get())) {
            return;
        }
        try (Lease taking = office.leases().named("claim-" + address.get()).acquire(Leases.WAIT)) {
            Optional<Peer> made = office.peers().find(address.get());
            if (made.isEmpty() || !isUntaken(address.get())) {
                return;
            }
            taking.ensureHeld();
            var unused = office.peers().move(address.get(), registration);
            moved = true;
            earlier.add(address.get());
            self = Optional.of(office.peers()
                    .update(
                            registration.id(),
                            card -> card.withName(made.get().name())
                                    .withPurpose(
                                            made.get().purpose(),
                                            made.get().purposeSince().orElse(card.registeredAt()))));
        } catch (NameTakenException e) {
            // Somebody has taken the name in this moment; this session keeps the one it was just given.
            office.trace().event(Event.NAME_NOT_RESTORED, Map.of("reason", String.valueOf(e.getMessage())));
        }
    }

    /** Whether nobody runs, or ever ran, at an address that was made up. */
    private boolean isUntaken(SessionId address) throws IOException {
        return address.value().startsWith(Peer.MADE_UP)
                && office.peers().movedTo(address).isEmpty()
                && office.peers()
                        .find(address)
                        .filter(card ->
                                card.process().isEmpty() && card.servers().isEmpty())
                        .isPresent();
    }

    /** A command of its client's is told by that from one of a person. */
    private void note(Peer peer) {
        Optional<ProcessIdentity> client = surroundings.clientProcess();
        if (client.isPresent()) {
            try {
                office.notes().noteHosted(client.get(), peer.id());
            } catch (IOException e) {
                office.trace().event(Event.HOST_NOT_NOTED, Map.of("reason", e.toString()));
            }
        }
    }

    /** It has come back to an address that was given to somebody else meanwhile. */
    private void takeBack(Peer peer) throws IOException, InterruptedException {
        Optional<Taking> taken = peer.taken().filter(taking -> !earlier.contains(taking.by()));
        if (taken.isPresent()) {
            tell(
                    peer.id(),
                    "Your address " + peer.id() + " was given to another session by hand while you were away, at "
                            + taken.get().at() + ": to " + taken.get().by()
                            + ", which may have read what was sent to it until now, and answered it. From now on it is"
                            + " yours again.");
            self = Optional.of(office.peers().update(peer.id(), card -> card.withTaken(Optional.empty())));
        }
    }

    private void tellBoth(SessionId id, Living living) {
        tell(living.address(), SecondMachine.here(id, living));
        Optional<HostName> host = second.host();
        if (host.isPresent() && self.isPresent()) {
            // No office speaks to sessions of other machines unasked: the session itself does.
            Envelope told = letter(
                    Envelope.Origin.PEER,
                    Optional.of(living.address()),
                    self.get().name(),
                    id,
                    SecondMachine.there(id, living, host.get()));
            tell(told, () -> office.delivery().send(told, living.other(), Delivery.Ring.YES));
        }
    }

    /** A message from Parley itself. */
    private void tell(SessionId to, String text) {
        Envelope envelope = letter(Envelope.Origin.OFFICE, Optional.empty(), Envelope.OFFICE, to, text);
        tell(envelope, () -> office.delivery().send(envelope, Delivery.Ring.YES));
    }

    private interface Sending {
        void send() throws IOException;
    }

    private void tell(Envelope envelope, Sending sending) {
        try {
            sending.send();
        } catch (IOException e) {
            office.trace().event(Event.NOT_TOLD, Map.of("session", envelope.to().value(), "reason", e.toString()));
        }
    }

    private Envelope letter(
            Envelope.Origin origin, Optional<SessionId> from, String fromName, SessionId to, String text) {
        return new Envelope(
                MessageId.create(from),
                office.clock().instant().truncatedTo(ChronoUnit.MILLIS),
                origin,
                from,
                fromName,
                to,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                0,
                text);
    }

    /** Takes this server out of the card of its earlier session, so that no sender believes that session to live here. */
    private void leave(SessionId older) throws InterruptedException {
        try {
            if (office.peers().find(older).isPresent()) {
                office.peers().update(older, card -> card.withoutServer(surroundings.server()));
            }
        } catch (IOException e) {
            office.trace().event(Event.NOT_LEFT, Map.of("session", older.value(), "reason", e.toString()));
        }
    }

    /**
     * Whether the mail goes along. It does when the session itself got another address: a made-up id turned out to be a
     * real one, somebody pinned it, or a hook saw {@code /clear}. It does not when the client went over to another session,
     * or while another server lives on under the old address.
     */
    private boolean mailFollows(SessionId from, SessionId to, boolean claimed) throws IOException {
        return surroundings.isProvisional(from)
                || office.peers().movedTo(from).filter(to::equals).isPresent()
                || (claimed && !isShared(from));
    }

    private boolean isShared(SessionId id) throws IOException {
        return office.peers().find(id).map(Peer::servers).orElse(List.of()).stream()
                .filter(server -> !server.equals(surroundings.server()))
                .anyMatch(server -> office.processes().vitality(server) == Vitality.ALIVE);
    }

    /**
     * Brings over what was confirmed or given back under an older id of this process's session, after its mail had been
     * moved away from there.
     */
    public void settle() throws IOException {
        Optional<SessionId> settled;
        synchronized (this) {
            settled = moved ? self.map(Peer::id) : Optional.empty();
        }
        // Not under the lock, for which the next call waits: several may bring things over at once.
        if (settled.isPresent()) {
            office.peers().settle(settled.get());
        }
    }

    /** Its incoming mail. */
    public Mailbox mailbox() throws IOException, InterruptedException {
        return office.mailbox(current().id());
    }

    /** Its open questions. */
    public PendingAsks asks() throws IOException, InterruptedException {
        return office.asks(current().id());
    }

    /** What it has received. */
    public ReceivedLedger ledger() throws IOException, InterruptedException {
        return office.ledger(current().id());
    }

    /** The requests it has received. */
    public OpenWork work() throws IOException, InterruptedException {
        return office.work(current().id());
    }

    /** A message it has received, also if it was addressed to an older id of it; empty if there is none. */
    public Optional<Envelope> received(MessageId messageId) throws IOException, InterruptedException {
        Optional<Envelope> found = ledger().find(messageId);
        if (found.isPresent()) {
            return found;
        }
        office.peers().settle(current().id());
        return ledger().find(messageId);
    }

    /** Changes its own card. */
    public synchronized Peer update(java.util.function.UnaryOperator<Peer> change)
            throws IOException, InterruptedException {
        Peer peer = office.peers().update(current().id(), change);
        self = Optional.of(peer);
        return peer;
    }

    /** The longest wait for an answer that its client lets a call take, in milliseconds. */
    public long askCeilingMillis() {
        long set = Setting.ASK_MAX_TIMEOUT.number(environment);
        if (set > 0) {
            return set;
        }
        return surroundings.client().askCeiling().toMillis();
    }

    /** How long a question waits unless it is told, in milliseconds. */
    public long askDefaultMillis() {
        return Math.min(Setting.ASK_TIMEOUT.number(environment), askCeilingMillis());
    }
}
