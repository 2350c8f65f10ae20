package dev.parley.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.fixture.Agent;
import dev.parley.fixture.Peers;
import dev.parley.fixture.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes in is checked at the edge: a clear error, and nothing is written anywhere. */
class BadInputStdioIT {

    private static final int MOST = 8192;

    private static Path root;
    private static Peers peers;
    private static Agent alice;
    private static Agent bob;

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        root = directory;
        peers = new Peers(directory);
        List<Agent> agents = peers.joinAll("alice", "bob");
        alice = agents.get(0);
        bob = agents.get(1);
    }

    @AfterAll
    static void stop() throws Exception {
        peers.close();
        peers.assertSound();
    }

    static Stream<String> idsThatAreNone() {
        return Stream.of(
                "",
                ".",
                "..",
                "../../etc",
                "a/b",
                "/tmp/x",
                "a\\b",
                ".hidden",
                "-rf",
                "a b",
                "a\u0000b",
                "a\nb",
                "a\u001b[2J",
                "ünicode",
                "x".repeat(129),
                "x".repeat(300));
    }

    /** Every name below the temporary directory, but those of the messages that came meanwhile. */
    /** All files, but for the note that the index is complete: any look makes it once the store has been at rest for a while. */
    private static Set<String> names() throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            return all.filter(path -> !path.getFileName().toString().startsWith("stamp-"))
                    .map(Path::toString)
                    .collect(Collectors.toSet());
        }
    }

    @ParameterizedTest
    @MethodSource("idsThatAreNone")
    void aClaimOfAnIdThatIsNone(String id) throws Exception {
        Set<String> before = names();
        Result result = alice.call("claim_session", "session_id", id).failed("invalid-arguments");
        assertTrue(result.text("/message").contains("session_id"), result::toString);
        assertEquals(before, names());
        assertEquals("alice-session", alice.call("get_my_session").ok().text("/entry/client_session_id"));
    }

    @Test
    void anIdOfTheGreatestLength() throws Exception {
        try (Agent agent = peers.agent().start()) {
            String id = "x".repeat(128);
            assertEquals(id, agent.call("claim_session", "session_id", id).ok().text("/session_id"));
            assertEquals(
                    id,
                    alice.call("send_message", "target", id, "body", "hello")
                            .ok()
                            .text("/target_session_id"));
            assertEquals("hello", agent.awaitMail().text("/messages/0/body"));
        }
    }

    @ParameterizedTest
    @MethodSource("idsThatAreNone")
    void aTargetThatIsNone(String target) throws Exception {
        Set<String> before = names();
        Result result = alice.call("send_message", "target", target, "body", "hello");
        boolean tooLongOrEmpty = target.isEmpty() || target.length() > 128;
        result.failed(tooLongOrEmpty ? "invalid-arguments" : "target-not-found");
        assertFalse(result.json().toString().contains("\\u001b"), "shown raw: " + result);
        assertEquals(before, names());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"m-", "m-../../../../etc/pwd", "m-0123456789ABCDEF", "q-0123456789abcdef", "m-0123456789abcdef,r"
            })
    void aMessageIdThatIsNone(String id) throws Exception {
        alice.call("message_status", "message_id", id).failed("invalid-arguments");
        alice.call("reply_to_message", "message_id", id, "body", "hello").failed("invalid-arguments");
        alice.call("send_message", "target", "bob", "body", "hello", "source_message_id", id)
                .failed("invalid-arguments");
        alice.call("send_message", "target", "bob", "body", "hello", "reply_to", id)
                .failed(id.startsWith("q-") ? "none" : "invalid-arguments");
    }

    static Stream<String> bodiesThatFit() {
        return Stream.of(
                "x",
                "x".repeat(MOST),
                "€".repeat(MOST / 3),
                "😀".repeat(MOST / 4),
                " \n\t\r\n ",
                "\u0000\u0001\u001b[31m\u007f\u0085\u2028\ufeff\ufffe",
                "{\"jsonrpc\":\"2.0\"}\n\\u0000 \" \\ %s $(rm -rf /) `id`");
    }

    @ParameterizedTest
    @MethodSource("bodiesThatFit")
    void aBodyArrivesAsItWasSent(String body) throws Exception {
        bob.call("read_my_messages").ok();
        alice.call("send_message", "target", "bob", "body", body).ok();
        Result read = bob.awaitMail();
        assertEquals(body, read.text("/messages/0/body"));
        assertEquals(
                body.getBytes(java.nio.charset.StandardCharsets.UTF_8).length,
                read.at("/messages/0/body_bytes").asInt());
    }

    static Stream<String> bodiesThatDoNotFit() {
        return Stream.of(
                "",
                "x".repeat(MOST + 1),
                "€".repeat(MOST / 3) + "xxx",
                "😀".repeat(MOST / 4) + "x",
                "x".repeat(200_000));
    }

    @ParameterizedTest
    @MethodSource("bodiesThatDoNotFit")
    void aBodyThatDoesNotFitIsRefusedWithItsSize(String body) throws Exception {
        Set<String> before = names();
        for (String tool : List.of("send_message", "ask_peer")) {
            Result result = alice.call(tool, "target", "bob", "body", body).failed("invalid-arguments");
            String message = result.text("/message");
            assertTrue(message.contains("body") && message.contains("8192"), message);
            int size = body.getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
            assertTrue(message.contains(Integer.toString(size)), message);
        }
        assertEquals(before, names());
    }

    @Test
    void aBodyOfHalfACharacterIsRefused() throws Exception {
        alice.call("send_message", "target", "bob", "body", "half: \ud83d").failed("invalid-arguments");
    }

    @Test
    void everyViolationIsNamed() throws Exception {
        Result result = alice.call("send_message", "target", "", "body", "", "wake", "auto")
                .failed("invalid-arguments");
        String message = result.json().toString();
        assertTrue(message.contains("target") && message.contains("body"), message);
        alice.call("send_message", "target", "bob", "body", "x", "wake", "loudly")
                .failed("invalid-arguments");
        alice.call("send_message", "target", "bob").failed("invalid-arguments");
        alice.call("send_message", "target", 7, "body", List.of("x")).failed("invalid-arguments");
    }

    @Test
    void numbersOutOfBounds() throws Exception {
        for (int limit : new int[] {0, -1, 201}) {
            alice.call("read_my_messages", "limit", limit).failed("invalid-arguments");
        }
        for (int millis : new int[] {0, -5, 600_001}) {
            alice.call("ask_peer", "target", "bob", "body", "x", "timeout_ms", millis)
                    .failed("invalid-arguments");
        }
    }

    @Test
    void namesAndPurposes() throws Exception {
        for (String name : List.of("x", "Bob", "-bob", "bob-", "b b", "b/b", "b".repeat(41), "bøb", "b\nb")) {
            alice.call("set_my_state", "name", name).failed("invalid-arguments");
        }
        alice.call("set_my_state", "purpose", "p".repeat(201)).failed("invalid-arguments");
        alice.call("set_my_state", "purpose", "p".repeat(200)).ok();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/does/not/exist", "relative/none", "/etc/passwd", "a\u0000b"})
    void aProjectRootThatIsNone(String directory) throws Exception {
        alice.call("list_project_sessions", "project_root", directory).failed("invalid-arguments");
    }
}
