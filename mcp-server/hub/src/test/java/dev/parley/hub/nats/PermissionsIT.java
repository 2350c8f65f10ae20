package dev.parley.hub.nats;

import static dev.parley.hub.nats.NatsServer.A;
import static dev.parley.hub.nats.NatsServer.B;
import static dev.parley.hub.nats.NatsServer.C;
import static dev.parley.hub.nats.NatsServer.LIMIT;
import static dev.parley.hub.nats.NatsServer.TEAM;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.hub.Road;
import dev.parley.hub.Road.Address;
import dev.parley.hub.Road.Arrival;
import dev.parley.hub.Road.Entry;
import io.nats.client.Connection;
import io.nats.client.ErrorListener;
import io.nats.client.Message;
import io.nats.client.Subscription;
import io.nats.client.api.Republish;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.impl.Headers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a host of the configuration that is printed can do to another: nothing. {@code B} tries, with its own user and password. */
@Tag("hub")
final class PermissionsIT {

    private static final String PROJECT = "0123456789abcdef0123";
    private static final String STREAM = "PARLEY_blue";
    private static final Duration LOOK = Duration.ofMillis(5);
    private static final Names NAMES = new Names(TEAM);

    @TempDir
    static Path directory;

    @SuppressWarnings("NullAway.Init") // set before each test
    private static NatsServer server;

    @SuppressWarnings("NullAway.Init") // set before each test
    private static NatsRoad a;

    @SuppressWarnings("NullAway.Init") // set before each test
    private static Connection b;

    private static final Queue<String> REFUSED = new ConcurrentLinkedQueue<>();

    @BeforeAll
    static void start() throws Exception {
        server = NatsServer.start(directory.resolve("hub"));
        a = server.restored(A);
        server.restored(B).close();
        b = server.connection(B, listener(REFUSED));
    }

    private static ErrorListener listener(Queue<String> refused) {
        return new ErrorListener() {
            @Override
            public void errorOccurred(Connection from, String error) {
                refused.add(error);
            }
        };
    }

    @AfterAll
    static void stop() throws Exception {
        a.close();
        server.close();
    }

    private static void assertMayNotPublish(String subject, String body) {
        REFUSED.clear();
        b.publish(subject, body.getBytes(UTF_8));
        Awaitility.await("to be refused: " + subject)
                .pollInterval(LOOK)
                .atMost(LIMIT)
                .until(() -> REFUSED.stream()
                        .anyMatch(error -> error.contains("Publish") && error.contains("\"" + subject + "\"")));
    }

    private static void assertMayNotSubscribe(String subject) {
        REFUSED.clear();
        b.subscribe(subject);
        Awaitility.await("to be refused: " + subject)
                .pollInterval(LOOK)
                .atMost(LIMIT)
                .until(() -> REFUSED.stream()
                        .anyMatch(error -> error.contains("Subscription") && error.contains("\"" + subject + "\"")));
    }

    private static String answer(String subject, Headers headers, String body) throws Exception {
        Message answer = b.request(subject, headers, body.getBytes(UTF_8), LIMIT);
        assertNotNull(answer, subject);
        return new String(answer.getData(), UTF_8);
    }

    /**
     * What would be allowed if a line had a wildcard in place of one of its words, or at its end, is not. Other lines may allow it:
     * then that is what they are for.
     */
    @Test
    void eachLineIsAsNarrowAsItReads() {
        List<String> lines = NAMES.mayPublish(B);
        Set<String> forbidden = new TreeSet<>();
        for (String line : lines) {
            String[] words = line.replace(">", "any").replace("*", "any").split("\\.", -1);
            String[] patterns = line.split("\\.", -1);
            for (int i = 0; i < words.length; i++) {
                for (String other : List.of("laptop", "OTHER", "build-server-2")) {
                    if (patterns[i].equals(words[i])) {
                        String[] wider = words.clone();
                        wider[i] = other;
                        forbidden.add(String.join(".", wider));
                    }
                }
            }
            forbidden.add(String.join(".", words) + ".more");
            forbidden.add(String.join(".", List.of(words).subList(0, words.length - 1)));
        }
        forbidden.removeIf(subject -> lines.stream().anyMatch(line -> covers(line, subject)));
        assertTrue(forbidden.size() > 100, forbidden::toString);
        REFUSED.clear();
        forbidden.forEach(subject -> b.publish(subject, new byte[0]));
        Awaitility.await("all to be refused")
                .pollInterval(LOOK)
                .atMost(LIMIT)
                .untilAsserted(() -> assertEquals(
                        Set.of(),
                        forbidden.stream()
                                .filter(subject -> REFUSED.stream()
                                        .noneMatch(error ->
                                                error.contains("Publish") && error.contains("\"" + subject + "\"")))
                                .collect(Collectors.toSet())));
    }

    /** Whether a subject is one of a pattern's. */
    private static boolean covers(String pattern, String subject) {
        String expression = pattern.replace(".", "\\.")
                .replace("$", "\\$")
                .replace("*", "[^.]+")
                .replace(">", ".+");
        return subject.matches(expression);
    }

    /** What it is given it can delay once and acknowledge; it cannot go on answering. */
    @Test
    void whatWasGivenIsAnsweredTwiceAtTheMost() throws Exception {
        a.publish(new Address(PROJECT, B, A, "answered"), 1, "x".getBytes(UTF_8));
        Subscription answers = b.subscribe(Names.answersTo(B) + ".given");
        b.publish(
                "$JS.API.CONSUMER.MSG.NEXT." + STREAM + ".build-server",
                Names.answersTo(B) + ".given",
                "1".getBytes(UTF_8));
        Message given = answers.nextMessage(LIMIT);
        assertNotNull(given);
        REFUSED.clear();
        b.publish(given.getReplyTo(), "+WPI".getBytes(UTF_8));
        b.publish(given.getReplyTo(), "+ACK".getBytes(UTF_8));
        b.flush(LIMIT);
        assertEquals(List.of(), List.copyOf(REFUSED));
        assertMayNotPublish(given.getReplyTo(), "+ACK");
    }

    @Test
    void nobodySendsAsAnother() {
        assertMayNotPublish("parley.blue." + PROJECT + ".third.laptop.m-1", "forged");
        assertMayNotPublish("parley.blue." + PROJECT + ".build-server.laptop.m-1", "forged");
        assertMayNotPublish("parley.blue." + PROJECT + ".laptop.build-server.m-1.more", "forged");
        assertMayNotPublish("parley.red." + PROJECT + ".laptop.build-server.m-1", "forged");
    }

    @Test
    void nobodyReadsWhatIsForAnother() throws Exception {
        assertMayNotSubscribe("parley.blue.*.laptop.*.*");
        assertMayNotSubscribe("parley.>");
        assertMayNotSubscribe("_INBOX_laptop.>");
        assertMayNotSubscribe("_INBOX.>");
        assertMayNotSubscribe("$KV.>");
        assertMayNotSubscribe(">");
        assertMayNotSubscribe("_INBOX_*.>");
        assertMayNotSubscribe("_INBOX_build-server-2.>");
        assertMayNotSubscribe("$JS.>");
        assertMayNotSubscribe("parley.blue.*.build-server.*.*");
        assertMayNotPublish("$JS.API.CONSUMER.MSG.NEXT." + STREAM + ".laptop", "");
        assertMayNotPublish("$JS.API.CONSUMER.INFO." + STREAM + ".laptop", "");
        assertMayNotPublish("$JS.API.CONSUMER.DELETE." + STREAM + ".laptop", "");
        assertMayNotPublish("$JS.API.CONSUMER.CREATE." + STREAM + ".build-server.parley.blue.*.laptop.*.*", "{}");
        assertMayNotPublish("$JS.API.CONSUMER.CREATE." + STREAM + ".laptop.parley.blue.*.laptop.*.*", "{}");
        assertMayNotPublish("$JS.API.CONSUMER.DURABLE.CREATE." + STREAM + ".build-server", "{}");
        assertMayNotPublish("$JS.API.CONSUMER.CREATE." + STREAM, "{}");
        assertMayNotPublish("$JS.API.CONSUMER.CREATE.KV_" + STREAM, "{}");
        assertMayNotPublish("$JS.API.STREAM.MSG.GET." + STREAM, "{\"seq\":1}");
        assertMayNotPublish("$JS.API.DIRECT.GET." + STREAM, "{\"seq\":1}");
        assertMayNotPublish("$JS.API.CONSUMER.NAMES." + STREAM, "");
        assertMayNotPublish("$JS.API.CONSUMER.LIST." + STREAM, "");
        assertTrue(
                answer(
                                "$JS.API.CONSUMER.CREATE." + STREAM + ".build-server." + NAMES.inboxOf(B),
                                null,
                                "{\"stream_name\":\"" + STREAM + "\",\"config\":{\"durable_name\":\"build-server\","
                                        + "\"name\":\"build-server\",\"filter_subject\":\"" + NAMES.inboxOf(A)
                                        + "\",\"ack_policy\":\"explicit\"}}")
                        .contains("10131"),
                "the filter of the body is another than that of the subject");
    }

    @Test
    void nobodyAcknowledgesForAnother() throws Exception {
        a.publish(new Address(PROJECT, A, A, "kept"), 1, "x".getBytes(UTF_8));
        long sequence = a.ledger().lastSequence();
        for (String consumer : List.of("laptop", "build-server")) {
            assertMayNotPublish("$JS.ACK." + STREAM + "." + consumer + ".1." + sequence + ".1.0.0", "+ACK");
        }
        List<Arrival> arrived = a.fetch(10, LIMIT);
        assertEquals(
                List.of("kept"), arrived.stream().map(got -> got.address().id()).toList());
        arrived.get(0).done();
    }

    @Test
    void nobodyChangesOrRemovesWhatTheTeamShares() throws Exception {
        for (String stream : List.of(STREAM, "KV_" + STREAM)) {
            for (String verb : List.of("UPDATE", "DELETE", "PURGE", "MSG.DELETE", "SNAPSHOT", "RESTORE")) {
                assertMayNotPublish("$JS.API.STREAM." + verb + "." + stream, "{}");
            }
        }
        assertMayNotPublish("$JS.API.STREAM.CREATE.MINE", "{}");
        assertMayNotPublish("$JS.API.STREAM.NAMES", "");
        assertMayNotPublish("$JS.API.STREAM.LIST", "");
        StreamConfiguration other = StreamConfiguration.builder(Layout.mail(NAMES))
                .republish(Republish.builder()
                        .source(">")
                        .destination("_INBOX_build-server.>")
                        .build())
                .build();
        assertTrue(
                answer("$JS.API.STREAM.CREATE." + STREAM, null, other.toJson()).contains("10058"));
    }

    @Test
    void nobodyWritesAnothersKey() throws Exception {
        long revision = a.put("laptop.card", "x".getBytes(UTF_8), Road.ABSENT);
        assertMayNotPublish("$KV." + STREAM + ".laptop.card", "forged");
        assertMayNotPublish("$KV." + STREAM + ".laptop", "forged");
        assertTrue(
                answer("$KV." + STREAM + ".build-server.x", new Headers().put("Nats-Rollup", "all"), "x")
                        .contains("rollup not permitted"),
                "that would purge everybody's keys");
        assertEquals(
                List.of(revision),
                a.entries().stream()
                        .filter(entry -> entry.key().startsWith("laptop"))
                        .map(Entry::revision)
                        .toList());
    }

    /** A host that has no consumer yet may make one that delivers by itself, to a subject of its choice. */
    @Test
    void aConsumerThatDeliversElsewhereReachesNobody(@TempDir Path other) throws Exception {
        try (NatsServer fresh = NatsServer.start(other.resolve("hub"));
                NatsRoad laptop = fresh.restored(A);
                NatsRoad third = fresh.road(C)) {
            Connection rogue = fresh.connection(B, listener(new ConcurrentLinkedQueue<>()));
            laptop.put("laptop.card", "true".getBytes(UTF_8), Road.ABSENT);
            String create = "$JS.API.CONSUMER.CREATE." + STREAM + ".build-server." + NAMES.inboxOf(B);
            Message circle =
                    rogue.request(create, delivering("parley.blue." + PROJECT + ".laptop.build-server.m-9"), LIMIT);
            assertTrue(new String(circle.getData(), UTF_8).contains("10081"), "mail would go in a circle");
            assertNotNull(rogue.request(create, delivering("$KV." + STREAM + ".laptop.card"), LIMIT));
            Message again = b.request(create, delivering("$KV." + STREAM + ".laptop.card"), LIMIT);
            assertTrue(new String(again.getData(), UTF_8).contains("10012"), "the host's own is there");
            Message sent = rogue.request(
                    "parley.blue." + PROJECT + ".build-server.build-server.m", "forged".getBytes(UTF_8), LIMIT);
            assertNotNull(sent);
            // What is written now comes behind what would have been delivered before it.
            laptop.put("laptop.after", "x".getBytes(UTF_8), Road.ABSENT);
            assertEquals(
                    List.of("true"),
                    third.entries().stream()
                            .filter(entry -> entry.key().equals("laptop.card"))
                            .map(entry -> new String(entry.content(), UTF_8))
                            .toList());
        }
    }

    private static byte[] delivering(String target) {
        return ("{\"stream_name\":\"" + STREAM + "\",\"config\":{\"durable_name\":\"build-server\","
                        + "\"name\":\"build-server\",\"filter_subject\":\"" + NAMES.inboxOf(B)
                        + "\",\"ack_policy\":\"none\",\"deliver_subject\":\"" + target + "\"}}")
                .getBytes(UTF_8);
    }

    /** Whoever is the first after a loss may make the stream so that it copies everybody's mail to him. It is seen. */
    @Test
    void aStreamThatIsMadeOtherwiseIsSeen(@TempDir Path other) throws Exception {
        try (NatsServer fresh = NatsServer.start(other.resolve("hub"));
                NatsRoad laptop = fresh.road(A)) {
            Connection rogue = fresh.connection(B, listener(new ConcurrentLinkedQueue<>()));
            StreamConfiguration copying = StreamConfiguration.builder(Layout.mail(NAMES))
                    .republish(Republish.builder()
                            .source(">")
                            .destination("_INBOX_build-server.>")
                            .build())
                    .build();
            assertNotNull(rogue.request(
                    "$JS.API.STREAM.CREATE." + STREAM, copying.toJson().getBytes(UTF_8), LIMIT));
            laptop.restore();
            String difference = laptop.ledger().difference().orElseThrow();
            assertTrue(difference.contains("republish"), difference);
        }
    }

    /** Subjects with odd tokens that B may publish, since the hub takes a wildcard for a letter: they stop nothing. */
    @Test
    void aSubjectWithOddTokensStopsNothing() throws Exception {
        for (String odd : List.of("*", "m%", "m\u00fc")) {
            b.publish("parley.blue." + PROJECT + ".laptop.build-server." + odd, "x".getBytes(UTF_8));
        }
        b.publish("parley.blue.*.laptop.build-server.m-2", "x".getBytes(UTF_8));
        Message good = b.request("parley.blue." + PROJECT + ".laptop.build-server.m-3", "good".getBytes(UTF_8), LIMIT);
        assertNotNull(good);
        List<Arrival> arrived = a.fetch(100, LIMIT);
        assertEquals(
                List.of("odd-subject", "odd-subject", "odd-subject", "odd-subject", "m-3"),
                arrived.stream().map(got -> got.address().id()).toList());
        for (Arrival each : arrived) {
            assertEquals(B, each.address().from());
            each.done();
        }
        assertEquals(List.of(), a.fetch(100, Duration.ofMillis(50)));
    }
}
