package dev.parley.store.ledger;

import dev.parley.address.Ids;
import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.ledger.PendingAsk;
import dev.parley.ledger.PendingAsks;
import dev.parley.lock.Leases;
import dev.parley.process.ProcessTable;
import dev.parley.store.CorruptFileException;
import dev.parley.store.DirectoryWatch;
import dev.parley.store.Disk;
import dev.parley.store.Part;
import dev.parley.store.Store;
import dev.parley.store.lock.FileLease;
import dev.parley.store.lock.Locks;
import dev.parley.store.lock.OwnerToken;
import dev.parley.store.peer.Relocation;
import dev.parley.trace.Event;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** {@link PendingAsks} as one file per question; the form is in {@code docs/FORMAT.md}. */
public final class FilePendingAsks implements PendingAsks {

    private static final int MAX_MOVES = 16;
    private static final byte[] NOTHING = {};

    /** No call waits for longer: ten minutes, and some for its end. */
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(11);

    private final Store store;
    private final Disk disk;
    private final ProcessTable processes;
    private final Locks locks;
    private final Relocation moves;
    private final SessionId owner;

    /** The open questions of a session. */
    public FilePendingAsks(Store store, ProcessTable processes, SessionId owner) {
        this(store, processes, new Locks(store, processes), owner);
    }

    /** The same with these locks. */
    FilePendingAsks(Store store, ProcessTable processes, Locks locks, SessionId owner) {
        this.store = store;
        this.disk = store.disk();
        this.processes = processes;
        this.locks = locks;
        this.moves = new Relocation(store, processes);
        this.owner = owner;
    }

    /** The present directory, checked to be one: it moves when its session is re-identified. */
    private Path directory() throws IOException {
        Path directory = store.asks(store.currentOf(owner));
        store.requireDirectory(directory);
        return directory;
    }

    @Override
    public void open(PendingAsk ask) throws IOException {
        SessionId session = store.currentOf(owner);
        Path directory = directory();
        Path fresh = store.part(session, Part.TMP).resolve("ask-" + ask.requestId() + "-" + Ids.random());
        disk.createFile(fresh, AskFile.encode(ask), Disk.Sync.FORCED);
        try {
            if (ask.due().isPresent()) {
                // Before the question is there: nobody sees it without. It has no content, so it is forced with the
                // names.
                note(session, AskFile.due(ask.requestId(), ask.due().get()));
            }
            disk.rename(fresh, directory.resolve(ask.requestId().value()));
        } catch (IOException e) {
            discard(fresh, e);
            throw e;
        }
        disk.forceDirectory(
                store.asks(store.follow(session, Part.ASKS, ask.requestId().value())));
    }

    private void note(SessionId session, String name) throws IOException {
        try {
            disk.createFile(store.asks(session).resolve(name), NOTHING, Disk.Sync.UNFORCED);
        } catch (FileAlreadyExistsException e) {
            // It was noted before.
        }
        store.follow(session, Part.ASKS, name);
    }

    private void discard(Path fresh, IOException cause) {
        try {
            disk.deleteFile(fresh);
        } catch (IOException e) {
            // 'parley gc' removes old files in tmp/.
            cause.addSuppressed(e);
        }
    }

    @Override
    public Optional<PendingAsk> find(RequestId requestId) throws IOException {
        try {
            Path directory = directory();
            PendingAsk ask = read(directory.resolve(requestId.value()));
            ask = AskFile.withDue(ask, disk.list(directory));
            if (ask.isExpired(store.clock().instant())) {
                close(requestId);
                return Optional.empty();
            }
            return Optional.of(ask);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private PendingAsk read(Path file) throws IOException {
        return AskFile.decode(file, disk.readFile(file, AskFile.MAX_BYTES));
    }

    @Override
    public List<PendingAsk> all() throws IOException {
        Instant now = store.clock().instant();
        return kept().stream().filter(ask -> !ask.isExpired(now)).toList();
    }

    @Override
    public List<PendingAsk> kept() throws IOException {
        List<PendingAsk> asks = new ArrayList<>();
        List<String> names = disk.list(directory());
        List<String> dues = names.stream().filter(AskFile::isDue).toList();
        for (String name : names) {
            try {
                if (RequestId.isValid(name)) {
                    asks.add(AskFile.withDue(read(directory().resolve(name)), dues));
                }
            } catch (NoSuchFileException e) {
                // Answered since it was listed.
            } catch (CorruptFileException e) {
                store.trace().event(Event.CORRUPT_ASK, Map.of("file", name, "reason", String.valueOf(e.getMessage())));
            }
        }
        asks.sort(Comparator.comparing(PendingAsk::askedAt));
        return asks;
    }

    @Override
    public void close(RequestId requestId) throws IOException {
        try {
            disk.deleteFile(directory().resolve(requestId.value()));
        } catch (NoSuchFileException e) {
            // Answered twice, or run out meanwhile.
            store.trace().event(Event.ASK_ALREADY_CLOSED, Map.of("request", requestId.value()));
        }
    }

    @Override
    public Waiting waiting(RequestId requestId) throws IOException {
        String name = new AskFile.Mark(requestId, OwnerToken.of(processes.self())).name();
        SessionId session = store.currentOf(owner);
        disk.createFile(directory().resolve(name), NOTHING, Disk.Sync.UNFORCED);
        store.follow(session, Part.ASKS, name);
        return new Waiting() {
            @Override
            public RequestId requestId() {
                return requestId;
            }

            @Override
            public void close() throws IOException {
                stopWaiting(name);
            }
        };
    }

    /** The mark moves along when the session is re-identified meanwhile: looked for in the order in which it moves. */
    private void stopWaiting(String name) throws IOException {
        Optional<SessionId> at = Optional.of(owner);
        for (int moves = 0; at.isPresent() && moves < MAX_MOVES; moves++) {
            try {
                disk.deleteFile(store.asks(at.get()).resolve(name));
                return;
            } catch (NoSuchFileException e) {
                at = store.forwardOf(at.get());
            }
        }
        store.trace().event(Event.WAITING_MARK_GONE, Map.of("session", owner.value(), "name", name));
    }

    @Override
    public Set<RequestId> awaited() throws IOException {
        Set<RequestId> awaited = new HashSet<>();
        Path directory = directory();
        for (String name : disk.list(directory)) {
            Optional<AskFile.Mark> mark = AskFile.Mark.parse(name);
            if (mark.isPresent() && waits(mark.get().waiter(), directory.resolve(name))) {
                awaited.add(mark.get().requestId());
            }
        }
        return awaited;
    }

    /** Of a waiter in another container only the time tells. */
    private boolean waits(OwnerToken waiter, Path mark) throws IOException {
        return switch (processes.vitality(waiter.holder())) {
            case ALIVE -> true;
            case DEAD -> false;
            case UNKNOWN ->
                disk.stat(mark)
                        .filter(stat ->
                                Math.abs(store.clock().millis() - stat.modifiedMillis()) < LONGEST_WAIT.toMillis())
                        .isPresent();
        };
    }

    @Override
    public List<IdleSign> idleSigns() throws IOException {
        Set<String> names = new TreeSet<>(disk.list(directory()));
        return names.stream()
                .map(AskFile::idleSign)
                .flatMap(Optional::stream)
                .filter(sign -> names.contains(sign.requestId().value()))
                .toList();
    }

    /** Whoever has the lock looks wherever the mark may be; the commit is fenced, so nobody else makes it meanwhile. */
    @Override
    public boolean claim(RequestId requestId, Edge edge) throws IOException, InterruptedException {
        String name = AskFile.told(requestId, edge);
        try (FileLease lease = locks.named("told-" + requestId).acquire(Leases.WAIT)) {
            Listing listing = Listing.of(store, moves, owner, Part.ASKS);
            boolean isFirst = listing.files().containsKey(requestId.value())
                    && !listing.files().containsKey(name);
            if (isFirst) {
                commit(lease, listing.session(), name);
            }
            if (edge.kind() == Edge.Kind.IDLE) {
                forget(listing, AskFile.idle(new IdleSign(requestId, edge.revision())));
            }
            return isFirst;
        }
    }

    private void commit(FileLease lease, SessionId session, String name) throws IOException {
        lease.commit(store.asks(session).resolve(name), NOTHING);
        SessionId now = store.follow(session, Part.ASKS, name);
        if (!now.equals(session)) {
            disk.forceDirectory(store.asks(now));
        }
    }

    /** The sign has done its service. One that stays is of an edge that is claimed, so it does no harm. */
    private void forget(Listing listing, String sign) {
        try {
            if (listing.files().containsKey(sign)) {
                disk.deleteFile(listing.files().get(sign));
            }
        } catch (NoSuchFileException e) {
            // It has gone along to another id, where the next claim finds it.
        } catch (IOException e) {
            store.trace().event(Event.IDLE_SIGN_STAYS, Map.of("sign", sign, "reason", e.toString()));
        }
    }

    @Override
    public Watch watch() throws IOException {
        DirectoryWatch watch = disk.watch(directory());
        return new Watch() {
            @Override
            public void await(Duration limit) throws InterruptedException {
                watch.await(limit);
            }

            @Override
            public void close() {
                watch.close();
            }
        };
    }
}
