package dev.parley.hub.nats;

import static dev.parley.hub.nats.NatsServer.A;
import static dev.parley.hub.nats.NatsServer.LIMIT;
import static dev.parley.hub.nats.NatsServer.TEAM;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.hub.HubAddress;
import dev.parley.hub.Membership;
import dev.parley.hub.RoadException;
import dev.parley.hub.RoadException.Kind;
import dev.parley.hub.nats.ServerConfiguration.Certificate;
import dev.parley.trace.Trace;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Nothing is sent to a hub that has not proven who it is. */
@Tag("hub")
final class TlsIT {

    private static final char[] PASSWORD = "changeit".toCharArray();
    private static final Duration SHORT = Duration.ofMillis(1500);

    @TempDir
    static Path directory;

    @SuppressWarnings("NullAway.Init") // set before each test
    private static NatsServer server;

    @SuppressWarnings("NullAway.Init") // set before each test
    private static Path authority;

    /** A certificate that names localhost, and not the number of its address. */
    @BeforeAll
    static void start() throws Exception {
        Path store = directory.resolve("store.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "hub",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=hub",
                        "-ext",
                        "SAN=dns:localhost",
                        "-validity",
                        "2",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        new String(PASSWORD))
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("keytool").toFile())
                .start();
        assertEquals(0, keytool.waitFor(), () -> "keytool");
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD);
        }
        authority = directory.resolve("hub.pem");
        Path key = directory.resolve("key.pem");
        Files.writeString(
                authority, pem("CERTIFICATE", keys.getCertificate("hub").getEncoded()));
        Files.writeString(key, pem("PRIVATE KEY", keys.getKey("hub", PASSWORD).getEncoded()));
        server = NatsServer.start(
                directory.resolve("hub"), Optional.of(new Certificate(authority.toString(), key.toString())), "", "");
    }

    private static String pem(String kind, byte[] content) {
        return "-----BEGIN " + kind + "-----\n"
                + Base64.getMimeEncoder(64, "\n".getBytes(US_ASCII)).encodeToString(content) + "\n-----END " + kind
                + "-----\n";
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    private static Membership membership(String url, Optional<Path> trusted, boolean insecure) {
        return new Membership(
                HubAddress.parse(url), TEAM, A, server.membership(A).login(), trusted, insecure);
    }

    private static NatsRoad open(Membership membership) throws RoadException {
        return NatsRoad.open(membership, Map.of(), Trace.NONE, LIMIT);
    }

    private static void assertRefused(String part, Executable call) {
        RoadException told = assertThrows(RoadException.class, call);
        assertEquals(Kind.UNREACHABLE, told.kind(), told::toString);
        assertTrue(String.valueOf(told.getMessage()).contains(part), told::toString);
    }

    private static String at(String scheme, String host) {
        return server.url().replace("nats://127.0.0.1", scheme + "://" + host);
    }

    @Test
    void aHubIsUsedWhoseCertificateNamesItAndIsTrusted() throws Exception {
        try (NatsRoad road = open(membership(at("tls", "localhost"), Optional.of(authority), false))) {
            road.restore();
            assertEquals(Optional.empty(), road.ledger().difference());
        }
    }

    @Test
    void aCertificateOfSomebodyElseIsRefused() {
        assertRefused("--ca", () -> open(membership(at("tls", "127.0.0.1"), Optional.of(authority), false)));
    }

    @Test
    void aCertificateThatNobodyTrustedHasSignedIsRefused() {
        assertRefused("--ca", () -> open(membership(at("tls", "localhost"), Optional.empty(), false)));
    }

    @Test
    void aFileWithoutCertificatesIsRefused() throws Exception {
        Path none = Files.writeString(directory.resolve("none.pem"), "nothing");
        assertRefused("PEM", () -> open(membership(at("tls", "localhost"), Optional.of(none), false)));
        assertRefused(
                "PEM",
                () -> open(membership(at("tls", "localhost"), Optional.of(directory.resolve("absent.pem")), false)));
    }

    @Test
    void aHubThatDemandsTlsIsNotSpokenToWithoutIt() {
        assertRefused(
                "join it as tls://", () -> open(membership(at("nats", "localhost"), Optional.of(authority), false)));
    }

    /** The password would be read by whoever listens. */
    @Test
    void aHubWithoutTlsIsNotSpokenToWhereItsAddressDemandsIt(@TempDir Path other) throws Exception {
        try (NatsServer plain = NatsServer.start(other.resolve("hub"))) {
            Membership demanding = new Membership(
                    new HubAddress(plain.url().replace("nats:", "tls:")),
                    TEAM,
                    A,
                    plain.membership(A).login(),
                    Optional.empty(),
                    false);
            assertRefused("has no TLS", () -> NatsRoad.open(demanding, Map.of(), Trace.NONE, SHORT));
        }
    }
}
