package dev.parley.tools;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.clients.PrivateTmux;
import dev.parley.fixture.Agent;
import dev.parley.fixture.Distribution;
import dev.parley.fixture.Peers;
import dev.parley.fixture.Result;
import dev.parley.fixture.Shell;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A session that runs in tmux is called by the name of its tmux session. */
@Tag("tmux")
class TmuxAddressStdioIT {

    private static final String FIRST = "7b1f0c4e-52a1-4c3e-9a55-0123456789ab";
    private static final String SECOND = "8c1f0c4e-52a1-4c3e-9a55-0123456789ab";

    private final PrivateTmux tmux = new PrivateTmux();
    private Path root;
    private Peers peers;
    private Agent alice;

    @BeforeEach
    void start(@TempDir Path directory) throws Exception {
        root = directory;
        peers = new Peers(directory);
        alice = peers.join("alice");
    }

    @AfterEach
    void stop() throws Exception {
        tmux.close();
        peers.close();
    }

    /** A client as its server sees it: the pane's shell is its parent, and has shaken hands. */
    private void openClient(String session) throws Exception {
        Path hello = Files.writeString(root.resolve("hello"), """
                {"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},\
                "clientInfo":{"name":"claude-code","version":"1"}}}
                {"jsonrpc":"2.0","method":"notifications/initialized"}
                """);
        Map<String, String> environment = new TreeMap<>(Shell.environment(peers.home()));
        environment.put("CLAUDE_CODE_SESSION_ID", session);
        String serve = "(cat " + hello + "; sleep 300) | " + String.join(" ", Distribution.command()) + " > "
                + root.resolve("out-" + session) + "; :";
        tmux.open(80, 20, peers.project(), environment, List.of("sh", "-c", serve));
        await().atMost(Duration.ofSeconds(30)).until(() -> !entry(session).isMissingNode());
    }

    private JsonNode entry(String session) throws Exception {
        return alice.call("list_project_sessions")
                .ok()
                .at("/sessions")
                .valueStream()
                .filter(each -> each.path("client_session_id").asString().equals(session))
                .findFirst()
                .orElse(alice.call("list_project_sessions").at("/none"));
    }

    @Test
    void aTmuxSessionIsAnAddressUntilItHoldsTwo() throws Exception {
        openClient(FIRST);
        tmux.run("rename-session", "left pane");
        assertEquals("left pane", entry(FIRST).path("tmux_session").asString());
        assertTrue(entry("alice-session").path("tmux_session").isNull(), "alice is in no tmux");

        Result sent = alice.call("send_message", "target", "left pane", "body", "hello")
                .ok();
        assertEquals(FIRST, sent.text("/target_session_id"));
        Shell.parley(peers, "send", "left pane", "from the shell").exited(0);

        openClient(SECOND);
        Result refused = alice.call("send_message", "target", "left pane", "body", "hello")
                .failed("ambiguous-target");
        assertEquals(
                List.of(FIRST, SECOND),
                refused.at("/candidates")
                        .valueStream()
                        .map(each -> each.path("client_session_id").asString())
                        .sorted()
                        .toList());

        tmux.run("rename-session", "moved");
        alice.call("send_message", "target", "left pane", "body", "hello").failed("target-not-found");
        assertEquals("moved", entry(SECOND).path("tmux_session").asString(), "looked up anew");
    }
}
