package dev.parley.hooks;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.fixture.Distribution;
import dev.parley.fixture.Shell;
import dev.parley.peer.Peer;
import dev.parley.peer.Project;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code parley spawn} with the real clients: a new session has its name, its purpose and its first message. */
@Tag("clients")
@Tag("tmux")
final class SpawnClientIT {

    private static final String BODY = "look why the build is red";

    @Test
    void aClaudeHasItsMessageInItsFirstTurn(@TempDir Path root) throws Exception {
        String scenario = """
            {"sessions": [{"name": "test", "default": {"text": "pong"}}]}
            """;
        try (HookedClient client = HookedClient.claude(root, scenario).setUp()) {
            assertBegins(client, "claude-code");
        }
    }

    /**
     * Its server takes up what was sent there: a model that does as its prompt says waits for that, where one that answers at once
     * may be done before a server has started on a busy machine.
     */
    @Test
    void aCodexHasItsMessageInItsFirstTurn(@TempDir Path root) throws Exception {
        String scenario = """
            {"fallback": {"text": "pong"}, "rules": [
              {"when": "%s", "text": "pong"},
              {"when": "call read_my_messages", "text": "I look.",
               "function_call": {"namespace": "mcp__parley", "name": "read_my_messages", "arguments": {}}}]}
            """.formatted(BODY);
        try (HookedClient client = HookedClient.codex(root, scenario).setUp()) {
            assertBegins(client, "codex");
        }
    }

    private static void assertBegins(HookedClient client, String program) throws Exception {
        Path task = Files.writeString(client.project.resolveSibling("task.md"), BODY);
        Map<String, String> environment = new TreeMap<>(client.environment);
        environment.put("PARLEY_JAVA", Distribution.java().toString());
        environment.put("XDG_CACHE_HOME", Distribution.cache().toString());
        Shell done = Shell.run(
                Distribution.command(
                        "spawn",
                        "--headless",
                        "--client",
                        program,
                        "--name",
                        "reviewer",
                        "--purpose",
                        "reviews diffs",
                        "--message",
                        "@" + task),
                environment,
                client.project,
                "",
                90);
        done.exited(0).says("spawned reviewer for one turn", "the client ended with 0");

        String seen = client.conversationWith(BODY);
        assertTrue(seen.contains("operator"), seen);
        Peer peer = reviewer(client);
        assertEquals("reviews diffs", peer.purpose().orElse(""));
        assertEquals(peer.id(), peer.ownId().orElseThrow());
        await().atMost(Duration.ofSeconds(30))
                .until(() -> client.office.mailbox(peer.id()).waiting() == 0);
    }

    private static Peer reviewer(HookedClient client) throws IOException {
        List<Peer> found = client
                .office
                .peers()
                .peersOf(Project.of(client.project).key())
                .stream()
                .filter(peer -> peer.name().equals("reviewer"))
                .toList();
        assertEquals(1, found.size(), found::toString);
        return found.get(0);
    }
}
