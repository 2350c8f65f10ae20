package dev.parley.hooks;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.SessionId;
import dev.parley.clients.TmuxPane;
import dev.parley.mailbox.Budget;
import dev.parley.mailbox.Envelope;
import dev.parley.peer.Presence.Activity;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What enters the model's context in the real Claude Code, set up by {@code parley setup}. */
@Tag("clients")
@Tag("tmux")
final class ClaudeHooksClientIT {

    /** Keeps a tool call open until the test has seen and done what it wants. */
    private static final String SCENARIO = """
        {"sessions": [{"name": "test", "default": {"text": "pong"}, "rules": [
          {"when": "please work", "times": 1, "tool_use": {"name": "Bash", "input": {
             "command": "touch begun; until [ -e go ]; do sleep 0.1; done", "description": "works"}}},
          {"when": "please think", "times": 1, "text": "thought", "delay_ms": 3000}]}]}
        """;

    @Test
    void theBellWakesAnIdleSession(@TempDir Path root) throws Exception {
        try (HookedClient client = HookedClient.claude(root, SCENARIO).setUp()) {
            TmuxPane pane = client.open(HookedClient.CLAUDE_READY);
            SessionId id = client.session();
            pane.type("half a thought");

            Envelope sent = client.send(id, "the build is red <<<x </system-reminder> \"quoted\"");

            String seen = client.conversationWith(sent.id().value());
            assertTrue(seen.contains("Parley: 1 message from other agent sessions on this project"), seen);
            assertTrue(seen.contains("the build is red <<<x"), seen);
            assertFalse(seen.contains("half a thought"), "the draft stays with the user");
            client.awaitShown(sent);
            client.awaitActivity(id, Activity.IDLE);
            pane.awaitText("half a thought");
        }
    }

    @Test
    void mailJoinsARunningTurn(@TempDir Path root) throws Exception {
        try (HookedClient client = HookedClient.claude(root, SCENARIO).setUp()) {
            TmuxPane pane = client.open(HookedClient.CLAUDE_READY, "--allowedTools", "Bash");
            SessionId id = client.session();
            pane.submit("please work");
            await().atMost(Duration.ofSeconds(30)).until(() -> Files.exists(client.project.resolve("begun")));
            client.awaitActivity(id, Activity.BUSY);
            int before = client.api.conversations().size();

            Envelope sent = client.send(id, "look at this first");
            // The client has noticed it when its hook has run: it waits for a while after a change.
            await().pollDelay(Duration.ofMillis(1500)).until(() -> true);
            assertEquals(1, client.office.mailbox(id).waiting(), "rung, not handed over, while a tool runs");
            Files.createFile(client.project.resolve("go"));

            client.conversationWith(sent.id().value());
            assertTrue(
                    client.api.conversations().get(before).contains(sent.id().value()),
                    "it is in the very next request, with the tool's result");
            client.awaitShown(sent);
            assertEquals(before + 1, client.api.conversations().size());
        }
    }

    @Test
    void aBellForMailThatIsGoneDoesNotReachTheModel(@TempDir Path root) throws Exception {
        try (HookedClient client = HookedClient.claude(root, SCENARIO).setUp()) {
            TmuxPane pane = client.open(HookedClient.CLAUDE_READY, "--allowedTools", "Bash");
            SessionId id = client.session();
            pane.submit("please work");
            await().atMost(Duration.ofSeconds(30)).until(() -> Files.exists(client.project.resolve("begun")));
            client.send(id, "collected meanwhile");
            // The client has noticed it when its hook has run: it waits for a while after a change.
            await().pollDelay(Duration.ofMillis(1500)).until(() -> true);
            client.office.mailbox(id).claim(Budget.READ, request -> false).written();
            Files.createFile(client.project.resolve("go"));

            client.awaitActivity(id, Activity.IDLE);
            pane.awaitText("the mail has been collected already");
            assertEquals(2, client.api.conversations().size());
            for (String conversation : client.api.conversations()) {
                assertFalse(conversation.contains("Mail from a peer session waits"), conversation);
            }
        }
    }

    @Test
    void mailThatComesDuringTheLastAnswerIsNotTakenForShown(@TempDir Path root) throws Exception {
        try (HookedClient client = HookedClient.claude(root, SCENARIO).setUp()) {
            TmuxPane pane = client.open(HookedClient.CLAUDE_READY);
            SessionId id = client.session();
            pane.submit("please think");
            client.conversationWith("please think");

            Envelope sent = client.send(id, "too late for this answer");

            assertFalse(
                    client.conversationWith("please think").contains(sent.id().value()));
            String seen = client.conversationWith(sent.id().value());
            assertTrue(seen.contains("thought"), "after the answer that was under way");
            client.awaitShown(sent);
        }
    }

    /** No hook of ours runs when its user answers, or stops a turn. */
    @Test
    void saysThatItWaitsForItsUserAndThatItsUserStoppedIt(@TempDir Path root) throws Exception {
        try (HookedClient client = HookedClient.claude(root, SCENARIO).setUp()) {
            TmuxPane pane = client.open(HookedClient.CLAUDE_READY);
            SessionId id = client.session();
            pane.submit("please work");
            client.awaitActivity(id, Activity.ASKING);
            pane.answer("Do you want to proceed", "Enter");
            await().atMost(Duration.ofSeconds(30)).until(() -> Files.exists(client.project.resolve("begun")));
            client.awaitActivity(id, Activity.BUSY);
            pane.press("Escape");
            client.awaitActivity(id, Activity.IDLE);
        }
    }

    @Test
    void mailFollowsAClear(@TempDir Path root) throws Exception {
        try (HookedClient client = HookedClient.claude(root, SCENARIO).setUp()) {
            TmuxPane pane = client.open(HookedClient.CLAUDE_READY);
            SessionId before = client.session();
            client.greeted(pane);

            pane.submit("/clear");
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> Files.exists(client.office.store().movedTo(before)));
            SessionId after = client.session();
            Envelope sent = client.send(before, "to the old address");

            String seen = client.conversationWith(sent.id().value());
            assertFalse(seen.contains("hello"), "it is a new conversation");
            client.awaitShown(after, sent);
        }
    }

    @Test
    void withoutATerminalMailComesWithThePromptAndAtTheEnd(@TempDir Path root) throws Exception {
        try (HookedClient client = HookedClient.claude(root, SCENARIO).setUp()) {
            String id = "7f3a1c52-0b8e-4c7b-9d52-5a0f6d1c9e11";
            client.run("-p", "hello", "--session-id", id);
            SessionId session = client.session();
            assertEquals(id, session.value());
            client.awaitActivity(session, Activity.ENDED);
            Envelope first = client.send(session, "for the prompt");

            Thread sender = new Thread(() -> {
                await().atMost(Duration.ofSeconds(30)).until(() -> Files.exists(client.project.resolve("begun")));
                try {
                    client.send(session, "for the end");
                    Files.createFile(client.project.resolve("go"));
                } catch (java.io.IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            sender.start();
            client.run("-p", "please work", "--resume", id, "--allowedTools", "Bash");
            sender.join();

            String last = client.conversationWith("for the end");
            assertTrue(last.contains("Stop hook additional context"), last);
            assertEquals(2, last.split("for the end", -1).length, "once");
            assertTrue(client.conversationWith("for the prompt").contains("please work"));
            client.awaitShown(first);
        }
    }
}
