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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What enters the model's context in the real Codex, set up by {@code parley setup}, its hooks trusted by that. */
@Tag("clients")
@Tag("tmux")
final class CodexHooksClientIT {

    private static final String SCENARIO = """
        {"fallback": {"text": "pong"}, "sessions": [
          {"name": "work", "match": "please work", "steps": [
             {"function_call": {"name": "exec_command", "arguments": {
                "cmd": "touch begun; until [ -e go ]; do sleep 0.1; done"}}},
             {"text": "worked", "delay_ms": 500}]}]}
        """;

    @Test
    void mailJoinsARunningTurn(@TempDir Path root) throws Exception {
        try (HookedClient client = HookedClient.codex(root, SCENARIO).setUp()) {
            TmuxPane pane = client.open(HookedClient.CODEX_READY, "-s", "danger-full-access", "-a", "never");
            pane.submit("please work");
            SessionId id = client.session();
            await().atMost(Duration.ofSeconds(30)).until(() -> Files.exists(client.project.resolve("begun")));
            client.awaitActivity(id, Activity.BUSY);
            int before = client.api.conversations().size();

            Envelope sent = client.send(id, "look at this first");
            Files.createFile(client.project.resolve("go"));

            client.conversationWith(sent.id().value());
            assertTrue(
                    client.api.conversations().get(before).contains("look at this first"),
                    "it is in the very next request, with the tool's result");
            client.awaitShown(sent);
            client.awaitActivity(id, Activity.IDLE);
        }
    }

    @Test
    void saysThatItIsIdleBeforeItsFirstPromptAndThatItWaitsForItsUser(@TempDir Path root) throws Exception {
        String scenario = """
            {"fallback": {"text": "pong"}, "sessions": [{"name": "work", "match": "please make", "steps": [
               {"function_call": {"name": "exec_command", "arguments": {
                  "cmd": "touch made; until [ -e go ]; do sleep 0.1; done",
                  "sandbox_permissions": "require_escalated", "justification": "May I?"}}},
               {"text": "made"}]}]}
            """;
        try (HookedClient client = HookedClient.codex(root, scenario).setUp()) {
            TmuxPane pane = client.open(HookedClient.CODEX_READY);
            SessionId id = client.session();
            client.awaitActivity(id, Activity.IDLE);
            String name = client.office.peers().find(id).orElseThrow().name();
            pane.submit("please make");
            client.awaitActivity(id, Activity.ASKING);
            pane.answer("Would you like", "Enter");
            await().atMost(Duration.ofSeconds(30)).until(() -> Files.exists(client.project.resolve("made")));
            Files.createFile(client.project.resolve("go"));
            client.awaitActivity(id, Activity.IDLE);
            assertEquals(name, client.office.peers().find(id).orElseThrow().name());
        }
    }

    @Test
    void mailComesWithThePromptAndAtTheEndOfATurn(@TempDir Path root) throws Exception {
        try (HookedClient client = HookedClient.codex(root, SCENARIO).setUp()) {
            TmuxPane pane = client.open(HookedClient.CODEX_READY, "-s", "danger-full-access", "-a", "never");
            pane.submit("please work");
            SessionId id = client.session();
            Files.createFile(client.project.resolve("go"));
            client.conversationWith("please work");
            client.awaitActivity(id, Activity.IDLE);
            Envelope waiting = client.send(id, "for the next prompt");
            int before = client.api.conversations().size();

            pane.submit("hello again");

            client.conversationWith(waiting.id().value());
            String seen = client.api.conversations().get(before);
            assertTrue(seen.contains("hello again") && seen.contains("for the next prompt"), seen);
            client.awaitShown(waiting);
        }
    }

    @Test
    void aSubAgentTakesNothing(@TempDir Path root) throws Exception {
        String scenario = """
            {"fallback": {"text": "pong"}, "sessions": [
              {"name": "sub", "match": "do the sub thing$", "steps": [
                 {"function_call": {"name": "exec_command", "arguments": {"cmd": "touch sub"}}}, {"text": "sub done"}]},
              {"name": "main", "match": "please delegate", "steps": [
                 {"function_call": {"namespace": "multi_agent_v1", "name": "spawn_agent",
                    "arguments": {"message": "do the sub thing"}}},
                 {"text": "delegated", "delay_ms": 4000}]}]}
            """;
        try (HookedClient client = HookedClient.codex(root, scenario).setUp()) {
            TmuxPane pane = client.open(HookedClient.CODEX_READY, "-s", "danger-full-access", "-a", "never");
            pane.submit("please delegate");
            SessionId id = client.session();
            client.conversationWith("agent_id");
            Envelope sent = client.send(id, "for the main session");

            await().atMost(Duration.ofSeconds(30)).until(() -> Files.exists(client.project.resolve("sub")));
            String seen = client.conversationWith(sent.id().value());

            assertTrue(seen.contains("please delegate"), "the end of the main turn hands it over");
            assertFalse(seen.startsWith("do the sub thing"), seen);
            for (String conversation : client.api.conversations()) {
                assertFalse(
                        conversation.contains(sent.id().value()) && !conversation.contains("please delegate"),
                        conversation);
            }
            client.awaitShown(sent);
        }
    }

    @Test
    void execIsHookedToo(@TempDir Path root) throws Exception {
        try (HookedClient client = HookedClient.codex(root, SCENARIO).setUp()) {
            Files.createFile(client.project.resolve("go"));
            client.run("exec", "--skip-git-repo-check", "-s", "danger-full-access", "please work");

            SessionId id = client.session();
            client.awaitActivity(id, Activity.ENDED);
            assertEquals("codex", client.office.peers().find(id).orElseThrow().client());
        }
    }
}
