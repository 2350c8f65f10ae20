package dev.parley.hooks;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.SessionId;
import dev.parley.clients.TmuxPane;
import dev.parley.fixture.Distribution;
import dev.parley.fixture.Shell;
import dev.parley.mailbox.Envelope;
import dev.parley.peer.Peer;
import dev.parley.peer.Presence.Life;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code parley resume --headless} with the real clients: refused while the owner lives, and under the same id once it is gone. */
@Tag("clients")
@Tag("tmux")
final class ResumeClientIT {

    @Test
    void aGoneClaudeGoesOnUnderTheSameId(@TempDir Path root) throws Exception {
        String scenario = """
            {"sessions": [{"name": "test", "default": {"text": "pong"}}]}
            """;
        try (HookedClient client = HookedClient.claude(root, scenario).setUp()) {
            TmuxPane pane = client.open(HookedClient.CLAUDE_READY);
            SessionId id = client.session();
            client.greeted(pane);
            Path transcript = transcript(client, id);
            assertGoesOn(client, pane, id, transcript, "claude");
            assertEquals("default", bound(client, id).permissionMode().orElse(""));
        }
    }

    @Test
    void aGoneCodexGoesOnUnderTheSameId(@TempDir Path root) throws Exception {
        try (HookedClient client =
                HookedClient.codex(root, "{\"fallback\": {\"text\": \"pong\"}}").setUp()) {
            TmuxPane pane = client.open(HookedClient.CODEX_READY);
            SessionId id = client.greeted(pane);
            Path transcript = transcript(client, id);
            assertGoesOn(client, pane, id, transcript, "codex");
            String written = Files.readString(transcript);
            String last = written.substring(written.lastIndexOf("\"turn_context\""));
            assertTrue(last.contains("\"sandbox_policy\":{\"type\":\"read-only\""), last);
        }
    }

    private static dev.parley.peer.Binding bound(HookedClient client, SessionId id) throws IOException {
        return client.office.peers().binding(client.office.peers().find(id).orElseThrow());
    }

    private static Path transcript(HookedClient client, SessionId id) throws IOException {
        return Path.of(bound(client, id).transcript().orElseThrow());
    }

    private static void assertGoesOn(HookedClient client, TmuxPane pane, SessionId id, Path transcript, String program)
            throws Exception {
        Envelope sent = client.send(id, "the build is red");
        await().atMost(Duration.ofSeconds(30)).until(() -> isQuiet(transcript));
        byte[] before = Files.readAllBytes(transcript);

        resume(client, "resume", "--headless", id.value()).exited(3).says("held_elsewhere");
        assertArrayEquals(before, Files.readAllBytes(transcript), "nothing was written while its owner lives");

        kill(pane);
        await().atMost(Duration.ofSeconds(15)).until(() -> {
            Peer peer = client.office.peers().find(id).orElseThrow();
            return client.office.peers().presence(peer).life() == Life.GONE;
        });
        resume(client, "resume", "--dry-run", id.value()).exited(0).says("verdict: free", program);
        Shell resumed = resume(client, "resume", "--headless", id.value());
        resumed.exited(0).says("ended with 0");

        client.conversationWith(sent.id().value());
        client.awaitShown(sent);
        String now = Files.readString(transcript);
        assertTrue(now.length() > before.length, "it went on in the same transcript");
        assertTrue(now.contains("the build is red"), "with the mail that waited");
    }

    private static boolean isQuiet(Path file) throws InterruptedException {
        try {
            long size = Files.size(file);
            Thread.sleep(1500);
            return Files.size(file) == size;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Shell resume(HookedClient client, String... arguments) throws Exception {
        Map<String, String> environment = new TreeMap<>(client.environment);
        environment.put("PARLEY_JAVA", Distribution.java().toString());
        environment.put("XDG_CACHE_HOME", Distribution.cache().toString());
        return Shell.run(Distribution.command(arguments), environment, client.project, "", 90);
    }

    private static void kill(TmuxPane pane) {
        pane.command("set-option", "-p", "remain-on-exit", "on");
        ProcessHandle client = ProcessHandle.of(pane.process()).orElseThrow();
        Stream<ProcessHandle> children = client.children()
                .filter(child -> !child.info().command().orElse("").endsWith("java"));
        Stream.concat(children, Stream.of(client)).forEach(ProcessHandle::destroyForcibly);
    }
}
