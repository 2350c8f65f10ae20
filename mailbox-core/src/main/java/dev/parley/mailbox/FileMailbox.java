package dev.parley.mailbox;

import dev.parley.lock.OwnerToken;
import dev.parley.lock.ProcessTable;
import dev.parley.lock.ProcessTable.Vitality;
import dev.parley.mailbox.Batch.Claimed;
import dev.parley.mailbox.ClaimName.Phase;
import dev.parley.mailbox.Position.Place;
import dev.parley.store.CorruptFileException;
import dev.parley.store.DirectoryWatch;
import dev.parley.store.Disk;
import dev.parley.store.SessionId;
import dev.parley.store.Store;
import dev.parley.store.StoreUnavailableException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** {@link Mailbox} as a Maildir; the names are in {@code docs/FORMAT.md}. */
final class FileMailbox implements Mailbox {

    private final Store store;
    private final Disk disk;
    private final ProcessTable processes;
    private final SessionId owner;
    private final Stamps stamps;
    private final Room room;
    private final Path root;
    private final Path waiting;
    private final Path claims;

    FileMailbox(Store store, ProcessTable processes, SessionId owner, Stamps stamps, Room room) {
        this.store = store;
        this.disk = store.disk();
        this.processes = processes;
        this.owner = owner;
        this.stamps = stamps;
        this.room = room;
        this.root = store.mailbox(owner);
        this.waiting = root.resolve("new");
        this.claims = root.resolve("cur");
    }

    @Override
    public SessionId owner() {
        return owner;
    }

    @Override
    public void deliver(Envelope envelope) throws IOException {
        requireRealDirectory(waiting);
        room.take(owner);
        String name = new MessageName(stamps.next(), envelope.id(), envelope.replyTo(), false).toString();
        Path written = root.resolve("tmp").resolve(name);
        Path visible = waiting.resolve(name);
        disk.createFile(written, EnvelopeCodec.encode(envelope), Disk.Sync.FORCED);
        try {
            disk.rename(written, visible);
        } catch (IOException e) {
            discard(written, e);
            throw e;
        }
        try {
            disk.forceDirectory(followMove(name));
        } catch (IOException e) {
            withdraw(visible, e);
        }
    }

    private void discard(Path written, IOException cause) {
        try {
            disk.deleteFile(written);
        } catch (IOException e) {
            // 'parley gc' removes old files in tmp/.
            cause.addSuppressed(e);
        }
    }

    /** It is visible but not durable: if nobody has taken it yet, it was not sent; if somebody has, it was. */
    private void withdraw(Path visible, IOException cause) throws IOException {
        try {
            disk.deleteFile(visible);
        } catch (NoSuchFileException e) {
            store.trace()
                    .event("delivered-unforced", Map.of("message", visible.toString(), "reason", cause.toString()));
            return;
        }
        throw cause;
    }

    /**
     * Sends a message after its receiver, if the receiver has got another id meanwhile.
     *
     * <p>The mover writes {@code moved_to} and then lists the mail; we make the mail visible and then look for
     * {@code moved_to}. So at least one of us sees the other's step, whatever the order.
     *
     * @return the directory in which the message now is
     */
    private Path followMove(String name) throws IOException {
        SessionId now = store.currentOf(owner);
        if (now.equals(owner)) {
            return waiting;
        }
        Path target = store.mailbox(now).resolve("new");
        try {
            disk.rename(waiting.resolve(name), target.resolve(name));
        } catch (NoSuchFileException e) {
            // The mover, or a reader, has it.
            return waiting;
        }
        return target;
    }

    @Override
    public Batch claim(Budget budget, Predicate<String> awaited) throws IOException {
        List<MessageName> names = waitingNames();
        Taking taking = new Taking();
        int left = names.size();
        int bytes = 0;
        for (MessageName name : names) {
            if (taking.claimed.size() >= budget.messages()) {
                break;
            }
            if (name.answers().filter(awaited).isPresent()) {
                left--;
                continue;
            }
            Optional<Envelope> envelope = peek(name);
            if (envelope.isEmpty()) {
                left--;
                continue;
            }
            bytes += Utf8.length(envelope.get().body());
            if (bytes > budget.bodyBytes() && !taking.claimed.isEmpty()) {
                break;
            }
            taking.take(name, envelope.get());
            left--;
        }
        return taking.batch(Math.max(0, left));
    }

    @Override
    public Optional<Batch> claimAnswer(String requestId, Predicate<SessionId> from) throws IOException {
        for (MessageName name : waitingNames()) {
            if (!name.answers().filter(requestId::equals).isPresent()) {
                continue;
            }
            Optional<Envelope> envelope = peek(name);
            if (envelope.flatMap(Envelope::from).filter(from).isPresent()) {
                Taking taking = new Taking();
                if (taking.take(name, envelope.get())) {
                    return Optional.of(taking.batch(0));
                }
            }
        }
        return Optional.empty();
    }

    /** One claim in the making: its directory is made for the first message, so that an empty mailbox costs nothing. */
    private final class Taking {

        private final List<Claimed> claimed = new ArrayList<>();
        private final List<MessageName> names = new ArrayList<>();
        private final ClaimName claim = new ClaimName(Phase.TAKEN, OwnerToken.of(processes.self()));

        boolean take(MessageName name, Envelope envelope) throws IOException {
            Path directory = claims.resolve(claim.toString());
            if (claimed.isEmpty() && disk.stat(directory).isEmpty()) {
                disk.makeDirectory(directory);
            }
            try {
                disk.rename(waiting.resolve(name.toString()), directory.resolve(name.toString()));
            } catch (NoSuchFileException e) {
                // Another taker was faster; what we have stays ours.
                return false;
            }
            claimed.add(new Claimed(envelope, name.redelivered()));
            names.add(name);
            return true;
        }

        Batch batch(int remaining) throws IOException {
            if (claimed.isEmpty()) {
                removeIfEmpty(disk, claims.resolve(claim.toString()));
            }
            return new FileBatch(store, root, claim, claimed, remaining);
        }
    }

    /** The content of a waiting message; empty if it has gone, or was corrupt and has been set aside. */
    private Optional<Envelope> peek(MessageName name) throws IOException {
        Path file = waiting.resolve(name.toString());
        try {
            return Optional.of(EnvelopeCodec.decode(file, disk.readFile(file, EnvelopeCodec.MAX_FILE_BYTES)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (CorruptFileException e) {
            setAside(name, e);
            return Optional.empty();
        }
    }

    /** A file that cannot be read must not stop those behind it; it is kept for whoever can make sense of it. */
    private void setAside(MessageName name, CorruptFileException why) throws IOException {
        Path corrupt = root.resolve("corrupt");
        store.makeIfMissing(corrupt);
        try {
            disk.rename(waiting.resolve(name.toString()), corrupt.resolve(name.toString()));
            store.trace()
                    .event(
                            "corrupt-set-aside",
                            Map.of(
                                    "file",
                                    corrupt.resolve(name.toString()).toString(),
                                    "reason",
                                    String.valueOf(why.getMessage())));
        } catch (NoSuchFileException e) {
            // Another reader has set it aside.
        }
    }

    private List<MessageName> waitingNames() throws IOException {
        requireRealDirectory(waiting);
        return disk.list(waiting).stream()
                .map(MessageName::parse)
                .flatMap(Optional::stream)
                .sorted()
                .toList();
    }

    @Override
    public int waiting() throws IOException {
        return waitingNames().size();
    }

    @Override
    public Optional<Position> locate(String messageId) throws IOException {
        Optional<Path> file = find(waiting, messageId);
        if (file.isPresent()) {
            return position(Place.WAITING, file.get());
        }
        for (Path place : List.of(claims, root.resolve("shown"))) {
            for (String claim : disk.list(place)) {
                Path directory = place.resolve(claim);
                if (find(directory, messageId).isPresent()) {
                    return position(place.equals(claims) ? Place.HANDED : Place.SHOWN, directory);
                }
            }
        }
        Optional<Path> damaged = find(root.resolve("corrupt"), messageId);
        return damaged.isPresent() ? position(Place.DAMAGED, damaged.get()) : Optional.empty();
    }

    private Optional<Position> position(Place place, Path file) throws IOException {
        return disk.stat(file)
                .map(stat -> new Position(
                        place,
                        Instant.ofEpochMilli(place == Place.SHOWN ? stat.changedMillis() : stat.modifiedMillis())));
    }

    private Optional<Path> find(Path directory, String messageId) throws IOException {
        try {
            return disk.list(directory).stream()
                    .filter(name -> MessageName.parse(name)
                            .filter(n -> n.messageId().equals(messageId))
                            .isPresent())
                    .map(directory::resolve)
                    .findFirst();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    @Override
    public int recover() throws IOException {
        int returned = 0;
        for (String entry : disk.list(claims)) {
            Optional<ClaimName> claim = ClaimName.parse(entry);
            if (claim.isEmpty() || processes.vitality(claim.get().token().holder()) != Vitality.ALIVE) {
                returned += FileBatch.putBack(disk, claims.resolve(entry), waiting, Batch.Seen.PERHAPS);
            }
        }
        if (returned > 0) {
            store.trace().event("hand-over-unproven", Map.of("session", owner.value(), "messages", returned));
        }
        return returned;
    }

    @Override
    public Arrivals arrivals() throws IOException {
        DirectoryWatch watch = disk.watch(waiting);
        return new Arrivals() {
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

    static void removeIfEmpty(Disk disk, Path directory) throws IOException {
        try {
            disk.deleteDirectory(directory);
        } catch (NoSuchFileException e) {
            // It is gone already.
        }
    }

    private void requireRealDirectory(Path directory) throws IOException {
        Optional<Disk.Stat> stat = disk.stat(directory);
        if (stat.isEmpty()) {
            throw new NoSuchFileException(directory.toString(), null, "session " + owner + " has no mailbox");
        }
        if (stat.get().kind() != Disk.Kind.DIRECTORY || !store.isRealDirectory(store.session(owner))) {
            throw new StoreUnavailableException(directory
                    + " is not a directory of the store; run 'parley check --repair'; nothing was read or written");
        }
    }
}
