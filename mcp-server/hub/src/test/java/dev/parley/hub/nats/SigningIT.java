package dev.parley.hub.nats;

import static dev.parley.hub.nats.NatsServer.A;
import static dev.parley.hub.nats.NatsServer.LIMIT;
import static dev.parley.hub.nats.NatsServer.TEAM;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.hub.HubAddress;
import dev.parley.hub.Login;
import dev.parley.hub.Membership;
import dev.parley.hub.RoadException;
import dev.parley.hub.RoadException.Kind;
import dev.parley.trace.Trace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.EdECPublicKey;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Logging in with a key: the seed alone, and a credentials file. */
@Tag("hub")
final class SigningIT {

    /** The pair that the NATS documentation shows. */
    private static final String SEED = "SUACSSL3UAHUDXKFSNVUZRF5UHPMWZ6BFDTJ7M6USDXIEDNPPQYYYCU3VY";

    private static final String PUBLIC = "UDXU4RCSJNZOIQHZNWXHXORDPRTGNJAHAHFRGZNEEJCPQTT2M7NLCNF4";

    @TempDir
    Path directory;

    private Path secret(String name, String content) throws Exception {
        Path file = directory.resolve(name);
        Files.writeString(file, content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        return file;
    }

    private static NatsRoad open(NatsServer server, Path credentials, Duration limit) throws RoadException {
        return NatsRoad.open(
                new Membership(
                        new HubAddress(server.url()),
                        TEAM,
                        A,
                        new Login.Credentials(credentials),
                        Optional.empty(),
                        false),
                Map.of(),
                Trace.NONE,
                limit);
    }

    @Test
    void theKeysAreThoseOfTheDocumentation() throws Exception {
        Signing signing = new Signing(secret("seed", SEED + "\n"));
        assertEquals(PUBLIC, new String(signing.getID()));
        assertArrayEquals(null, signing.getJWT());
    }

    @Test
    void whatIsNoCredentialsFileIsRefused() throws Exception {
        for (String content : new String[] {
            "", "nothing", SEED.replace('Y', 'Z'), SEED.replaceFirst("SU", "SA"), SEED.substring(1), SEED + "A"
        }) {
            RoadException told = assertThrows(RoadException.class, () -> new Signing(secret("odd", content)), content);
            assertEquals(Kind.REFUSED_LOGIN, told.kind());
            assertTrue(String.valueOf(told.getMessage()).contains("no credentials file"), told::toString);
        }
    }

    @Test
    void aSeedAloneIsALogin() throws Exception {
        try (NatsServer server = NatsServer.startWith(
                        directory.resolve("hub"),
                        "listen: \"127.0.0.1:PORT\"\njetstream { store_dir: \"DATA\" }\n"
                                + "accounts { X { jetstream: enabled, users: [ { nkey: \"" + PUBLIC + "\" } ] } }\n");
                NatsRoad road = open(server, secret("seed", SEED), LIMIT)) {
            road.restore();
            assertEquals(Optional.empty(), road.ledger().difference());
        }
    }

    @Test
    void aCredentialsFileIsALoginUntilItExpires() throws Exception {
        KeyPair operator = keys();
        KeyPair account = keys();
        String limits = "\"subs\":-1,\"data\":-1,\"payload\":-1";
        String operatorToken = token(operator, 'O', id(operator, 'O'), 0, "\"type\":\"operator\",\"version\":2");
        String accountToken = token(
                operator,
                'O',
                id(account, 'A'),
                0,
                "\"limits\":{" + limits + ",\"imports\":-1,\"exports\":-1,\"wildcards\":true,\"conn\":-1,\"leaf\":-1},"
                        + "\"type\":\"account\",\"version\":2");
        try (NatsServer server = NatsServer.startWith(
                directory.resolve("hub"),
                "listen: \"127.0.0.1:PORT\"\noperator: \"" + operatorToken
                        + "\"\nresolver: MEMORY\nresolver_preload: { " + id(account, 'A') + ": \"" + accountToken
                        + "\" }\n")) {
            String user = limits + ",\"type\":\"user\",\"version\":2";
            NatsRoad road = open(server, secret("good", credentials(token(account, 'A', PUBLIC, 0, user))), LIMIT);
            assertNotNull(road.roundTrip());
            road.close();

            RoadException told = assertThrows(
                    RoadException.class,
                    () -> open(
                            server,
                            secret("expired", credentials(token(account, 'A', PUBLIC, 1_700_000_000, user))),
                            Duration.ofSeconds(1)));
            assertEquals(Kind.REFUSED_LOGIN, told.kind());
            assertTrue(String.valueOf(told.getMessage()).contains("expired (2023-11-14T22:13:20Z)"), told::toString);
        }
    }

    private static String credentials(String token) {
        return "-----BEGIN NATS USER JWT-----\n" + token + "\n------END NATS USER JWT------\n\n"
                + "-----BEGIN USER NKEY SEED-----\n" + SEED + "\n------END USER NKEY SEED------\n";
    }

    private static KeyPair keys() throws Exception {
        return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    }

    private static String id(KeyPair keys, char kind) {
        return Nkeys.publicKey(kind, Signing.bytes((EdECPublicKey) keys.getPublic()));
    }

    private static String token(KeyPair issuer, char kind, String subject, long expires, String claims)
            throws Exception {
        String signed = base64("{\"typ\":\"JWT\",\"alg\":\"ed25519-nkey\"}") + "."
                + base64("{\"jti\":\"ID\",\"iat\":1600000000,\"iss\":\"" + id(issuer, kind)
                        + "\",\"name\":\"x\",\"sub\":\""
                        + subject + "\"," + (expires > 0 ? "\"exp\":" + expires + "," : "") + "\"nats\":{" + claims
                        + "}}");
        Signature signature = Signature.getInstance("Ed25519");
        signature.initSign(issuer.getPrivate());
        signature.update(signed.getBytes(UTF_8));
        return signed + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(signature.sign());
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(UTF_8));
    }
}
