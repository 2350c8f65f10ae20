package dev.parley.hooks;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.SessionId;
import dev.parley.clients.TmuxPane;
import dev.parley.fixture.Agent;
import dev.parley.fixture.Distribution;
import dev.parley.mailbox.Envelope;
import dev.parley.peer.Presence.Activity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Who a real session is to its peers, whatever its client does with ids and servers. */
@Tag("clients")
@Tag("tmux")
final class IdentityClientIT {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String[] CODEX_FREE = {"-s", "danger-full-access", "-a", "never"};
    private static final String CODEX = "{\"fallback\": {\"text\": \"pong\"}}";

    private static List<JsonNode> others(Agent helper) throws Exception {
        return helper.call("list_project_sessions")
                .ok()
                .at("/sessions")
                .valueStream()
                .filter(session -> !session.has("self"))
                .toList();
    }

    private static JsonNode onlyOther(Agent helper) {
        return await().atMost(LIMIT)
                .until(() -> others(helper), sessions -> sessions.size() == 1)
                .get(0);
    }

    /** How many threads a Codex has made in this home. */
    private static long threads(HookedClient client) throws IOException {
        try (Stream<Path> locks = Files.list(client.project.resolveSibling("home/.codex/thread-writer-locks"))) {
            return locks.filter(lock -> lock.getFileName().toString().matches("[0-9a-f-]+\\.lock"))
                    .count();
        }
    }

    /** Its server is there before its first prompt, its thread is known with that, and no tool is ever called. */
    @Test
    void codexIsOnePeerFromTheStart(@TempDir Path root) throws Exception {
        try (HookedClient client = HookedClient.codex(root, CODEX).setUp();
                Agent helper = client.peer("helper")) {
            TmuxPane pane = client.open(HookedClient.CODEX_READY, CODEX_FREE);
            String name = onlyOther(helper).path("name").asString();
            helper.call("send_message", "target", name, "body", "you are early.")
                    .ok();

            pane.submit("hello");

            String first = client.conversationWith("hello");
            assertTrue(first.contains("you are early."), first);
            SessionId id = client.session();
            client.awaitActivity(id, Activity.IDLE);
            JsonNode one = onlyOther(helper);
            assertEquals(id.value(), one.path("client_session_id").asString());
            assertEquals(name, one.path("name").asString());
        }
    }

    @Test
    void codexKeepsItsAddressOverAClear(@TempDir Path root) throws Exception {
        try (HookedClient client = HookedClient.codex(root, CODEX).setUp();
                Agent helper = client.peer("helper")) {
            TmuxPane pane = client.open(HookedClient.CODEX_READY, CODEX_FREE);
            // A server that is later than the whole first turn is found with the next prompt only.
            onlyOther(helper);
            pane.submit("hello");
            SessionId before = client.session();
            client.conversationWith("hello");
            // While it is at work it takes no command.
            pane.awaitText("Worked for");
            client.awaitActivity(before, Activity.IDLE);
            String name = onlyOther(helper).path("name").asString();
            pane.submit("/clear");
            pane.awaitNoText("pong");
            // It is cleared once there is another thread.
            await().atMost(LIMIT).until(() -> threads(client) == 2);
            helper.call("send_message", "target", before.value(), "body", "sent meanwhile.")
                    .ok();

            pane.submit("here again");

            String seen = client.conversationWith("here again");
            assertTrue(seen.contains("sent meanwhile."), seen);
            assertFalse(seen.contains("hello"), "it is a new conversation");
            JsonNode one = onlyOther(helper);
            assertEquals(name, one.path("name").asString());
            helper.call("send_message", "target", before.value(), "body", "to the old id.")
                    .ok();
            // Its queue wakes it, so the mail may come in a turn of its own, before or after what is typed.
            pane.submit("and again");
            assertFalse(client.conversationWith("to the old id.").contains("hello"));
        }
    }

    /** Set up for the user, and once more for the project under another name. */
    @Test
    void claudeWithTwoServersIsOnePeer(@TempDir Path root) throws Exception {
        String scenario = """
            {"sessions": [{"name": "test", "default": {"text": "pong"}, "rules": [
              {"when": "please name", "times": 1, "tool_use": [
                 {"name": "mcp__parley__set_my_state", "input": {"name": "phoenix"}},
                 {"name": "mcp__again__get_my_session", "input": {}}]}]}]}
            """;
        try (HookedClient client = HookedClient.claude(root, scenario).setUp();
                Agent helper = client.peer("helper")) {
            Files.writeString(client.project.resolve(".mcp.json"), """
                {"mcpServers": {"again": {"command": "%s", "args": ["serve"], "alwaysLoad": true}}}
                """.formatted(Distribution.launcher()));
            TmuxPane pane = client.open(HookedClient.CLAUDE_READY, "--allowedTools", "mcp__again");
            SessionId id = client.session();
            await().atMost(LIMIT)
                    .until(() -> client.office
                            .peers()
                            .find(id)
                            .filter(peer -> peer.servers().size() == 2)
                            .isPresent());
            pane.submit("please name");
            client.conversationWith("\"winning\":\"claude_client_file\"");
            client.awaitActivity(id, Activity.IDLE);

            JsonNode one = onlyOther(helper);
            assertEquals(id.value(), one.path("client_session_id").asString());
            assertEquals("phoenix", one.path("name").asString());
            String message = helper.call("send_message", "target", "phoenix", "body", "to both or one?")
                    .ok()
                    .text("/message_id");
            String seen = client.conversationWith(message);
            assertEquals(2, seen.split("to both or one\\?", -1).length, seen);
        }
    }

    @Test
    void aSubAgentOfClaudeTakesNothing(@TempDir Path root) throws Exception {
        String scenario = """
            {"sessions": [{"name": "test", "default": {"text": "pong"}, "rules": [
              {"agent": true, "when": "do the sub thing", "times": 1, "tool_use": {"name": "Bash", "input": {
                 "command": "touch begun; until [ -e go ]; do sleep 0.1; done", "description": "works"}}},
              {"agent": true, "text": "sub done"},
              {"when": "please delegate", "times": 1, "tool_use": {"name": "Agent", "input": {
                 "description": "delegate", "prompt": "do the sub thing", "subagent_type": "general-purpose"}}}]}]}
            """;
        try (HookedClient client = HookedClient.claude(root, scenario).setUp()) {
            TmuxPane pane = client.open(HookedClient.CLAUDE_READY, "--allowedTools", "Bash", "Agent", "Task");
            SessionId id = client.session();
            client.awaitActivity(id, Activity.IDLE);
            pane.submit("please delegate");
            await().atMost(LIMIT).until(() -> Files.exists(client.project.resolve("begun")));
            Envelope sent = client.send(id, "for the main session");
            Files.createFile(client.project.resolve("go"));

            String seen = client.conversationWith(sent.id().value());
            client.awaitShown(sent);
            client.awaitActivity(id, Activity.IDLE);

            assertTrue(seen.contains("please delegate"), seen);
            assertTrue(
                    client.api.conversations().stream()
                            .anyMatch(said -> said.contains("do the sub thing") && !said.contains("please delegate")),
                    "the sub-agent ran");
            for (String conversation : client.api.conversations()) {
                assertTrue(
                        conversation.contains("please delegate")
                                || !conversation.contains(sent.id().value()),
                        conversation);
            }
        }
    }
}
