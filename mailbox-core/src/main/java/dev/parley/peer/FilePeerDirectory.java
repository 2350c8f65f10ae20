package dev.parley.peer;

import dev.parley.lock.GuardedFile;
import dev.parley.lock.Lease;
import dev.parley.lock.Locks;
import dev.parley.lock.ProcessIdentity;
import dev.parley.lock.ProcessTable;
import dev.parley.peer.Presence.Activity;
import dev.parley.store.CorruptFileException;
import dev.parley.store.Disk;
import dev.parley.store.Ids;
import dev.parley.store.SessionId;
import dev.parley.store.Store;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@link PeerDirectory} as one card per session directory. */
public final class FilePeerDirectory implements PeerDirectory {

    /** How many servers of one session a card names: project and user scope make two, a restart another. */
    private static final int MAX_SERVERS = 8;

    private static final int MIN_PREFIX = 8;

    private final Store store;
    private final Disk disk;
    private final Locks locks;
    private final Liveness liveness;
    private final Relocation relocation;

    /** The cards of a store. */
    public FilePeerDirectory(Store store, ProcessTable processes) {
        this.store = store;
        this.disk = store.disk();
        this.locks = new Locks(store, processes);
        this.liveness = new Liveness(processes);
        this.relocation = new Relocation(store, processes);
    }

    @Override
    public Peer register(Registration registration) throws IOException, InterruptedException {
        SessionId id = registration.id();
        store.makeSession(id);
        makeDoorbell(id);
        relocation.stay(id);
        relocation.complete(id);
        return write(id, present -> merged(present, registration));
    }

    private void makeDoorbell(SessionId id) throws IOException {
        Path doorbell = store.doorbell(id);
        if (disk.stat(doorbell).isEmpty()) {
            try {
                disk.createFile(doorbell, new byte[0], Disk.Sync.UNFORCED);
            } catch (java.nio.file.FileAlreadyExistsException e) {
                // A sender or a hook made it at the same moment.
            }
        }
    }

    /** Makes the next card from the present one. */
    private interface CardChange {
        Peer apply(Optional<Peer> present) throws IOException;
    }

    private Peer write(SessionId id, CardChange change) throws IOException, InterruptedException {
        // Names are unique in a project, so whoever may give one looks at the others under one lock.
        try (Lease naming = locks.named("names").acquire(Locks.WAIT)) {
            GuardedFile card = locks.guarded(store.card(id), "card-" + id);
            byte[] written = card.update(Locks.WAIT, content -> {
                Peer next = named(change.apply(content.flatMap(bytes -> readOrSetAside(id, bytes))));
                naming.ensureHeld();
                return CardCodec.encode(next);
            });
            return CardCodec.decode(store.card(id), written, id);
        }
    }

    private Optional<Peer> readOrSetAside(SessionId id, byte[] bytes) {
        try {
            return Optional.of(CardCodec.decode(store.card(id), bytes, id));
        } catch (CorruptFileException e) {
            store.trace()
                    .event(
                            "corrupt-card-replaced",
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
            store.trace().event("corrupt-card-not-kept", Map.of("session", id.value(), "reason", e.toString()));
        }
    }

    /** A name of its own in its project: the one it has, unless somebody else has it or it has none. */
    private Peer named(Peer peer) throws IOException {
        if (!peer.name().isEmpty()) {
            Optional<Peer> other = peersOf(peer.project()).stream()
                    .filter(p -> !p.id().equals(peer.id()) && p.name().equals(peer.name()))
                    .findFirst();
            if (other.isEmpty()) {
                return peer;
            }
            if (find(peer.id()).filter(p -> p.name().equals(peer.name())).isEmpty()) {
                throw new NameTakenException(peer.name(), other.get());
            }
        }
        Set<String> taken = peersOf(peer.project()).stream()
                .filter(p -> !p.id().equals(peer.id()))
                .map(Peer::name)
                .collect(Collectors.toSet());
        return peer.withName(Names.of(peer.id(), taken));
    }

    private Peer merged(Optional<Peer> present, Registration r) {
        List<ProcessIdentity> servers =
                new ArrayList<>(present.map(Peer::servers).orElse(List.of()));
        r.server().ifPresent(servers::remove);
        servers.removeIf(liveness::isDead);
        r.server().ifPresent(servers::add);
        while (servers.size() > MAX_SERVERS) {
            servers.remove(0);
        }
        return new Peer(
                r.id(),
                present.map(Peer::name).orElse(""),
                r.client(),
                present.flatMap(Peer::purpose),
                present.flatMap(Peer::purposeSince),
                r.cwd(),
                r.project(),
                r.process().or(() -> present.flatMap(Peer::process).filter(p -> !liveness.isDead(p))),
                servers,
                r.transcript().or(() -> present.flatMap(Peer::transcript)),
                r.tmuxSession().or(() -> present.flatMap(Peer::tmuxSession)),
                r.claimed() || present.map(Peer::claimed).orElse(false),
                present.map(Peer::registeredAt)
                        .filter(at -> at.isAfter(Instant.EPOCH))
                        .orElse(store.clock().instant()),
                Optional.empty());
    }

    @Override
    public Optional<Peer> find(SessionId id) throws IOException {
        try {
            if (!store.isRealDirectory(store.session(id))) {
                return Optional.empty();
            }
            return Optional.of(
                    CardCodec.decode(store.card(id), disk.readFile(store.card(id), CardCodec.MAX_BYTES), id));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (CorruptFileException e) {
            store.trace()
                    .event("corrupt-card", Map.of("session", id.value(), "reason", String.valueOf(e.getMessage())));
            return Optional.empty();
        }
    }

    @Override
    public SessionId current(SessionId id) throws IOException {
        return store.currentOf(id);
    }

    @Override
    public List<Peer> peersOf(String project) throws IOException {
        List<Peer> peers = new ArrayList<>();
        for (String name : disk.list(store.sessions())) {
            if (!SessionId.isValid(name)) {
                continue;
            }
            SessionId id = new SessionId(name);
            Optional<Peer> peer = find(id).filter(p -> p.project().equals(project));
            if (peer.isPresent() && disk.stat(store.movedTo(id)).isEmpty()) {
                peers.add(peer.get());
            }
        }
        peers.sort(Comparator.comparing(Peer::name).thenComparing(Peer::id));
        return peers;
    }

    @Override
    public Resolution resolve(String target, Peer caller) throws IOException {
        if (SessionId.isValid(target)) {
            // An exact id is one look-up, however many sessions there are.
            SessionId id = store.currentOf(new SessionId(target));
            Optional<Peer> exact = find(id);
            if (exact.isPresent()) {
                return judged(exact.get(), caller);
            }
        }
        List<Peer> peers = peersOf(caller.project());
        String name = target.toLowerCase(Locale.ROOT);
        List<Peer> matches = peers.stream().filter(p -> p.name().equals(name)).toList();
        if (matches.isEmpty() && target.length() >= MIN_PREFIX) {
            matches = peers.stream()
                    .filter(p -> p.id().value().startsWith(target))
                    .toList();
        }
        if (matches.isEmpty()) {
            matches = peers.stream()
                    .filter(p -> p.tmuxSession().filter(target::equals).isPresent())
                    .toList();
        }
        return among(matches, peers, caller);
    }

    private Resolution judged(Peer peer, Peer caller) {
        if (peer.id().equals(caller.id())) {
            return new Resolution.Self();
        }
        return peer.project().equals(caller.project()) ? new Resolution.Found(peer) : new Resolution.CrossProject();
    }

    private Resolution among(List<Peer> matches, List<Peer> peers, Peer caller) throws IOException {
        List<Peer> others =
                matches.stream().filter(p -> !p.id().equals(caller.id())).toList();
        if (others.size() == 1) {
            return new Resolution.Found(others.get(0));
        }
        if (others.size() > 1) {
            List<Peer> live = notGone(others);
            return live.size() == 1 ? new Resolution.Found(live.get(0)) : new Resolution.Ambiguous(others);
        }
        if (!matches.isEmpty()) {
            return new Resolution.Self();
        }
        return new Resolution.NotFound(notGone(peers).stream()
                .filter(p -> !p.id().equals(caller.id()))
                .map(Peer::name)
                .toList());
    }

    private List<Peer> notGone(List<Peer> peers) throws IOException {
        List<Peer> rest = new ArrayList<>();
        for (Peer peer : peers) {
            if (presence(peer).life() != Presence.Life.GONE) {
                rest.add(peer);
            }
        }
        return rest;
    }

    @Override
    public Peer update(SessionId id, UnaryOperator<Peer> change) throws IOException, InterruptedException {
        return write(
                id,
                present -> change.apply(present.orElseThrow(
                        () -> new NoSuchFileException(store.card(id).toString(), null, "no such session"))));
    }

    @Override
    public Peer move(SessionId from, Registration to) throws IOException, InterruptedException {
        Optional<Peer> old = find(from);
        if (from.equals(to.id())) {
            return register(to);
        }
        store.makeSession(to.id());
        makeDoorbell(to.id());
        try (Lease moving = locks.named("move").acquire(Locks.WAIT)) {
            relocation.move(from, to.id());
            moving.ensureHeld();
        }
        return write(to.id(), present -> {
            Peer next = merged(present, to);
            if (old.isEmpty()) {
                return next;
            }
            if (next.name().isEmpty() && isFree(old.get().name(), next)) {
                next = next.withName(old.get().name());
            }
            return next.purpose().isPresent()
                    ? next
                    : next.withPurpose(
                            old.get().purpose(),
                            old.get().purposeSince().orElse(store.clock().instant()));
        });
    }

    private boolean isFree(String name, Peer wanting) throws IOException {
        return peersOf(wanting.project()).stream()
                .noneMatch(p -> !p.id().equals(wanting.id()) && p.name().equals(name));
    }

    @Override
    public void settle(SessionId id) throws IOException {
        relocation.complete(id);
    }

    @Override
    public Presence presence(Peer peer) throws IOException {
        Path file = store.activity(peer.id());
        try {
            String word = new String(disk.readFile(file, 256), StandardCharsets.US_ASCII).strip();
            Activity activity = Stream.of(Activity.values())
                    .filter(a -> word.equals(a.name().toLowerCase(Locale.ROOT)))
                    .findFirst()
                    .orElse(Activity.UNKNOWN);
            Presence.Life life = activity == Activity.ENDED ? Presence.Life.GONE : liveness.of(peer);
            Optional<Instant> since = disk.stat(file).map(stat -> Instant.ofEpochMilli(stat.modifiedMillis()));
            return new Presence(life, activity, since);
        } catch (NoSuchFileException e) {
            return new Presence(liveness.of(peer), Activity.UNKNOWN, Optional.empty());
        } catch (FileSystemException e) {
            store.trace()
                    .event("activity-unreadable", Map.of("session", peer.id().value(), "reason", e.toString()));
            return new Presence(liveness.of(peer), Activity.UNKNOWN, Optional.empty());
        }
    }
}
