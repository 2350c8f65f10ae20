package dev.parley.hub.nats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.parley.hub.HubAddress;
import dev.parley.hub.Login;
import dev.parley.hub.Membership;
import dev.parley.hub.RoadException;
import dev.parley.trace.Trace;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of a hub that takes a connection and says nothing, as one that is stopped or busy does. */
final class SilentHubTest {

    @Test
    void whatSaysNothingDoesNotAnswerInTime(@TempDir Path directory) throws Exception {
        Path password = Files.writeString(directory.resolve("password"), "secret\n");
        Files.setPosixFilePermissions(password, PosixFilePermissions.fromString("rw-------"));
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String address = "nats://127.0.0.1:" + silent.getLocalPort();
            Membership membership = new Membership(
                    new HubAddress(address),
                    NatsServer.TEAM,
                    NatsServer.A,
                    new Login.PasswordFile("laptop", password),
                    Optional.empty(),
                    false);
            RoadException told = assertThrows(
                    RoadException.class, () -> NatsRoad.open(membership, Map.of(), Trace.NONE, Duration.ofMillis(50)));
            assertEquals(
                    "the hub " + address
                            + " does not answer in time; check the address, and that nats-server runs there",
                    told.getMessage());
        }
    }
}
