package dev.parley.hooks;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.SessionId;
import dev.parley.clients.TmuxPane;
import dev.parley.mailbox.Envelope;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code kill -9} of the real client under supervision, in the middle of a turn: the same session is back in the same terminal, and
 * what it may not have seen comes again, marked. Whoever ends it ends it for good.
 */
@Tag("clients")
@Tag("tmux")
final class SupervisedClientIT {

    private static final Duration BACK = Duration.ofSeconds(5);
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @Test
    void claudeComesBackInTheMiddleOfATurn(@TempDir Path root) throws Exception {
        String scenario = """
            {"sessions": [{"name": "test", "default": {"text": "pong"}, "rules": [
              {"when": "message m-", "times": 1, "hang": true}]}]}
            """;
        try (HookedClient client = HookedClient.claude(root, scenario).setUp()) {
            TmuxPane pane = client.openSupervised(HookedClient.CLAUDE_READY);
            SessionId id = client.session();
            client.greeted(pane);
            awaitSupervised(client, id);
            Envelope sent = client.send(id, "the build is red");
            client.conversationWith(sent.id().value());

            ProcessHandle first = clients(pane).get(0);
            first.destroyForcibly();
            awaitAnother(pane, first);

            assertHandedOverAgain(client, sent);
            assertSaid(pane, id);
            pane.command("set-option", "-p", "remain-on-exit", "on");
            // The first one may only end a turn, and a second one counts for a moment. One more would end what is left
            // when the client has gone.
            await().atMost(LIMIT).pollInterval(Duration.ofMillis(400)).until(() -> {
                if (!clients(pane).isEmpty()) {
                    pane.press("C-c");
                }
                return pane.ask("#{pane_dead}").equals("1");
            });
            assertEquals("0", pane.ask("#{pane_dead_status}"));
        }
    }

    @Test
    void codexComesBackInTheMiddleOfATurn(@TempDir Path root) throws Exception {
        String scenario = """
            {"fallback": {"text": "pong"}, "sessions": [{"name": "one", "match": "hello", "steps": [
              {"text": "pong"}, {"hold": true}]}]}
            """;
        try (HookedClient client = HookedClient.codex(root, scenario).setUp()) {
            TmuxPane pane = client.openSupervised(HookedClient.CODEX_READY, "-s", "danger-full-access", "-a", "never");
            SessionId id = client.greeted(pane);
            awaitSupervised(client, id);
            Envelope sent = client.send(id, "the build is red");
            pane.submit("what is new?");
            client.conversationWith(sent.id().value());

            // The wrapper of npm alone: the program below it would go on.
            ProcessHandle first = clients(pane).get(0);
            first.destroyForcibly();
            awaitAnother(pane, first);

            pane.awaitText(HookedClient.CODEX_READY);
            String words = clients(pane)
                    .get(0)
                    .info()
                    .arguments()
                    .map(List::of)
                    .orElse(List.of())
                    .toString();
            assertTrue(words.contains("--no-daemon, -s, danger-full-access, -a, never, resume, " + id), words);
            pane.submit("what was new?");
            assertHandedOverAgain(client, sent);
        }
    }

    /** What the shell in a pane has started, but for the supervisor. */
    private static List<ProcessHandle> clients(TmuxPane pane) {
        return ProcessHandle.of(pane.process()).stream()
                .flatMap(ProcessHandle::children)
                .filter(child -> !child.info().command().orElse("").endsWith("java"))
                .filter(child -> !child.info().command().orElse("").endsWith("sleep"))
                .toList();
    }

    private static void awaitSupervised(HookedClient client, SessionId id) {
        Path claim = client.office.store().home().resolve("locks/resume-" + id);
        await().atMost(LIMIT).until(() -> Files.exists(claim));
    }

    private static void awaitAnother(TmuxPane pane, ProcessHandle first) {
        await().atMost(BACK)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> clients(pane).stream().anyMatch(other -> other.pid() != first.pid() && other.isAlive()));
    }

    private static void assertHandedOverAgain(HookedClient client, Envelope sent) {
        String seen =
                client.conversationWith("(redelivered: it may have been shown to you before)\nmessage " + sent.id());
        assertTrue(seen.contains("the build is red"), seen);
        client.awaitShown(sent);
    }

    private static void assertSaid(TmuxPane pane, SessionId id) {
        String text = pane.text().replace("\n", "");
        assertEquals(
                2, text.split("\\(" + id + "\\) is resumed: its client was killed by signal 9", -1).length, pane::text);
    }
}
