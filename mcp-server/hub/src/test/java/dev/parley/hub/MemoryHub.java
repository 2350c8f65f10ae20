package dev.parley.hub;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.parley.address.HostName;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * A hub in memory that does what HUB says was seen of the real one, and worse as a test wishes: it loses, repeats and reorders what
 * it has, forgets everything, and is cut off from a machine. The same seed does the same.
 */
final class MemoryHub {

    private static final Duration ACK_WAIT = Duration.ofSeconds(30);

    /** So many may be unacknowledged; behind that nothing new is given. */
    private static final int MOST_GIVEN = 1000;

    private static final Duration DEDUPLICATION = Duration.ofMinutes(2);

    private final InstantSource clock;
    private final Random random;
    private final Map<String, Stored> stream = new LinkedHashMap<>();
    private final Map<String, Road.Entry> bucket = new LinkedHashMap<>();
    private final Set<String> removed = new HashSet<>();
    private volatile Runnable whilePublishing = () -> {};
    private volatile Runnable whileTaking = () -> {};
    private volatile Runnable whileReplacing = () -> {};
    private volatile boolean takesNoKeys;
    private final Map<String, Instant> messageIds = new HashMap<>();
    private final Set<HostName> cut = new HashSet<>();
    private Instant created;
    private long sequence;
    private long revision;
    private boolean isMissing = true;
    private Optional<String> difference = Optional.empty();
    private int badness;
    private int capacity = Integer.MAX_VALUE;

    private static final class Stored {
        final Road.Address address;
        final byte[] content;
        Instant availableAt = Instant.EPOCH;
        boolean isGiven;

        Stored(Road.Address address, byte[] content) {
            this.address = address;
            this.content = content;
        }
    }

    MemoryHub(InstantSource clock, long seed) {
        this.clock = clock;
        this.random = new Random(seed);
        this.created = clock.instant();
    }

    /** Of a hundred calls so many fail, half of them after they have worked; and as much of the mail comes in any order, or twice. */
    synchronized void misbehave(int percent) {
        badness = percent;
    }

    /** Its data are gone. */
    synchronized void wipe() {
        stream.clear();
        bucket.clear();
        removed.clear();
        messageIds.clear();
        sequence = 0;
        revision = 0;
        isMissing = true;
    }

    /** It is put back from an older copy: what it had of late is gone, and it does not know. */
    synchronized void loseTheLatest(int messages) {
        List<String> keys = new ArrayList<>(stream.keySet());
        for (String key : keys.subList(Math.max(0, keys.size() - messages), keys.size())) {
            stream.remove(key);
        }
        sequence = Math.max(0, sequence - messages);
    }

    synchronized void cut(HostName host) {
        cut.add(host);
    }

    synchronized void mend(HostName host) {
        cut.remove(host);
    }

    /** Runs in the middle of whatever is published, of which the hub has nothing yet. */
    void meanwhile(Runnable what) {
        whilePublishing = what;
    }

    /** Runs whenever a message is looked at. */
    void whenLookedAt(Runnable what) {
        whileTaking = what;
    }

    /** Runs in the middle of whatever is told, as receipts are. */
    void whenTold(Runnable what) {
        whileReplacing = what;
    }

    /** No key is written any more, while all else works; or again. */
    void takeNoKeys(boolean isSo) {
        takesNoKeys = isSo;
    }

    synchronized void differ(String what) {
        difference = Optional.of(what);
    }

    synchronized void holdAtMost(int messages) {
        capacity = messages;
    }

    /** How much is there for a machine. */
    synchronized long waitingFor(HostName host) {
        return stream.values().stream()
                .filter(it -> it.address.to().equals(host))
                .count();
    }

    /** The keys of the bucket, and what they hold. */
    synchronized Map<String, String> bucket() {
        Map<String, String> all = new LinkedHashMap<>();
        bucket.forEach((key, entry) -> all.put(key, new String(entry.content(), UTF_8)));
        return all;
    }

    /** The hub as a machine sees it. */
    Road as(HostName host) {
        return new View(host);
    }

    private final class View implements Road {

        private final HostName host;

        View(HostName host) {
            this.host = host;
        }

        /** What fails may have worked. */
        private <T> T call(Work<T> work) throws RoadException {
            synchronized (MemoryHub.this) {
                if (cut.contains(host)) {
                    throw new RoadException(
                            RoadException.Kind.UNREACHABLE, "nobody answers at memory:hub; see whether it runs");
                }
                boolean fails = random.nextInt(100) < badness;
                if (fails && random.nextBoolean()) {
                    throw new RoadException(RoadException.Kind.UNREACHABLE, "no answer in time");
                }
                T result = work.done();
                if (fails) {
                    throw new RoadException(RoadException.Kind.UNREACHABLE, "no answer in time");
                }
                return result;
            }
        }

        private void require() throws RoadException {
            if (isMissing) {
                throw new RoadException(RoadException.Kind.MISSING, "the stream is missing");
            }
        }

        @Override
        public Published publish(Address address, int attempt, byte[] content) throws RoadException {
            whilePublishing.run();
            return call(() -> {
                require();
                requireOwn(address);
                String key = key(address);
                Instant said = messageIds.get(address.id() + "." + attempt);
                if (said != null && said.plus(DEDUPLICATION).isAfter(clock.instant())) {
                    return Published.THERE_ALREADY;
                }
                if (stream.containsKey(key)) {
                    return Published.THERE_ALREADY;
                }
                if (stream.size() >= capacity) {
                    throw new RoadException(RoadException.Kind.FULL, "the hub is full");
                }
                messageIds.put(address.id() + "." + attempt, clock.instant());
                sequence++;
                stream.put(key, new Stored(address, content.clone()));
                return Published.STORED;
            });
        }

        @Override
        public void replace(Address address, byte[] content) throws RoadException {
            whileReplacing.run();
            call(() -> {
                require();
                requireOwn(address);
                sequence++;
                stream.remove(key(address));
                stream.put(key(address), new Stored(address, content.clone()));
                return "";
            });
        }

        private void requireOwn(Address address) throws RoadException {
            if (!address.from().equals(host)) {
                throw new RoadException(
                        RoadException.Kind.NOT_ALLOWED, "only " + address.from() + " sends as " + address.from());
            }
        }

        @Override
        public List<Arrival> fetch(int most, Duration limit) throws RoadException, InterruptedException {
            List<Arrival> there = fetch(most);
            if (there.isEmpty() && !limit.isZero()) {
                // Long enough for whoever asks in turn to do something else meanwhile.
                Thread.sleep(Math.min(limit.toMillis(), 10));
                return fetch(most);
            }
            return there;
        }

        private List<Arrival> fetch(int most) throws RoadException {
            return call(() -> {
                List<Arrival> arrivals = new ArrayList<>();
                if (isMissing) {
                    return arrivals;
                }
                long given = stream.values().stream()
                        .filter(each -> each.isGiven && each.address.to().equals(host))
                        .count();
                for (Stored each : stream.values()) {
                    boolean isDue = !each.availableAt.isAfter(clock.instant()) && (each.isGiven || given < MOST_GIVEN);
                    if (each.address.to().equals(host) && isDue && arrivals.size() < most) {
                        given += each.isGiven ? 0 : 1;
                        each.isGiven = true;
                        each.availableAt = clock.instant().plus(ACK_WAIT);
                        int copies = random.nextInt(100) < badness ? 2 : 1;
                        arrivals.addAll(Collections.nCopies(copies, arrival(each)));
                    }
                }
                if (badness > 0) {
                    Collections.shuffle(arrivals, random);
                }
                return arrivals;
            });
        }

        private Arrival arrival(Stored stored) {
            return new Arrival() {
                @Override
                public Address address() {
                    return stored.address;
                }

                @Override
                public byte[] content() {
                    whileTaking.run();
                    return stored.content.clone();
                }

                @Override
                public void done() throws IOException {
                    call(() -> {
                        Iterator<Stored> all = stream.values().iterator();
                        while (all.hasNext()) {
                            if (all.next() == stored) {
                                all.remove();
                            }
                        }
                        return "";
                    });
                }

                @Override
                public void later(Duration delay) throws IOException {
                    call(() -> {
                        stored.availableAt = clock.instant().plus(delay);
                        return "";
                    });
                }
            };
        }

        @Override
        public Ledger ledger() throws RoadException {
            return call(() -> {
                require();
                return new Ledger(created, sequence, difference);
            });
        }

        @Override
        public void restore() throws RoadException {
            call(() -> {
                if (isMissing) {
                    created = clock.instant();
                    isMissing = false;
                }
                return "";
            });
        }

        @Override
        public List<Entry> entries() throws RoadException {
            return call(() -> {
                require();
                return List.copyOf(bucket.values());
            });
        }

        @Override
        public Set<String> removed() {
            synchronized (MemoryHub.this) {
                return Set.copyOf(removed);
            }
        }

        @Override
        public long put(String key, byte[] content, long expectedRevision) throws RoadException {
            return call(() -> {
                require();
                requireOwn(key);
                requireRevision(key, expectedRevision);
                if (takesNoKeys) {
                    throw new RoadException(RoadException.Kind.FULL, "the hub is full");
                }
                revision++;
                bucket.put(key, new Entry(key, content.clone(), revision, clock.instant()));
                removed.remove(key);
                return revision;
            });
        }

        @Override
        public void remove(String key, long expectedRevision) throws RoadException {
            call(() -> {
                require();
                requireOwn(key);
                requireRevision(key, expectedRevision);
                bucket.remove(key);
                if (key.indexOf('.') < 0) {
                    removed.add(key);
                }
                return "";
            });
        }

        private void requireOwn(String key) throws RoadException {
            if (!key.equals(host.value()) && !key.startsWith(host + ".")) {
                throw new RoadException(RoadException.Kind.NOT_ALLOWED, key + " is another machine's");
            }
        }

        private void requireRevision(String key, long expected) throws RoadException {
            long present = bucket.containsKey(key) ? bucket.get(key).revision() : ABSENT;
            if (present != expected) {
                throw new RoadException(RoadException.Kind.CONFLICT, key + " has another revision");
            }
        }

        @Override
        public Instant now() throws RoadException {
            return call(clock::instant);
        }

        @Override
        public Duration roundTrip() throws RoadException {
            return call(() -> Duration.ofMillis(1));
        }

        @Override
        public boolean isConnected() {
            synchronized (MemoryHub.this) {
                return !cut.contains(host);
            }
        }

        @Override
        public void close() {}
    }

    private interface Work<T> {
        T done() throws RoadException;
    }

    private static String key(Road.Address address) {
        return address.project() + "." + address.to() + "." + address.from() + "." + address.id();
    }
}
