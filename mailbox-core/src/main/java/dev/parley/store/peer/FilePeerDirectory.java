package dev.parley.store.peer;

import dev.parley.address.Ids;
import dev.parley.address.SessionId;
import dev.parley.lock.GuardedValue;
import dev.parley.lock.Leases;
import dev.parley.peer.Binding;
import dev.parley.peer.Liveness;
import dev.parley.peer.NameWish.IfTaken;
import dev.parley.peer.Names;
import dev.parley.peer.NoSuchSessionException;
import dev.parley.peer.Peer;
import dev.parley.peer.Peer.Taking;
import dev.parley.peer.PeerDirectory;
import dev.parley.peer.Presence;
import dev.parley.peer.Presence.Activity;
import dev.parley.peer.Registration;
import dev.parley.peer.Resolution;
import dev.parley.peer.Resolver;
import dev.parley.peer.Roster;
import dev.parley.peer.Seats;
import dev.parley.process.ProcessTable;
import dev.parley.store.CorruptFileException;
import dev.parley.store.Disk;
import dev.parley.store.Part;
import dev.parley.store.Store;
import dev.parley.store.lock.Locks;
import dev.parley.trace.DamagedException;
import dev.parley.trace.Event;
import dev.parley.trace.UnavailableException;
import dev.parley.trace.Why;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** {@link PeerDirectory} as one card per session directory. */
public final class FilePeerDirectory implements PeerDirectory {

    /** Longer than the lease: a stalled server of a session delays its other servers, and never has them refused. */
    private static final Duration CARD_WAIT = Leases.LEASE.plusSeconds(2);

    /** Names that are remembered with who had them. */
    private static final int MOST_HOLDERS = 1_000;

    private static final Comparator<Peer> BY_NAME =
            Comparator.comparing(Peer::name).thenComparing(Peer::id);

    private final Store store;
    private final Disk disk;
    private final Locks locks;
    private final Liveness liveness;
    private final Relocation relocation;
    private final Naming naming;
    private final Seats seats;
    private final ProjectIndex index;
    private final Roll roll;

    /** Who was found by a name last, by project and name: a hint, its card says whether it is still so. */
    private final Map<String, SessionId> holders = new ConcurrentHashMap<>();

    /** The cards of a store. */
    public FilePeerDirectory(Store store, ProcessTable processes) {
        this(store, processes, new Seats(processes));
    }

    /** The cards of a store, and where its sessions are seen. */
    public FilePeerDirectory(Store store, ProcessTable processes, Seats seats) {
        this.store = store;
        this.disk = store.disk();
        this.locks = new Locks(store, processes);
        this.liveness = new Liveness(processes);
        this.relocation = new Relocation(store, processes);
        this.naming = new Naming(locks, this);
        this.seats = seats;
        this.index = new ProjectIndex(store, processes);
        this.roll = new Roll(store, processes, index);
    }

    @Override
    public Peer register(Registration registration) throws IOException, InterruptedException {
        SessionId id = registration.id();
        make(id);
        addToIndex(registration);
        relocation.stay(id);
        relocation.complete(id);
        return write(
                id,
                IfTaken.GIVE_ANOTHER,
                present -> registration.over(present, liveness, store.clock().instant()));
    }

    private void make(SessionId id) throws IOException {
        store.makeSession(id);
        if (!disk.list(store.sessions()).contains(id.value())) {
            throw new UnavailableException("session " + id + " cannot be told from one whose id differs only in case:"
                    + " this file system ignores case; claim another id, nothing of the other was changed");
        }
        Path doorbell = store.doorbell(id);
        if (disk.stat(doorbell).isEmpty()) {
            try {
                disk.createFile(doorbell, new byte[0], Disk.Sync.UNFORCED);
            } catch (FileAlreadyExistsException e) {
                // A sender or a hook made it at the same moment.
            }
        }
    }

    /** Before the card, so that a session in a new project is never missing there. */
    private void addToIndex(Registration registration) {
        try {
            index.add(registration.project(), registration.id());
        } catch (IOException e) {
            store.trace()
                    .event(
                            Event.NOT_INDEXED,
                            Map.of("session", registration.id().value(), "reason", e.toString()));
        }
    }

    /** Makes the next card from the present one. */
    private interface CardChange {
        Peer apply(Optional<Peer> present) throws IOException;
    }

    private Peer write(SessionId id, IfTaken ifTaken, CardChange change) throws IOException, InterruptedException {
        GuardedValue card = locks.guarded(store.card(id), "card-" + id);
        while (true) {
            try (Naming.Claim claim = naming.claim(ifTaken)) {
                byte[] written = card.update(CARD_WAIT, content -> {
                    Optional<Peer> present = content.flatMap(bytes -> readOrSetAside(id, bytes));
                    return CardCodec.encode(claim.named(present, change.apply(present)));
                });
                if (claim.isHeld()) {
                    return CardCodec.decode(store.card(id), written, id);
                }
                store.trace().event(Event.NAMED_AGAIN, Map.of("session", id.value()));
            }
        }
    }

    private Optional<Peer> readOrSetAside(SessionId id, byte[] bytes) {
        try {
            return Optional.of(CardCodec.decode(store.card(id), bytes, id));
        } catch (CorruptFileException e) {
            store.trace()
                    .event(
                            Event.CORRUPT_CARD_REPLACED,
                            Map.of("session", id.value(), "reason", String.valueOf(e.getMessage())));
            keepCorrupt(id, bytes);
            return Optional.empty();
        }
    }

    private void keepCorrupt(SessionId id, byte[] bytes) {
        Path copy = store.session(id).resolve("session.json.corrupt-" + Ids.random());
        try {
            disk.createFile(copy, bytes, Disk.Sync.UNFORCED);
        } catch (IOException e) {
            store.trace().event(Event.CORRUPT_CARD_NOT_KEPT, Map.of("session", id.value(), "reason", e.toString()));
        }
    }

    @Override
    public Optional<Peer> find(SessionId id) throws IOException {
        return find(id, FilePeerDirectory::unheard);
    }

    /** The same, and tells why a card that is there counts as none. */
    private Optional<Peer> find(SessionId id, Consumer<IOException> damage) throws IOException {
        Optional<Peer> card = card(id, damage);
        return card.isPresent() || !disk.isAbsent(store.card(id)) ? card : inherited(id);
    }

    /** Where nobody asks why a card cannot be read. */
    private static void unheard(IOException unused) {}

    /**
     * Who gets a card when a move to this id, which was cut short after the older id's mail had been forwarded, is finished:
     * until then it is found as it was. Empty if no move led here.
     */
    private Optional<Peer> inherited(SessionId id) throws IOException {
        if (!store.isRealDirectory(store.session(id))) {
            return Optional.empty();
        }
        for (SessionId older : relocation.olderIds(id)) {
            Optional<Peer> before = card(older, FilePeerDirectory::unheard);
            if (before.isPresent()) {
                return before.map(peer -> peer.withId(id));
            }
        }
        return Optional.empty();
    }

    private Optional<Peer> card(SessionId id, Consumer<IOException> damage) throws IOException {
        try {
            if (!store.isRealDirectory(store.session(id))) {
                return Optional.empty();
            }
            Peer card = CardCodec.decode(store.card(id), disk.readFile(store.card(id), CardCodec.MAX_BYTES), id);
            // A hook cannot make up a name; until its server gives the session one, it has the one that follows from
            // its id.
            return Optional.of(card.name().isEmpty() ? card.withName(Names.of(id, Set.of())) : card);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (CorruptFileException e) {
            store.trace()
                    .event(Event.CORRUPT_CARD, Map.of("session", id.value(), "reason", String.valueOf(e.getMessage())));
            damage.accept(e);
            return Optional.empty();
        } catch (IOException e) {
            if (disk.stat(store.card(id))
                    .filter(stat -> stat.kind() == Disk.Kind.FILE)
                    .isPresent()) {
                throw e;
            }
            // One session's card that is a directory or a link must not keep everybody else from being found.
            store.trace().event(Event.CORRUPT_CARD, Map.of("session", id.value(), "reason", e.toString()));
            damage.accept(e);
            return Optional.empty();
        }
    }

    @Override
    public List<SessionId> ids() throws IOException {
        return disk.list(store.sessions()).stream()
                .filter(SessionId::isValid)
                .map(SessionId::new)
                .toList();
    }

    @Override
    public boolean exists(SessionId id) throws IOException {
        return store.isRealDirectory(store.session(id));
    }

    @Override
    public Optional<SessionId> movedTo(SessionId id) throws IOException {
        return store.forwardOf(id);
    }

    @Override
    public SessionId current(SessionId id) throws IOException {
        return store.currentOf(id);
    }

    @Override
    public List<Peer> peersOf(String project) throws IOException {
        return peers(project, index.sessionsOf(project, this::projectOf));
    }

    private List<Peer> peers(String project, Collection<SessionId> asked) throws IOException {
        List<Peer> peers = new ArrayList<>();
        Set<SessionId> seen = new HashSet<>();
        for (SessionId each : asked) {
            // An older server that moves a session to an id of another project adds only the id it comes from.
            Optional<SessionId> id = end(each);
            if (id.isPresent() && seen.add(id.get())) {
                find(id.get()).filter(peer -> peer.project().equals(project)).ifPresent(peers::add);
            }
        }
        peers.sort(BY_NAME);
        return peers;
    }

    @Override
    public List<Peer> peersOf(String project, BiPredicate<String, SessionId> wanted) throws IOException {
        Roll.Sessions sessions = roll.sessions(project, at -> index.sessionsOf(at, this::projectOf));
        Set<SessionId> asked = new LinkedHashSet<>(sessions.others());
        for (EndedNotes.Note note : sessions.ended()) {
            if (wanted.test(note.name(), note.id())) {
                asked.add(note.id());
            }
        }
        List<Peer> peers = peers(project, asked);
        roll.note(
                project,
                sessions,
                id -> card(id, FilePeerDirectory::unheard)
                        .filter(peer -> peer.project().equals(project)));
        return peers;
    }

    @Override
    public Optional<Peer> holder(String project, String target) throws IOException {
        SessionId hint = holders.get(holding(project, target));
        if (hint == null) {
            return Optional.empty();
        }
        Optional<SessionId> id = end(hint);
        Optional<Peer> peer = id.isPresent() ? find(id.get()) : Optional.empty();
        boolean isHolder = peer.isPresent()
                && peer.get().name().equals(target.toLowerCase(Locale.ROOT))
                && peer.get().project().equals(project)
                && presence(peer.get()).life() == Presence.Life.LIVE
                && !isBeginningOfAnId(project, target);
        return isHolder ? peer : Optional.empty();
    }

    private static String holding(String project, String target) {
        return target.toLowerCase(Locale.ROOT) + "\n" + project;
    }

    /** Whether a target is, or may be meant as, the beginning of an id of its project. */
    private boolean isBeginningOfAnId(String project, String target) throws IOException {
        if (target.length() < Names.ADDRESSABLE || !SessionId.isValid(target)) {
            return false;
        }
        SessionId next = roll.ids(project, index::peek).ceiling(new SessionId(target));
        return next != null && next.value().startsWith(target);
    }

    @Override
    public Roster roster(String project) throws IOException {
        return roster(project, index.peek(project));
    }

    @Override
    public Roster present(String project) throws IOException {
        return roster(project, roll.sessions(project, index::peek).others());
    }

    private Roster roster(String project, Collection<SessionId> asked) {
        List<Peer> peers = new ArrayList<>();
        Map<SessionId, String> unreadable = new LinkedHashMap<>();
        Set<SessionId> seen = new HashSet<>();
        for (SessionId each : asked) {
            try {
                SessionId id = store.currentOf(each);
                if (seen.add(id)) {
                    find(id, e -> unreadable.put(id, reason(e)))
                            .filter(peer -> peer.project().equals(project))
                            .ifPresent(peers::add);
                }
            } catch (IOException e) {
                unreadable.put(each, reason(e));
            }
        }
        peers.sort(BY_NAME);
        return new Roster(peers, unreadable);
    }

    /** Adds to the index the sessions that are missing there, so that whoever may change nothing need not look for them. */
    public void completeIndex() throws IOException {
        if (!index.isComplete()) {
            var unused = index.sessionsOf("", this::projectOf);
        }
    }

    /** The ids that may be of a project: all that are, also of sessions whose card is not written yet, and perhaps others. */
    public Set<SessionId> candidates(String project) throws IOException {
        return new LinkedHashSet<>(index.peek(project));
    }

    /** The directories of which one changes when another id may be of a project; they may be absent. */
    public List<Path> candidatePlaces(String project) {
        return List.of(
                store.sessions(),
                store.projects(),
                store.projects().resolve(ProjectIndex.directoryOf(project)),
                store.projects().resolve(ProjectIndex.UNSORTED));
    }

    private static String reason(IOException e) {
        if (e instanceof DamagedException damaged) {
            return damaged.what();
        }
        return e instanceof FileSystemException ? e.toString() : Why.of(e);
    }

    /** The id that a session's mail goes to; empty if that cannot be told. */
    private Optional<SessionId> end(SessionId id) {
        try {
            return Optional.of(store.currentOf(id));
        } catch (IOException e) {
            store.trace().event(Event.MOVED_TO_UNREADABLE, Map.of("session", id.value(), "reason", e.toString()));
            return Optional.empty();
        }
    }

    /** What a card says; a card that cannot be read now may be read later. */
    private Optional<String> projectOf(SessionId id) {
        try {
            return find(id).map(Peer::project);
        } catch (IOException e) {
            store.trace().event(Event.CARD_UNREADABLE, Map.of("session", id.value(), "reason", e.toString()));
            return Optional.empty();
        }
    }

    @Override
    public Resolution resolve(String target, Peer caller) throws IOException {
        Resolution found = new Resolver(this, relocation::olderIds).resolve(target, caller);
        if (found instanceof Resolution.Found one && one.peer().name().equals(target.toLowerCase(Locale.ROOT))) {
            if (holders.size() >= MOST_HOLDERS) {
                holders.clear();
            }
            holders.put(holding(one.peer().project(), target), one.peer().id());
        }
        return found;
    }

    @Override
    public Map<SessionId, List<String>> tmuxSessions(List<Peer> peers) {
        return seats.of(peers);
    }

    @Override
    public Peer update(SessionId id, UnaryOperator<Peer> change) throws IOException, InterruptedException {
        return write(
                id, IfTaken.REFUSE, present -> change.apply(present.orElseThrow(() -> new NoSuchSessionException(id))));
    }

    @Override
    public Peer move(SessionId from, Registration to) throws IOException, InterruptedException {
        Optional<Peer> old = find(from);
        if (from.equals(to.id())) {
            return register(to);
        }
        make(to.id());
        addToIndex(to);
        relocation.move(from, to.id());
        return write(to.id(), IfTaken.GIVE_ANOTHER, present -> {
            Instant now = store.clock().instant();
            Peer next = to.over(present, liveness, now);
            return old.isPresent() ? next.inheriting(old.get(), now) : next;
        });
    }

    @Override
    public void settle(SessionId id) throws IOException {
        relocation.complete(id);
    }

    @Override
    public void ready(SessionId id, boolean hooked) throws IOException {
        Path file = store.activity(id);
        byte[] idle = "idle\n".getBytes(StandardCharsets.US_ASCII);
        if (disk.stat(file).isEmpty()) {
            if (hooked) {
                try {
                    disk.createFile(file, idle, Disk.Sync.UNFORCED);
                } catch (FileAlreadyExistsException e) {
                    // A hook was as quick, and knows.
                }
            }
            return;
        }
        if (Activity.of(word(file)) == Activity.ENDED) {
            Path aside = store.part(id, Part.TMP).resolve("activity-" + Ids.random());
            disk.createFile(aside, idle, Disk.Sync.UNFORCED);
            disk.rename(aside, file);
        }
    }

    @Override
    public Binding binding(Peer peer) throws IOException {
        return Binding.of(peer, noted(peer));
    }

    @Override
    public Binding noted(Peer peer) throws IOException {
        Path note = store.part(peer.id(), Part.BINDING);
        try {
            String text = new String(disk.readFile(note, CardCodec.MAX_BYTES), StandardCharsets.UTF_8);
            return BindingCodec.parse(text).orElse(Binding.NONE);
        } catch (NoSuchFileException e) {
            return Binding.NONE;
        } catch (FileSystemException | CorruptFileException e) {
            store.trace()
                    .event(Event.BINDING_UNREADABLE, Map.of("session", peer.id().value(), "reason", e.toString()));
            return Binding.NONE;
        }
    }

    private String word(Path file) throws IOException {
        return new String(disk.readFile(file, 256), StandardCharsets.US_ASCII).strip();
    }

    @Override
    public void finishMove(SessionId id) throws IOException, InterruptedException {
        if (!disk.isAbsent(store.card(id))) {
            return;
        }
        Optional<Peer> before = inherited(id);
        if (before.isPresent()) {
            relocation.complete(id);
            Peer written = write(id, IfTaken.GIVE_ANOTHER, present -> present.orElse(before.get()));
            store.trace().event(Event.MOVE_FINISHED, Map.of("session", id.value(), "name", written.name()));
        }
    }

    @Override
    public List<Peer> giveWay(Peer to) throws IOException, InterruptedException {
        if (!Names.canBeBegunByAName(to.id())) {
            // As nearly always; so that nobody's card is read for it.
            return List.of();
        }
        List<Peer> renamed = new ArrayList<>();
        for (Peer holder : peersOf(to.project(), (name, id) -> Names.isBeginningOf(name, to.id()))) {
            if (!holder.id().equals(to.id()) && Names.isBeginningOf(holder.name(), to.id())) {
                Peer now = update(holder.id(), card -> card.withName(""));
                store.trace()
                        .event(
                                Event.RENAMED,
                                Map.of(
                                        "session", holder.id().value(),
                                        "from", holder.name(),
                                        "to", now.name(),
                                        "because_of", to.id().value()));
                renamed.add(now);
            }
        }
        return renamed;
    }

    @Override
    public void give(SessionId address, SessionId to) throws IOException, InterruptedException {
        if (address.equals(to) || find(to).isEmpty() || !store.isRealDirectory(store.session(address))) {
            throw new IOException("address " + address + " cannot be given to " + to
                    + ": both have to be sessions, and two; nothing changed");
        }
        make(to);
        if (card(address, FilePeerDirectory::unheard).isPresent()) {
            Taking taking = new Taking(to, store.clock().instant());
            var unused = update(address, card -> card.withTaken(Optional.of(taking)));
        }
        relocation.move(address, to);
    }

    @Override
    public Presence presence(Peer peer) throws IOException {
        Path file = store.activity(peer.id());
        if (disk.isAbsent(file)) {
            return untold(peer);
        }
        try {
            Activity activity = Activity.of(word(file));
            Presence.Life life = activity == Activity.ENDED ? Presence.Life.GONE : liveness.of(peer);
            Optional<Instant> since = modified(file);
            Presence told = new Presence(life, activity, since);
            boolean mayHaveGoneOn = activity == Activity.BUSY || activity == Activity.ASKING;
            return mayHaveGoneOn && since.isPresent() && peer.hasClientStatus()
                    ? new ClaudeStatus(disk, peer).after(told, since.get())
                    : told;
        } catch (NoSuchFileException e) {
            return untold(peer);
        } catch (FileSystemException | CorruptFileException e) {
            store.trace()
                    .event(
                            Event.ACTIVITY_UNREADABLE,
                            Map.of("session", peer.id().value(), "reason", e.toString()));
            return untold(peer);
        }
    }

    private Optional<Instant> modified(Path file) throws IOException {
        return disk.modifiedMillis(file).map(Instant::ofEpochMilli);
    }

    /** A session whose client has said nothing that can be read. */
    private Presence untold(Peer peer) {
        return new Presence(liveness.of(peer), Activity.UNKNOWN, Optional.empty());
    }
}
