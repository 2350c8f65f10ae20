package dev.parley.hooks;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.SessionId;
import dev.parley.clients.TmuxPane;
import dev.parley.mailbox.Envelope;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The user of the real Claude Code presses Esc: what was handed over is in the next requests once, and not marked as redelivered. */
@Tag("clients")
@Tag("tmux")
final class InterruptedClientIT {

    private static final String SCENARIO = """
        {"sessions": [{"name": "test", "default": {"text": "pong"}, "rules": [
          {"when": "please make a file", "times": 1, "tool_use": {"name": "Write", "input": {
             "file_path": "made", "content": "x"}}},
          {"when": "please talk", "times": 1, "text": "%s", "chunk_ms": 100}]}]}
        """.formatted("a long answer ".repeat(400));

    /** Both bells fire under turns of their own, right after the dialog has gone, and join one request. */
    @Test
    void twoMessagesThatCameDuringAPermissionDialogComeOnceAfterEscape(@TempDir Path root) throws Exception {
        try (HookedClient client = HookedClient.claude(root, SCENARIO).setUp()) {
            TmuxPane pane = client.open(HookedClient.CLAUDE_READY);
            SessionId id = client.session();
            pane.submit("please make a file");
            pane.awaitText("Do you want to");
            int before = client.api.conversations().size();

            // The client has noticed each when its hook has run: it waits for a while after a change.
            Envelope first = client.send(id, "the first one");
            await().pollDelay(Duration.ofSeconds(2)).until(() -> true);
            Envelope second = client.send(id, "the second one");
            await().pollDelay(Duration.ofSeconds(2)).until(() -> true);
            assertEquals(before, client.api.conversations().size(), "it waits for its user");
            assertEquals(2, client.office.mailbox(id).waiting());
            pane.press("Escape");

            client.conversationWith(first.id().value());
            client.conversationWith(second.id().value());
            client.awaitShown(first);
            client.awaitShown(second);
            once(client, pane, List.of(first, second));
        }
    }

    @Test
    void whatWasHandedOverWithAnAnswerThatTheUserStopsComesOnce(@TempDir Path root) throws Exception {
        try (HookedClient client = HookedClient.claude(root, SCENARIO).setUp()) {
            TmuxPane pane = client.open(HookedClient.CLAUDE_READY);
            SessionId id = client.session();
            Envelope sent = client.send(id, "please talk");
            client.conversationWith(sent.id().value());
            pane.awaitText("a long answer");

            pane.press("Escape");
            pane.awaitText("Interrupted");

            once(client, pane, List.of(sent));
            client.awaitShown(sent);
        }
    }

    /** With the next prompt, the one after it, and in every request before them. */
    private static void once(HookedClient client, TmuxPane pane, List<Envelope> messages) {
        for (String prompt : List.of("and then", "and at last")) {
            pane.submit(prompt);
            String conversation = client.conversationWith(prompt);
            for (Envelope message : messages) {
                assertEquals(1, count(conversation, message), conversation);
            }
        }
        List<String> conversations = client.api.conversations();
        for (String conversation : conversations) {
            for (Envelope message : messages) {
                assertTrue(count(conversation, message) <= 1, conversation);
            }
            assertFalse(conversation.contains("redelivered"), conversation);
        }
    }

    private static int count(String conversation, Envelope message) {
        return conversation.split("message " + message.id() + " from", -1).length - 1;
    }
}
