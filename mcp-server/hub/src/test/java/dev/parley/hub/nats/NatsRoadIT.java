package dev.parley.hub.nats;

import static dev.parley.hub.nats.NatsServer.A;
import static dev.parley.hub.nats.NatsServer.B;
import static dev.parley.hub.nats.NatsServer.C;
import static dev.parley.hub.nats.NatsServer.LIMIT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.HostName;
import dev.parley.hub.Road;
import dev.parley.hub.Road.Address;
import dev.parley.hub.Road.Arrival;
import dev.parley.hub.Road.Entry;
import dev.parley.hub.Road.Published;
import dev.parley.hub.RoadException;
import dev.parley.hub.RoadException.Kind;
import dev.parley.trace.Trace;
import io.nats.client.Connection;
import io.nats.client.ErrorListener;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** What a road promises, over a real hub. */
@Tag("hub")
final class NatsRoadIT {

    private static final String PROJECT = "0123456789abcdef0123";

    @TempDir
    static Path directory;

    @SuppressWarnings("NullAway.Init") // set before each test
    private static NatsServer server;

    private static int tests;

    @SuppressWarnings("NullAway.Init") // set before each test
    private NatsRoad a;

    @SuppressWarnings("NullAway.Init") // set before each test
    private NatsRoad b;

    @BeforeAll
    static void startServer() throws Exception {
        server = NatsServer.start(directory.resolve("hub"));
    }

    @AfterAll
    static void stopServer() throws Exception {
        server.close();
    }

    @BeforeEach
    void open() throws Exception {
        tests++;
        a = server.restored(A);
        b = server.restored(B);
    }

    /** Nothing of a test is there for the next. */
    @AfterEach
    void close() throws Exception {
        for (Arrival arrival : fetchAll(b)) {
            arrival.done();
        }
        for (Arrival arrival : fetchAll(a)) {
            arrival.done();
        }
        a.close();
        b.close();
    }

    private static List<Arrival> fetchAll(Road road) throws Exception {
        try {
            return road.fetch(1000, Duration.ZERO);
        } catch (RoadException e) {
            return List.of();
        }
    }

    private static Address to(HostName to, HostName from, String id) {
        return new Address(PROJECT, to, from, "t" + tests + "-" + id);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static Arrival one(Road road) throws Exception {
        List<Arrival> arrived = road.fetch(10, LIMIT);
        assertEquals(1, arrived.size());
        return arrived.get(0);
    }

    private static Kind kind(Executable call) {
        return assertThrows(RoadException.class, call).kind();
    }

    @Test
    void mailArrivesAsItWasSentAndIsGoneWhenItIsDone() throws Exception {
        byte[] content = {0, 1, (byte) 0xff, '\n', 0};
        assertEquals(Published.STORED, a.publish(to(B, A, "m"), 1, content));

        Arrival arrival = one(b);
        assertEquals(to(B, A, "m"), arrival.address());
        assertArrayEquals(content, arrival.content());
        arrival.done();

        assertEquals(List.of(), b.fetch(10, Duration.ofMillis(50)));
        assertEquals(Published.STORED, a.publish(to(B, A, "m"), 2, content), "a work queue takes it again");
    }

    @Test
    void mailThatIsThereIsNotStoredTwice() throws Exception {
        a.publish(to(B, A, "m"), 1, bytes("first"));

        assertEquals(Published.THERE_ALREADY, a.publish(to(B, A, "m"), 2, bytes("second")));
        assertEquals(Published.THERE_ALREADY, a.publish(to(B, A, "m"), 1, bytes("first")));

        assertEquals("first", new String(one(b).content(), UTF_8));
    }

    /** Another process begins to count its tries anew, and the hub remembers message ids for two minutes. */
    @Test
    void theFirstTryOfAnotherProcessIsStored() throws Exception {
        a.publish(to(B, A, "m"), 1, bytes("x"));
        one(b).done();
        Awaitility.await().atMost(LIMIT).until(() -> b.fetch(1, Duration.ZERO).isEmpty());

        try (NatsRoad again = server.road(A)) {
            assertEquals(Published.STORED, again.publish(to(B, A, "m"), 1, bytes("x")));
        }
        one(b);
    }

    @Test
    void whatIsToComeLaterComesAgain() throws Exception {
        a.publish(to(B, A, "m"), 1, bytes("x"));
        one(b).later(Duration.ofMillis(300));
        assertEquals(List.of(), b.fetch(10, Duration.ZERO));

        Arrival again = one(b);
        assertEquals(to(B, A, "m"), again.address());
    }

    @Test
    void aSnapshotReplacesTheOneBefore() throws Exception {
        a.replace(to(B, A, "s"), bytes("1"));
        a.replace(to(B, A, "s"), bytes("2"));

        assertEquals("2", new String(one(b).content(), UTF_8));
    }

    @Test
    void noMoreIsFetchedThanIsWanted() throws Exception {
        for (int i = 0; i < 25; i++) {
            a.publish(to(B, A, "m" + i), 1, bytes("x"));
        }
        assertEquals(10, b.fetch(10, LIMIT).size());
        assertEquals(15, b.fetch(100, LIMIT).size(), "and what is left without waiting for more");
    }

    @Test
    void whoWaitsForMailHasItWhenItComes() throws Exception {
        Thread sender = new Thread(() -> {
            try {
                a.publish(to(B, A, "m"), 1, bytes("x"));
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        sender.setDaemon(true);
        assertEquals(List.of(), b.fetch(5, Duration.ofMillis(20)), "the limit is kept when nothing comes");
        sender.start();
        assertEquals(1, b.fetch(5, LIMIT).size());
        sender.join();
    }

    @Test
    void eachHostGetsItsOwnMailOnly() throws Exception {
        a.publish(to(B, A, "b"), 1, bytes("for b"));
        a.publish(to(C, A, "c"), 1, bytes("for c"));
        b.publish(to(A, B, "a"), 1, bytes("for a"));

        assertEquals("for b", new String(one(b).content(), UTF_8));
        assertEquals("for a", new String(one(a).content(), UTF_8));
        try (NatsRoad c = server.restored(C)) {
            Arrival arrival = one(c);
            assertEquals("for c", new String(arrival.content(), UTF_8));
            assertEquals(A, arrival.address().from());
            arrival.done();
        }
    }

    @Test
    void whatIsTooLargeIsRefusedAndTheRestFlows() throws Exception {
        RoadException refused =
                assertThrows(RoadException.class, () -> a.publish(to(B, A, "large"), 1, new byte[1 << 20]));
        assertEquals(Kind.TOO_LARGE, refused.kind());
        assertTrue(String.valueOf(refused.getMessage()).contains("max_payload"), refused::toString);
        assertEquals(Kind.TOO_LARGE, kind(() -> a.publish(to(B, A, "long"), 1, new byte[530_000])));
        a.publish(to(B, A, "fits"), 1, new byte[500_000]);
        assertEquals(500_000, one(b).content().length);
    }

    /** Whoever fetches has a small heap, and a member of the team may send it the longest messages there are. */
    @Test
    void longMessagesComeAFewAtATime() throws Exception {
        for (int i = 0; i < 10; i++) {
            a.publish(to(B, A, "m" + i), 1, new byte[500_000]);
        }
        int got = 0;
        while (got < 10) {
            List<Arrival> arrived = b.fetch(100, LIMIT);
            assertTrue(!arrived.isEmpty() && arrived.size() <= 4, () -> arrived.size() + " at once");
            got += arrived.size();
            for (Arrival arrival : arrived) {
                arrival.done();
            }
        }
        assertEquals(10, got);
    }

    @Test
    void whatIsNoCardIsLeftOutAndTheRestIsRead() throws Exception {
        Connection bare = server.connection(A, new ErrorListener() {});
        for (String key : List.of("laptop.x%", "laptop.*", "laptop.long")) {
            assertNotNull(bare.request("$KV.PARLEY_blue." + key, new byte[5000], LIMIT), key);
        }
        List<Long> revisions = new ArrayList<>();
        for (String key : List.of("laptop.one", "laptop.two", "laptop.three")) {
            revisions.add(a.put(key, bytes(key), Road.ABSENT));
        }
        assertEquals(
                List.of("laptop.one", "laptop.three", "laptop.two"),
                b.entries().stream().map(Entry::key).sorted().toList());

        Wire wire = Connecting.connect(server.membership(B), Map.of(), LIMIT);
        Names names = new Names(NatsServer.TEAM);
        Bucket small = new Bucket(wire, names, new Streams(wire, names, B), 2, 100);
        long lease = a.put("laptop", bytes("lease"), Road.ABSENT);
        List<String> some = small.entries().stream().map(Entry::key).toList();
        assertEquals(3, some.size(), some::toString);
        assertTrue(some.contains("laptop"), "that a machine is there is no card, and there is room for it");
        a.remove("laptop", lease);
        Bucket fair = new Bucket(wire, names, new Streams(wire, names, B), 100, 2);
        long last = b.put("build-server.one", bytes("x"), Road.ABSENT);
        a.remove("laptop.two", revisions.get(1));
        revisions.set(1, a.put("laptop.two", bytes("again"), Road.ABSENT));
        List<String> both = fair.entries().stream().map(Entry::key).toList();
        assertEquals(3, both.size(), both::toString);
        assertTrue(both.contains("build-server.one"), both::toString);
        b.remove("build-server.one", last);
        wire.close();
        a.remove("laptop.one", revisions.get(0));
        a.remove("laptop.two", revisions.get(1));
        a.remove("laptop.three", revisions.get(2));
    }

    @Test
    void anAddressThatIsNoSubjectIsNotSent() {
        for (Address odd : List.of(
                new Address(PROJECT, B, A, "a.b"),
                new Address(PROJECT, B, A, "*"),
                new Address(PROJECT, B, A, ""),
                new Address("*", B, A, "m"),
                new Address("0123 56789abcdef0123", B, A, "m"))) {
            assertThrows(IllegalArgumentException.class, () -> a.publish(odd, 1, bytes("x")));
        }
    }

    @Test
    void keysAreWrittenReadAndRemovedByTheirRevision() throws Exception {
        Instant before = a.now();
        long first = a.put("laptop.card", bytes("1"), Road.ABSENT);
        assertEquals(Kind.CONFLICT, kind(() -> a.put("laptop.card", bytes("x"), Road.ABSENT)));
        long second = a.put("laptop.card", bytes("2"), first);
        assertEquals(Kind.CONFLICT, kind(() -> a.put("laptop.card", bytes("x"), first)));
        assertEquals(Kind.CONFLICT, kind(() -> a.remove("laptop.card", first)));

        Entry entry = entry(b, "laptop.card").orElseThrow();
        assertEquals("2", new String(entry.content(), UTF_8));
        assertEquals(second, entry.revision());
        assertFalse(entry.stamp().isBefore(before.minusSeconds(1)), () -> entry.stamp() + ", " + before);
        assertFalse(
                entry.stamp().isAfter(b.now().plusSeconds(1)),
                () -> entry.stamp().toString());

        a.remove("laptop.card", second);
        assertEquals(Optional.empty(), entry(b, "laptop.card"));
        long third = a.put("laptop.card", bytes("3"), Road.ABSENT);
        assertEquals(third, entry(b, "laptop.card").orElseThrow().revision());
        a.remove("laptop.card", third);
    }

    private static Optional<Entry> entry(Road road, String key) throws IOException {
        List<Entry> all = road.entries();
        assertTrue(all.stream().noneMatch(entry -> entry.key().endsWith(".clock")), all::toString);
        return all.stream().filter(entry -> entry.key().equals(key)).findFirst();
    }

    @Test
    void aHostsOwnNameIsAKeyToo() throws Exception {
        long revision = a.put("laptop", bytes("lease"), Road.ABSENT);
        assertEquals(revision, entry(b, "laptop").orElseThrow().revision());
        a.remove("laptop", revision);
    }

    @Test
    void whatIsNoKeyIsNotWritten() {
        for (String odd :
                List.of("", ".", "laptop.", "laptop..x", "laptop.*", "laptop.>", "laptop x", "a".repeat(301))) {
            assertThrows(IllegalArgumentException.class, () -> a.put(odd, bytes("x"), Road.ABSENT));
        }
        assertEquals(Kind.TOO_LARGE, kind(() -> a.put("laptop.large", new byte[4097], Road.ABSENT)));
    }

    @Test
    void theLedgerCountsAndFindsNothingWrong() throws Exception {
        Road.Ledger before = b.ledger();
        a.publish(to(B, A, "m"), 1, bytes("x"));
        Road.Ledger after = b.ledger();

        assertEquals(before.created(), after.created());
        assertEquals(before.lastSequence() + 1, after.lastSequence());
        assertEquals(Optional.empty(), after.difference());
    }

    @Test
    void whoeverRestoresWhatIsThereChangesNothing() throws Exception {
        a.publish(to(B, A, "m"), 1, bytes("x"));
        Road.Ledger before = a.ledger();

        b.restore();
        a.restore();

        assertEquals(before, a.ledger());
        one(b);
    }

    @Test
    void permissionsAreTriedWithoutSendingOrTaking() throws Exception {
        b.publish(to(A, B, "waits"), 1, bytes("x"));
        long before = a.ledger().lastSequence();
        a.checkPermissions();
        assertEquals(before, a.ledger().lastSequence());
        assertEquals(to(A, B, "waits"), one(a).address());
    }

    @Test
    void theHubIsAsFarAwayAsAQuestion() throws Exception {
        assertTrue(a.roundTrip().compareTo(LIMIT) < 0);
        assertTrue(a.isConnected());
    }

    /** Everything that a hub can lose, and that it comes back. */
    @Test
    void aLossIsSeenAndMadeGood(@TempDir Path other) throws Exception {
        try (NatsServer lost = NatsServer.start(other.resolve("hub"));
                NatsRoad sender = lost.restored(A);
                NatsRoad receiver = lost.restored(B)) {
            sender.publish(to(B, A, "m"), 1, bytes("x"));
            long revision = sender.put("laptop", bytes("x"), Road.ABSENT);
            assertEquals(1, receiver.entries().size());
            Road.Ledger before = receiver.ledger();

            lost.kill();
            Awaitility.await().atMost(LIMIT).until(() -> !sender.isConnected() && !receiver.isConnected());
            assertEquals(Kind.UNREACHABLE, kind(() -> sender.publish(to(B, A, "gone"), 1, bytes("x"))));
            assertEquals(Kind.UNREACHABLE, kind(() -> receiver.fetch(1, LIMIT)));
            assertEquals(Kind.UNREACHABLE, kind(sender::roundTrip));

            // What is kept is kept, and both are connected again by themselves.
            lost.start();
            Awaitility.await().atMost(LIMIT).until(() -> sender.isConnected() && receiver.isConnected());
            assertEquals(before, receiver.ledger());
            Arrival kept = one(receiver);
            assertEquals(to(B, A, "m"), kept.address(), "and what failed was not sent behind its back");

            lost.kill();
            lost.wipe();
            lost.start();
            Awaitility.await().atMost(LIMIT).until(() -> sender.isConnected() && receiver.isConnected());
            assertEquals(Kind.MISSING, kind(receiver::ledger));
            assertEquals(Kind.MISSING, kind(() -> sender.publish(to(B, A, "m"), 2, bytes("x"))));
            assertNothingIsGiven(receiver);
            assertEquals(Kind.MISSING, kind(receiver::entries));
            receiver.restore();
            sender.restore();
            Road.Ledger after = receiver.ledger();
            assertNotEquals(before.created(), after.created());
            assertEquals(0, after.lastSequence());
            assertEquals(List.of(), receiver.entries(), "what was known is not believed any more");
            sender.put("laptop", bytes("x"), Road.ABSENT);
            assertEquals(1, receiver.entries().size());
            assertEquals(Published.STORED, sender.publish(to(B, A, "m"), 3, bytes("x")));
            assertEquals(1, receiver.fetch(10, LIMIT).size());
            assertEquals(1, revision);
        }
    }

    /** A nats-server before 2.10 does not tell of a loss here, and later ones do. */
    private static void assertNothingIsGiven(NatsRoad receiver) throws Exception {
        try {
            assertEquals(List.of(), receiver.fetch(1, Duration.ZERO));
        } catch (RoadException e) {
            assertEquals(Kind.MISSING, e.kind());
        }
    }

    @Test
    void aHubThatHangsHoldsNobodyUpForLong(@TempDir Path other) throws Exception {
        Duration limit = Duration.ofSeconds(1);
        try (NatsServer hanging = NatsServer.start(other.resolve("hub"));
                NatsRoad road = NatsRoad.open(hanging.membership(A), Map.of(), Trace.NONE, limit)) {
            hanging.signal("STOP");
            try {
                assertEquals(Kind.UNREACHABLE, kind(() -> road.publish(to(B, A, "m"), 1, bytes("x"))));
                assertEquals(Kind.UNREACHABLE, kind(road::ledger));
                assertEquals(List.of(), road.fetch(1, Duration.ZERO));
            } finally {
                hanging.signal("CONT");
            }
        }
    }

    /** Senders and receivers at once: nothing is lost, doubled or mixed up by the road itself. */
    @Test
    void manyThreadsShareOneRoad() throws Exception {
        int each = 40;
        List<Thread> senders = IntStream.range(0, 4)
                .mapToObj(sender -> new Thread(() -> {
                    for (int i = 0; i < each; i++) {
                        try {
                            assertEquals(
                                    Published.STORED,
                                    a.publish(to(B, A, "m" + sender + "-" + i), 1, bytes(sender + " " + i)));
                        } catch (IOException e) {
                            throw new IllegalStateException(e);
                        }
                    }
                }))
                .toList();
        senders.forEach(Thread::start);
        Set<String> got = new HashSet<>();
        long end = System.nanoTime() + LIMIT.toNanos();
        while (got.size() < 4 * each && System.nanoTime() < end) {
            for (Arrival arrival : b.fetch(16, Duration.ofMillis(500))) {
                assertTrue(got.add(new String(arrival.content(), UTF_8)));
                arrival.done();
            }
        }
        for (Thread sender : senders) {
            sender.join();
        }
        assertEquals(4 * each, got.size());
    }
}
