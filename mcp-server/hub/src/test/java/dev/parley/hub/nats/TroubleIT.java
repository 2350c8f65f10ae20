package dev.parley.hub.nats;

import static dev.parley.hub.nats.NatsServer.A;
import static dev.parley.hub.nats.NatsServer.B;
import static dev.parley.hub.nats.NatsServer.LIMIT;
import static dev.parley.hub.nats.NatsServer.TEAM;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.hub.HubAddress;
import dev.parley.hub.Login;
import dev.parley.hub.Membership;
import dev.parley.hub.Road.Address;
import dev.parley.hub.Road.Arrival;
import dev.parley.hub.Road.Published;
import dev.parley.hub.RoadException;
import dev.parley.hub.RoadException.Kind;
import dev.parley.trace.Trace;
import io.nats.client.Connection;
import io.nats.client.ErrorListener;
import io.nats.client.api.StreamConfiguration;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is wrong with a hub has a message that says so. */
@Tag("hub")
final class TroubleIT {

    private static final String PROJECT = "0123456789abcdef0123";
    private static final Duration SHORT = Duration.ofSeconds(1);

    @TempDir
    Path directory;

    private static void assertTold(Kind kind, String part, Executable call) {
        RoadException told = assertThrows(RoadException.class, call);
        assertEquals(kind, told.kind(), told::toString);
        assertTrue(String.valueOf(told.getMessage()).contains(part), told::toString);
    }

    private static NatsRoad open(Membership membership) throws RoadException {
        return open(membership, LIMIT);
    }

    private static NatsRoad open(Membership membership, Duration limit) throws RoadException {
        return NatsRoad.open(membership, Map.of(), Trace.NONE, limit);
    }

    private static Membership with(Membership membership, String url, Login login, boolean insecure) {
        return new Membership(new HubAddress(url), TEAM, membership.host(), login, membership.authority(), insecure);
    }

    private Path secret(String name, String content) throws Exception {
        Path file = directory.resolve(name);
        Files.writeString(file, content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        return file;
    }

    @Test
    void nobodyIsThere() {
        Membership nowhere = new Membership(
                new HubAddress("nats://127.0.0.1:1"), TEAM, A, new Login.Nobody(), Optional.empty(), false);
        assertTold(Kind.UNREACHABLE, "Connection refused", () -> open(nowhere));
    }

    @Test
    void aLoginIsRefused() throws Exception {
        try (NatsServer server = NatsServer.start(directory.resolve("hub"))) {
            Membership good = server.membership(A);
            Path wrong = secret("wrong", "wrong\n");
            assertTold(
                    Kind.REFUSED_LOGIN,
                    "check the user and the password",
                    () -> open(with(good, server.url(), new Login.PasswordFile("laptop", wrong), false), SHORT));
            assertTold(
                    Kind.REFUSED_LOGIN,
                    "check the user and the password",
                    () -> open(with(good, server.url(), new Login.Nobody(), false), SHORT));
            assertTold(
                    Kind.REFUSED_LOGIN,
                    "which is not set here",
                    () -> open(with(good, server.url(), new Login.PasswordVariable("laptop", "HUB"), false)));
            NatsRoad.open(
                            with(good, server.url(), new Login.PasswordVariable("laptop", "HUB"), false),
                            Map.of("HUB", NatsServer.password(A)),
                            Trace.NONE,
                            LIMIT)
                    .close();
            assertTold(
                    Kind.REFUSED_LOGIN,
                    "cannot be read",
                    () -> open(with(
                            good, server.url(), new Login.PasswordFile("laptop", directory.resolve("none")), false)));
            Files.setPosixFilePermissions(wrong, PosixFilePermissions.fromString("rw-r-----"));
            assertTold(
                    Kind.REFUSED_LOGIN,
                    "chmod 600",
                    () -> open(with(good, server.url(), new Login.PasswordFile("laptop", wrong), false)));
            Path empty = secret("empty", "\n");
            assertTold(
                    Kind.REFUSED_LOGIN,
                    "no first line",
                    () -> open(with(good, server.url(), new Login.PasswordFile("laptop", empty), false)));
        }
    }

    /** It was let in, is not any more, and then is again. */
    @Test
    void aLoginIsRefusedLater() throws Exception {
        try (NatsServer server = NatsServer.start(directory.resolve("hub"));
                NatsRoad road = open(server.membership(A), SHORT)) {
            road.restore();
            server.kill();
            server.reconfigure("\"of-laptop\"", "\"changed\"");
            server.start();
            Awaitility.await().atMost(LIMIT).until(() -> kind(road::ledger) == Kind.REFUSED_LOGIN);
            assertTold(Kind.REFUSED_LOGIN, "check the user and the password", road::ledger);
            // Longer than it takes the client library to give up.
            Awaitility.await()
                    .during(SHORT.multipliedBy(3))
                    .atMost(LIMIT)
                    .until(() -> kind(road::ledger) == Kind.REFUSED_LOGIN);

            Files.writeString(server.passwordFile(A), "changed\n");
            Awaitility.await()
                    .atMost(LIMIT)
                    .ignoreExceptions()
                    .until(() -> road.ledger().difference().isEmpty());
            assertEquals(Published.STORED, road.publish(new Address(PROJECT, A, A, "m-1"), 1, "x".getBytes(UTF_8)));
            assertEquals(1, road.fetch(1, LIMIT).size());
        }
    }

    private static Kind kind(Executable call) {
        return assertThrows(RoadException.class, call).kind();
    }

    @Test
    void thereIsNoJetStream() throws Exception {
        String account = "accounts { X { users: [ { user: laptop, password: \"of-laptop\" } ] } }\n";
        try (NatsServer without =
                        NatsServer.startWith(directory.resolve("without"), "listen: \"127.0.0.1:PORT\"\n" + account);
                NatsRoad road = without.road(A)) {
            assertTold(Kind.NO_JETSTREAM, "parley hub config", road::ledger);
            assertTold(Kind.NO_JETSTREAM, "parley hub config", road::restore);
        }
        try (NatsServer forOthers = NatsServer.startWith(
                        directory.resolve("others"),
                        "listen: \"127.0.0.1:PORT\"\njetstream { store_dir: \"DATA\" }\n" + account);
                NatsRoad road = forOthers.road(A)) {
            assertTold(Kind.NO_JETSTREAM, "10039", road::ledger);
            assertTold(Kind.NO_JETSTREAM, "10039", road::restore);
        }
    }

    @Test
    void theAccountIsFull() throws Exception {
        try (NatsServer server = NatsServer.start(
                        directory.resolve("hub"), "jetstream: enabled", "jetstream: { max_file: 60000 }");
                NatsRoad a = server.restored(A)) {
            assertTold(Kind.FULL, "is full", () -> {
                for (int i = 0; i < 100; i++) {
                    a.publish(new Address(PROJECT, B, A, "m-" + i), 1, new byte[5000]);
                }
            });
        }
    }

    /** Receipts and states take the places of older ones: they have to get through where mail does not. */
    @Test
    void theStreamIsFull() throws Exception {
        try (NatsServer server = NatsServer.start(directory.resolve("hub"));
                NatsRoad a = server.road(A);
                NatsRoad b = server.road(B)) {
            Connection maker = server.connection(A, new ErrorListener() {});
            assertNotNull(maker.request(
                    "$JS.API.STREAM.CREATE.PARLEY_blue",
                    StreamConfiguration.builder(Layout.mail(new Names(TEAM)))
                            .maxMessages(2)
                            .build()
                            .toJson()
                            .getBytes(UTF_8),
                    LIMIT));
            a.restore();
            b.restore();
            assertEquals(
                    Optional.empty(), a.ledger().difference(), "how much there is room for is nobody else's business");
            a.replace(new Address(PROJECT, B, A, "s-1"), "old".getBytes(UTF_8));
            a.publish(new Address(PROJECT, B, A, "m-1"), 1, "x".getBytes(UTF_8));

            assertTold(
                    Kind.FULL, "is full", () -> a.publish(new Address(PROJECT, B, A, "m-2"), 1, "x".getBytes(UTF_8)));
            a.replace(new Address(PROJECT, B, A, "s-1"), "new".getBytes(UTF_8));

            List<String> arrived = new ArrayList<>();
            for (Arrival arrival : b.fetch(10, LIMIT)) {
                arrived.add(new String(arrival.content(), UTF_8));
                arrival.done();
            }
            assertEquals(List.of("x", "new"), arrived);
        }
    }

    @Test
    void aPermissionIsMissing() throws Exception {
        // The user of the host may no longer do one thing each.
        try (NatsServer server =
                        NatsServer.start(directory.resolve("send"), "\"parley.blue.*.*.laptop.*\"", "\"nothing\"");
                NatsRoad a = server.restored(A)) {
            assertTold(
                    Kind.NOT_ALLOWED,
                    "parley.blue." + PROJECT + ".build-server.laptop.m-1",
                    () -> a.publish(new Address(PROJECT, B, A, "m-1"), 1, "x".getBytes(UTF_8)));
            assertTold(Kind.NOT_ALLOWED, "laptop.laptop.probe", a::checkPermissions);
        }
        try (NatsServer server = NatsServer.start(
                        directory.resolve("make"), "\"$JS.API.STREAM.CREATE.PARLEY_blue\"", "\"nothing\"");
                NatsRoad a = server.road(A)) {
            assertTold(Kind.MISSING, "may not make it", a::restore);
        }
        try (NatsServer server = NatsServer.start(
                        directory.resolve("look"), "\"$JS.API.STREAM.INFO.KV_PARLEY_blue\"", "\"nothing\"");
                NatsRoad a = server.road(A)) {
            assertTold(Kind.NOT_ALLOWED, "$JS.API.STREAM.INFO.KV_PARLEY_blue", a::restore);
        }
        try (NatsServer server = NatsServer.start(
                        directory.resolve("pull"), "\"$JS.API.CONSUMER.MSG.NEXT.PARLEY_blue.laptop\"", "\"nothing\"");
                NatsRoad a = server.restored(A)) {
            assertTold(Kind.NOT_ALLOWED, "$JS.API.CONSUMER.MSG.NEXT.PARLEY_blue.laptop", () -> {
                a.fetch(1, Duration.ZERO);
                a.fetch(1, Duration.ZERO);
            });
            assertTold(Kind.NOT_ALLOWED, "$JS.API.CONSUMER.MSG.NEXT.PARLEY_blue.laptop", a::checkPermissions);
        }
        try (NatsServer server = NatsServer.start(directory.resolve("hear"), "\"_INBOX_laptop.>\"", "\"nothing\"");
                NatsRoad a = NatsRoad.open(server.membership(A), Map.of(), Trace.NONE, SHORT)) {
            assertTold(Kind.NOT_ALLOWED, "_INBOX_laptop", a::ledger);
        }
    }

    @Test
    void mailGoesOnWhenWhatWasMissingIsThere() throws Exception {
        try (NatsServer server = NatsServer.start(directory.resolve("hub"));
                NatsRoad a = server.road(A)) {
            assertTold(Kind.MISSING, "10059", a::ledger);
            a.restore();
            assertEquals(Published.STORED, a.publish(new Address(PROJECT, B, A, "m-1"), 1, "x".getBytes(UTF_8)));
        }
    }
}
