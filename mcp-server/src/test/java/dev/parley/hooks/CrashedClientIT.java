package dev.parley.hooks;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.SessionId;
import dev.parley.clients.TmuxPane;
import dev.parley.fixture.Agent;
import dev.parley.fixture.Result;
import dev.parley.mailbox.Envelope;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kill -9} of the real client after mail has entered a request, and before the model has answered it. The session
 * counts as ended until it is resumed, then it has its old address, and the mail comes again, marked.
 */
@Tag("clients")
@Tag("tmux")
final class CrashedClientIT {

    @Test
    void claudeIsGivenItAgainWhenItIsResumed(@TempDir Path root) throws Exception {
        String scenario = """
            {"sessions": [{"name": "test", "default": {"text": "pong"}, "rules": [
              {"when": "message m-", "times": 1, "hang": true}]}]}
            """;
        try (HookedClient client = HookedClient.claude(root, scenario).setUp();
                Agent helper = client.peer("helper")) {
            TmuxPane pane = client.open(HookedClient.CLAUDE_READY);
            SessionId id = client.session();
            client.greeted(pane);
            String name = client.office.peers().find(id).orElseThrow().name();
            Envelope sent = client.send(id, "the build is red");
            client.conversationWith(sent.id().value());

            kill(pane);

            assertGone(helper, id);
            TmuxPane again = client.open(HookedClient.CLAUDE_READY, "--resume", id.value());
            assertEquals(id, client.session(again));
            assertHandedOverAgain(client, sent);
            assertEquals(name, client.office.peers().find(id).orElseThrow().name());
        }
    }

    @Test
    void codexIsGivenItAgainWhenItIsResumed(@TempDir Path root) throws Exception {
        String scenario = """
            {"fallback": {"text": "pong"}, "sessions": [{"name": "one", "match": "hello", "steps": [
              {"text": "pong"}, {"hold": true}]}]}
            """;
        try (HookedClient client = HookedClient.codex(root, scenario).setUp();
                Agent helper = client.peer("helper")) {
            TmuxPane pane = client.open(HookedClient.CODEX_READY, "-s", "danger-full-access", "-a", "never");
            SessionId id = client.greeted(pane);
            String name = client.office.peers().find(id).orElseThrow().name();
            Envelope sent = client.send(id, "the build is red");
            pane.submit("what is new?");
            client.conversationWith(sent.id().value());

            kill(pane);

            assertGone(helper, id);
            TmuxPane again = client.open(
                    HookedClient.CODEX_READY, "resume", id.value(), "-s", "danger-full-access", "-a", "never");
            again.submit("what was new?");
            assertHandedOverAgain(client, sent);
            assertEquals(name, client.office.peers().find(id).orElseThrow().name());
            assertTrue(
                    helper.call("list_project_sessions").ok().json().toString().contains(id.value()));
        }
    }

    private static void kill(TmuxPane pane) {
        pane.command("set-option", "-p", "remain-on-exit", "on");
        ProcessHandle client = ProcessHandle.of(pane.process()).orElseThrow();
        // Codex is a child of what npm put in front of it; the servers below are left to end by themselves.
        Stream<ProcessHandle> children = client.children()
                .filter(child -> !child.info().command().orElse("").endsWith("java"));
        Stream.concat(children, Stream.of(client)).forEach(ProcessHandle::destroyForcibly);
    }

    private static void assertGone(Agent helper, SessionId id) throws Exception {
        await().atMost(Duration.ofSeconds(10))
                .until(() -> !helper.call("list_project_sessions")
                        .ok()
                        .json()
                        .toString()
                        .contains(id.value()));
        Result sent = helper.call("send_message", "target", id.value(), "body", "are you there?")
                .ok();
        assertEquals("when_resumed", sent.text("/outlook"), sent::toString);
    }

    private static void assertHandedOverAgain(HookedClient client, Envelope sent) {
        String marked = "(redelivered: it may have been shown to you before)\nmessage " + sent.id();
        String seen = client.conversationWith(marked);
        assertTrue(seen.contains("the build is red"), seen);
        client.awaitShown(sent);
        for (String conversation : client.api.conversations()) {
            assertFalse(conversation.split(Pattern.quote(marked), -1).length > 2, "once: " + conversation);
        }
    }
}
