package dev.parley.hooks;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.clients.PrivateTmux;
import dev.parley.clients.TmuxPane;
import dev.parley.fixture.Distribution;
import dev.parley.fixture.Shell;
import dev.parley.peer.Peer;
import dev.parley.peer.Project;
import dev.parley.process.ProcessIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

    /** A window has the environment of tmux, as the user's own has. */
    @Test
    void aClaudeInAWindowOfTmuxHasItsMessageInItsFirstTurn(@TempDir Path root) throws Exception {
        String scenario = """
            {"sessions": [{"name": "test", "default": {"text": "pong"}}]}
            """;
        try (HookedClient client = HookedClient.claude(root, scenario).setUp();
                PrivateTmux tmux = new PrivateTmux()) {
            Map<String, String> environment = environment(client);
            TmuxPane pane = tmux.open(120, 40, client.project, environment, List.of("bash", "--norc", "--noprofile"));
            environment.forEach((name, value) -> tmux.run("set-environment", "-g", name, value));
            environment.put("TMUX", pane.ask("#{socket_path},#{pid},0"));

            spawn(client, environment, "claude-code").says("spawned reviewer in the tmux window ", ", with m-");

            assertBegun(client);
            // Its server writes that to the card; the hook that handed the mail over may be the first.
            ProcessIdentity process = await().atMost(Duration.ofSeconds(30))
                    .until(() -> reviewer(client).process(), Optional::isPresent)
                    .orElseThrow();
            String window = tmux.run("list-panes", "-a", "-F", "#{pane_pid}");
            assertTrue(window.lines().anyMatch(Long.toString(process.pid())::equals), window);
            assertTrue(ProcessHandle.of(process.pid()).isPresent(), "it goes on after its turn");
        }
    }

    private static void assertBegins(HookedClient client, String program) throws Exception {
        spawn(client, environment(client), program, "--headless")
                .says("spawned reviewer for one turn", "the client ended with 0");
        assertBegun(client);
    }

    private static Map<String, String> environment(HookedClient client) {
        Map<String, String> environment = new TreeMap<>(client.environment);
        environment.put("PARLEY_JAVA", Distribution.java().toString());
        environment.put("XDG_CACHE_HOME", Distribution.cache().toString());
        return environment;
    }

    private static Shell spawn(HookedClient client, Map<String, String> environment, String program, String... manner)
            throws Exception {
        Path task = Files.writeString(client.project.resolveSibling("task.md"), BODY);
        List<String> words = new ArrayList<>(List.of("spawn", "--client", program));
        words.addAll(List.of("--name", "reviewer", "--purpose", "reviews diffs", "--message", "@" + task));
        words.addAll(List.of(manner));
        return Shell.run(Distribution.command(words.toArray(String[]::new)), environment, client.project, "", 90)
                .exited(0);
    }

    private static void assertBegun(HookedClient client) throws Exception {
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
