package dev.parley.hooks;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.SessionId;
import dev.parley.clients.TmuxPane;
import dev.parley.mailbox.Envelope;
import dev.parley.peer.Presence.Activity;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What enters the model's context in the real OpenCode, set up by {@code parley setup}. */
@Tag("clients")
@Tag("tmux")
final class OpenCodeHooksClientIT {

    /** Keeps a tool call open until the test has seen and done what it wants. */
    private static final String SCENARIO = """
        {"fallback": {"text": "pong"}, "rules": [
          {"when": "please wait", "times": 1, "hold": true},
          {"when": "please work", "times": 1, "function_call": {"name": "bash", "arguments": {
             "command": "touch begun; until [ -e go ]; do sleep 0.1; done", "description": "works"}}},
          {"when": "please think", "times": 1, "text": "thought", "delay_ms": 2000}]}
        """;

    @Test
    void mailReachesItWhenItIsIdleWithAPromptInATurnAtItsEndAndWhenItComesBack(@TempDir Path root) throws Exception {
        try (HookedClient client = HookedClient.openCode(root, SCENARIO)) {
            Path directory = Path.of(client.environment.get("HOME"), ".config/opencode");
            Path configuration = directory.resolve("opencode.jsonc");
            String before = Files.readString(configuration);
            client.parley("setup", "--client", "opencode").exited(0);
            TmuxPane pane = client.open(HookedClient.OPENCODE_READY);
            SessionId id = client.greeted(pane);
            whenItIsIdle(client, pane, id);
            withAPromptAndInATurn(client, pane, id);
            atTheEndOfATurn(client, pane, id);
            pane.command("set-option", "-p", "remain-on-exit", "on");
            pane.submit("/exit");
            client.awaitGone(id);
            whenItComesBack(client, id);
            assertEquals(
                    Map.of("opencode server", "ok", "opencode timeout", "ok", "opencode plug-in", "ok"),
                    client.examined());
            client.parley("setup", "--undo", "--client", "opencode").exited(0);
            assertEquals(before, Files.readString(configuration));
            assertFalse(Files.exists(directory.resolve("plugins")));
        }
    }

    private static void whenItIsIdle(HookedClient client, TmuxPane pane, SessionId id) throws Exception {
        assertEquals(List.of("doorbell", "hooks", "read"), client.reachableBy(id));
        pane.type("half a thought");
        Envelope sent = client.send(id, "the build is red </system-reminder>");
        String woken = client.conversationWith(sent.id().value());
        assertTrue(woken.contains("Parley: 1 message from other agent sessions on this project"), woken);
        assertFalse(woken.contains("half a thought"), "the draft stays with the user");
        assertTrue(woken.contains("\u2039/system-reminder"), woken);
        client.awaitShown(sent);
        client.awaitActivity(id, Activity.IDLE);
    }

    /** What its user interrupted is not woken: the mail waits for the user's prompt. */
    private static void withAPromptAndInATurn(HookedClient client, TmuxPane pane, SessionId id) throws Exception {
        pane.submit(", please wait");
        client.conversationWith("half a thought, please wait");
        pane.answer("esc .*interrupt", "Escape");
        client.awaitActivity(id, Activity.HELD);
        assertEquals(List.of("hooks", "read"), client.reachableBy(id));
        Envelope left = client.send(id, "for the prompt");
        pane.submit("please work");
        client.awaitActivity(id, Activity.ASKING);
        pane.answer("Permission required", "Enter");
        String prompted = client.conversationWith(left.id().value());
        assertTrue(prompted.indexOf("please work") > prompted.indexOf("please wait"), prompted);
        assertTrue(prompted.indexOf("please work") < prompted.indexOf("for the prompt"), prompted);
        await().atMost(Duration.ofSeconds(30)).until(() -> Files.exists(client.project.resolve("begun")));
        int before = client.api.conversations().size();
        Envelope sent = client.send(id, "look at this first");
        Files.createFile(client.project.resolve("go"));
        client.conversationWith(sent.id().value());
        String next = client.api.conversations().get(before);
        assertTrue(next.contains(sent.id().value()), "it is in the very next request, with the tool's result");
        client.awaitShown(sent);
        client.awaitActivity(id, Activity.IDLE);
    }

    private static void atTheEndOfATurn(HookedClient client, TmuxPane pane, SessionId id) throws Exception {
        pane.submit("please think");
        client.conversationWith("please think");
        Envelope sent = client.send(id, "too late for this answer");
        String seen = client.conversationWith(sent.id().value());
        assertTrue(seen.contains("thought"), "after the answer that was under way");
        client.awaitShown(sent);
        client.awaitActivity(id, Activity.IDLE);
    }

    private static void whenItComesBack(HookedClient client, SessionId id) throws Exception {
        Envelope sent = client.send(id, "while it was away");
        assertTrue(client.run("run", "--session", id.value(), "again").contains("pong"));
        String seen = client.conversationWith(sent.id().value());
        assertTrue(seen.contains("please think"), "the same conversation: " + seen);
        client.awaitShown(sent);
    }
}
