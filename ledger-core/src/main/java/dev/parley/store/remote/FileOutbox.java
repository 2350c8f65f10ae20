package dev.parley.store.remote;

import dev.parley.address.HostName;
import dev.parley.address.Ids;
import dev.parley.address.MessageId;
import dev.parley.lock.LeaseLostException;
import dev.parley.lock.Leases;
import dev.parley.mailbox.Envelope;
import dev.parley.remote.Outbox;
import dev.parley.remote.Pair;
import dev.parley.remote.Parcel;
import dev.parley.remote.Receipt;
import dev.parley.store.CorruptFileException;
import dev.parley.store.Disk;
import dev.parley.store.Store;
import dev.parley.store.lock.FileLease;
import dev.parley.store.lock.Locks;
import dev.parley.store.mailbox.EnvelopeCodec;
import dev.parley.trace.DamagedException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * {@link Outbox} in the file store: a directory for each pair, with a file for each message; see {@code docs/FORMAT.md}.
 *
 * <p>The number of a message is in its file's name. It is given under a lock of the pair, by the very rename that makes the file
 * visible and gives the lock back, so a process that stalled and was displaced gives no number. What has left is written down
 * under another one.
 */
public final class FileOutbox implements Outbox {

    /** Where it is. */
    public static final String DIRECTORY = "outbox";

    /** What of a pair says which it is. */
    public static final String HEAD = "head";

    /** Names the pairs of which messages were put. */
    public static final String RUNG = OutboxRings.NAME;

    private static final Pattern KEY = Pattern.compile("[0-9a-f]{32}");

    /**
     * Longer than a process that stalls keeps a pair: it would be told of a store that failed by which nothing is wrong. A send within
     * the machine takes no lock.
     */
    private static final Duration PATIENCE = Leases.LEASE.plus(Leases.WAIT);

    /** So often a put is tried that wrote nothing. */
    private static final int ATTEMPTS = 3;

    private final Store store;
    private final Disk disk;
    private final PairLocks locks;
    private final Path root;
    private final Directories directories;
    private final OutboxRoom room = new OutboxRoom();
    private final OutboxRings rings;
    private final OutboxTeam team;

    /** The outbox of a store. */
    public FileOutbox(Store store, Locks locks) {
        this.store = store;
        this.disk = store.disk();
        this.locks = new PairLocks(locks);
        this.root = store.home().resolve(DIRECTORY);
        this.directories = new Directories(store);
        this.rings = new OutboxRings(store, directories);
        this.team = new OutboxTeam(store);
    }

    /** Whether that is the name of a pair's directory. */
    public static boolean isKey(String name) {
        return KEY.matcher(name).matches();
    }

    @Override
    public void put(HostName host, Envelope envelope) throws IOException, InterruptedException {
        Pair pair = Pair.of(host, envelope);
        byte[] content = EnvelopeCodec.encode(envelope);
        room.take(this::size);
        for (int attempt = 1; !isPut(pair, envelope, content, attempt == ATTEMPTS); attempt++) {
            // Nothing was written.
        }
        rings.ring(pair);
    }

    /** Not so if this process stalled and was displaced, or a sweep took the pair for one of which nothing waits: trying again is safe. */
    private boolean isPut(Pair pair, Envelope envelope, byte[] content, boolean isLast)
            throws IOException, InterruptedException {
        try {
            put(pair, envelope, content);
            return true;
        } catch (LeaseLostException | NoSuchFileException e) {
            if (isLast) {
                throw e;
            }
            return false;
        }
    }

    private void put(Pair pair, Envelope envelope, byte[] content) throws IOException, InterruptedException {
        Path directory = directories.made(root, pair.key());
        if (disk.isAbsent(directory.resolve(HEAD))) {
            begin(pair, directory);
        }
        try (FileLease lease = locks.numbers(pair.key(), PATIENCE)) {
            // In this order: what leaves meanwhile, and so is not listed, is settled by then.
            List<String> names = disk.list(directory);
            OutboxHead head = head(directory);
            if (isPut(names, pair.host(), envelope.id())) {
                // The try before may have ended between the two.
                disk.forceDirectory(directory);
                return;
            }
            long last = Math.max(head.settled(), lastNumber(names));
            lease.commit(directory.resolve(new OutboxName(last + 1, envelope.id()).toString()), content);
        }
    }

    /** Whether it is there, or has left. */
    private boolean isPut(List<String> names, HostName host, MessageId message) throws IOException {
        return names.stream().anyMatch(name -> name.length() == OutboxName.LENGTH && name.endsWith(message.value()))
                || !disk.isAbsent(
                        store.home().resolve(FileSentMail.DIRECTORY).resolve(FileSentMail.name(message, host)));
    }

    private void begin(Pair pair, Path directory) throws IOException, InterruptedException {
        try (FileLease lease = locks.numbers(pair.key(), PATIENCE)) {
            if (disk.isAbsent(directory.resolve(HEAD))) {
                OutboxHead head = new OutboxHead(pair, Ids.random(), 0, 0, Optional.empty());
                lease.commit(directory.resolve(HEAD), head.encode());
            }
        }
    }

    private OutboxHead head(Path directory) throws IOException {
        Path file = directory.resolve(HEAD);
        OutboxHead head = OutboxHead.decode(file, disk.readFile(file, OutboxHead.MAX_BYTES));
        if (!directory.endsWith(head.pair().key())) {
            throw new DamagedPairException(file, "it belongs to another pair");
        }
        return head;
    }

    /** What waits, oldest first: without what is settled and was not removed yet. */
    private List<OutboxName> names(Path directory, OutboxHead head) throws IOException {
        return all(directory).stream()
                .filter(name -> name.number() > head.settled())
                .toList();
    }

    /** The highest number that a file has; 0 if there is none. Only that name is looked at closely: thousands may wait. */
    private static long lastNumber(List<String> names) {
        String last = "";
        for (String name : names) {
            if (name.length() == OutboxName.LENGTH && name.compareTo(last) > 0 && OutboxName.isLike(name)) {
                last = name;
            }
        }
        return OutboxName.parse(last).map(OutboxName::number).orElse(0L);
    }

    private List<OutboxName> all(Path directory) throws IOException {
        return disk.list(directory).stream()
                .flatMap(name -> OutboxName.parse(name).stream())
                .sorted()
                .toList();
    }

    /**
     * A message that lies here.
     *
     * @param host the machine that it is for
     * @param isSettled whether it is stored there, and is about to be put elsewhere here
     */
    record Lying(HostName host, Envelope envelope, boolean isSettled) {}

    /** A message that lies here; empty if it does not. */
    Optional<Lying> find(MessageId message) throws IOException {
        for (String key : keys()) {
            Path directory = root.resolve(key);
            try {
                OutboxHead head = head(directory);
                for (OutboxName name : all(directory)) {
                    if (name.message().equals(message)) {
                        return envelope(directory.resolve(name.toString()), name)
                                .map(envelope ->
                                        new Lying(head.pair().host(), envelope, name.number() <= head.settled()));
                    }
                }
            } catch (NoSuchFileException | DamagedException e) {
                directories.unreadable(directory, e);
            }
        }
        return Optional.empty();
    }

    @Override
    public List<Pair> pairs() throws IOException {
        List<Pair> pairs = new ArrayList<>();
        for (String key : keys()) {
            try {
                pairs.add(head(root.resolve(key)).pair());
            } catch (NoSuchFileException | DamagedException e) {
                // Nothing was put there yet; or it is damaged, and nobody else's mail waits for it.
                directories.unreadable(root.resolve(key), e);
            }
        }
        return pairs;
    }

    private List<String> keys() throws IOException {
        try {
            return disk.list(root).stream().filter(FileOutbox::isKey).toList();
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    @Override
    public List<Parcel> waiting(Pair pair, int limit) throws IOException {
        Path directory = root.resolve(pair.key());
        if (disk.isAbsent(directory.resolve(HEAD))) {
            return List.of();
        }
        OutboxHead head = head(directory);
        Optional<MessageId> after = head.settled() == head.base() ? Optional.empty() : head.last();
        List<Parcel> parcels = new ArrayList<>();
        long expected = head.settled() + 1;
        for (OutboxName name : names(directory, head)) {
            if (parcels.size() == limit) {
                break;
            }
            if (name.number() != expected) {
                throw new IOException(directory + " has no message of number " + expected
                        + ", and later ones must not overtake it; put the file back from a copy");
            }
            Optional<Envelope> envelope = envelope(directory.resolve(name.toString()), name);
            if (envelope.isEmpty()) {
                // It was settled while this looked.
                break;
            }
            parcels.add(new Parcel(
                    head.pair(),
                    head.epoch(),
                    expected - head.base(),
                    head.settled() - head.base(),
                    after,
                    envelope.get()));
            after = Optional.of(name.message());
            expected++;
        }
        return withdrawn(parcels);
    }

    /** Those that a later one takes back are seen by nobody, if they have not left yet. */
    private static List<Parcel> withdrawn(List<Parcel> parcels) {
        Set<MessageId> takenBack = new HashSet<>();
        parcels.forEach(parcel -> parcel.envelope().takesBack().ifPresent(takenBack::add));
        return parcels.stream()
                .map(parcel -> takenBack.contains(parcel.envelope().id()) ? parcel.withdrawn() : parcel)
                .toList();
    }

    private Optional<Envelope> envelope(Path file, OutboxName name) throws IOException {
        try {
            Envelope envelope = EnvelopeCodec.decode(file, disk.readFile(file, EnvelopeCodec.MAX_FILE_BYTES));
            if (!envelope.id().equals(name.message())) {
                throw new DamagedPairException(file, "it holds message " + envelope.id());
            }
            return Optional.of(envelope);
        } catch (CorruptFileException e) {
            throw new DamagedPairException(file, e.what());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    @Override
    public Settled settle(Receipt receipt) throws IOException, InterruptedException {
        Path directory = root.resolve(receipt.pair().key());
        if (disk.isAbsent(directory.resolve(HEAD))) {
            // It is of a pair that this store has never known, so nothing of it can wait.
            return Settled.KNOWN;
        }
        List<OutboxName> gone;
        try (FileLease lease = locks.head(receipt.pair().key())) {
            OutboxHead head = head(directory);
            long number = head.base() + receipt.number();
            if (!receipt.epoch().equals(head.epoch())) {
                return Settled.KNOWN;
            }
            if (receipt.isLost()) {
                return renew(lease, directory, head);
            }
            if (number < head.settled()) {
                return Settled.KNOWN;
            }
            List<OutboxName> waiting = names(directory, head);
            if (number == head.settled()) {
                boolean same = number == head.base() || receipt.last().equals(head.last());
                return same ? Settled.KNOWN : renew(lease, directory, head);
            }
            boolean known = waiting.stream()
                    .anyMatch(name -> name.number() == number && receipt.last().equals(Optional.of(name.message())));
            if (!known) {
                return renew(lease, directory, head);
            }
            // Also those that a process that died has left.
            gone = all(directory).stream()
                    .filter(name -> name.number() <= number)
                    .toList();
            OutboxHead next = new OutboxHead(head.pair(), head.epoch(), head.base(), number, receipt.last());
            lease.commit(directory.resolve(HEAD), next.encode());
        }
        // Only now: what the head calls settled is never looked at again here, whether or not its file is there.
        keep(directory, receipt.pair().host(), gone);
        return Settled.PROGRESS;
    }

    /** The numbers of the files stay; those on the way begin at 1 again. */
    private Settled renew(FileLease lease, Path directory, OutboxHead head) throws IOException {
        OutboxHead next = new OutboxHead(head.pair(), Ids.random(), head.settled(), head.settled(), head.last());
        lease.commit(directory.resolve(HEAD), next.encode());
        return Settled.ASTRAY;
    }

    private void make(Path directory) throws IOException {
        var unused = store.makeIfMissing(directory);
    }

    /** Puts what has left where it is kept for a while, oldest first. */
    private void keep(Path directory, HostName host, List<OutboxName> gone) throws IOException {
        Path sent = store.home().resolve(FileSentMail.DIRECTORY);
        if (!gone.isEmpty()) {
            make(sent);
        }
        for (OutboxName name : gone) {
            try {
                disk.rename(directory.resolve(name.toString()), sent.resolve(FileSentMail.name(name.message(), host)));
            } catch (NoSuchFileException e) {
                // Another process has.
            }
        }
    }

    @Override
    public Puts puts() throws IOException {
        return rings.puts(key -> head(root.resolve(key)).pair());
    }

    @Override
    public int size() throws IOException {
        int size = 0;
        for (String key : keys()) {
            Path directory = root.resolve(key);
            try {
                size += names(directory, head(directory)).size();
            } catch (NoSuchFileException | DamagedException e) {
                directories.unreadable(directory, e);
            }
        }
        return size;
    }

    @Override
    public List<Backlog> backlog() throws IOException {
        List<Backlog> all = new ArrayList<>();
        for (String key : keys()) {
            Path directory = root.resolve(key);
            try {
                OutboxHead head = head(directory);
                backlog(directory, Optional.of(head.pair()), names(directory, head))
                        .ifPresent(all::add);
            } catch (DamagedException e) {
                backlog(directory, Optional.empty(), all(directory)).ifPresent(all::add);
            } catch (NoSuchFileException e) {
                // Nothing was put there yet.
                directories.unreadable(directory, e);
            }
        }
        return all;
    }

    private Optional<Backlog> backlog(Path directory, Optional<Pair> pair, List<OutboxName> names) throws IOException {
        if (names.isEmpty()) {
            return Optional.empty();
        }
        OutboxName oldest = names.get(0);
        Optional<Instant> since = Optional.empty();
        try {
            since = envelope(directory.resolve(oldest.toString()), oldest).map(Envelope::sentAt);
        } catch (DamagedException e) {
            directories.unreadable(directory, e);
        }
        return Optional.of(new Backlog(pair, names.size(), since));
    }

    @Override
    public Optional<String> team() throws IOException {
        return team.read();
    }

    @Override
    public void keepTeam(String name) throws IOException {
        team.keep(name);
    }
}
