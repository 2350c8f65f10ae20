package dev.parley.hooks;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.clients.TmuxPane;
import dev.parley.fixture.Agent;
import dev.parley.fixture.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Codex as it is by default: all terminals of a user share one process in the background, which hosts their sessions, their
 * servers and their hooks.
 */
@Tag("clients")
@Tag("tmux")
final class CodexDaemonClientIT {

    /** The first start copies the whole program into the home. */
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static final String[] FREE = {"-s", "danger-full-access", "-a", "never"};

    @Test
    void twoSessionsOfOneDaemonAreTwoPeersAndEachIsWoken(@TempDir Path root) throws Exception {
        try (HookedClient client =
                HookedClient.codex(root, "{\"fallback\": {\"text\": \"pong\"}}").setUp()) {
            Path home = Path.of(client.environment.get("CODEX_HOME"));
            withDaemon(home.resolve("config.toml"));
            try (Agent helper = client.peer("helper")) {
                TmuxPane first = client.open(HookedClient.CODEX_READY, FREE);
                assertTrue(Files.exists(home.resolve("app-server-daemon")), "there is a daemon");
                TmuxPane second = client.open(HookedClient.CODEX_READY, FREE);
                awaitOthers(helper, 2);
                first.submit("hello from the first");
                client.conversationWith("hello from the first");
                second.submit("hello from the second");
                client.conversationWith("hello from the second");

                for (JsonNode session : awaitIdle(helper, 2)) {
                    String id = session.path("client_session_id").asString();
                    assertFalse(id.startsWith("p-"), session::toString);
                    String body = "for the session " + id + ".";
                    Result sent = helper.call("send_message", "target", id, "body", body, "wake", "auto")
                            .ok();
                    assertEquals("codex-queue", sent.text("/wake_via"), sent::toString);
                    client.conversationWith(body);
                }
                for (String conversation : client.api.conversations()) {
                    assertTrue(conversation.split("for the session ", -1).length <= 2, conversation);
                }
            } finally {
                client.run("app-server", "daemon", "stop");
                end(home.resolve("app-server-daemon/daemon-updater.pid"));
            }
        }
    }

    @Test
    void aResumedThreadHasItsAddressAndItsNameBeforeItsFirstPromptAndIsWoken(@TempDir Path root) throws Exception {
        try (HookedClient client =
                HookedClient.codex(root, "{\"fallback\": {\"text\": \"pong\"}}").setUp()) {
            Path home = Path.of(client.environment.get("CODEX_HOME"));
            withDaemon(home.resolve("config.toml"));
            try (Agent helper = client.peer("helper")) {
                TmuxPane pane = client.open(HookedClient.CODEX_READY, FREE);
                JsonNode fresh = awaitIdle(helper, 1).get(0);
                String id = fresh.path("client_session_id").asString();
                String name = fresh.path("name").asString();
                pane.submit("hello");
                client.conversationWith("hello");
                // All threads are unloaded; those of a daemon that goes on would be after a minute.
                client.run("app-server", "daemon", "stop");
                awaitOthers(helper, 0);

                client.open(HookedClient.CODEX_READY, "resume", id, "-s", "danger-full-access", "-a", "never");

                JsonNode resumed = awaitIdle(helper, 1).get(0);
                assertEquals(id, resumed.path("client_session_id").asString(), resumed::toString);
                assertEquals(name, resumed.path("name").asString(), resumed::toString);
                Result sent = helper.call("send_message", "target", name, "body", "welcome back.")
                        .ok();
                assertEquals("codex-queue", sent.text("/wake_via"), sent::toString);
                client.conversationWith("welcome back.");
            } finally {
                client.run("app-server", "daemon", "stop");
                end(home.resolve("app-server-daemon/daemon-updater.pid"));
            }
        }
    }

    private static void withDaemon(Path config) throws Exception {
        String text = Files.readString(config);
        assertTrue(text.contains("daemon_auto_start = false"), text);
        Files.writeString(config, text.replace("daemon_auto_start = false", "daemon_auto_start = true"));
    }

    private static List<JsonNode> others(Agent helper) throws Exception {
        return helper.call("list_project_sessions")
                .ok()
                .at("/sessions")
                .valueStream()
                .filter(session -> !session.has("self"))
                .toList();
    }

    private static List<JsonNode> awaitOthers(Agent helper, int count) {
        return await().atMost(LIMIT).until(() -> others(helper), sessions -> sessions.size() == count);
    }

    private static List<JsonNode> awaitIdle(Agent helper, int count) {
        return await().atMost(LIMIT)
                .until(
                        () -> others(helper),
                        sessions -> sessions.size() == count
                                && sessions.stream()
                                        .allMatch(session -> session.path("activity")
                                                .asString()
                                                .equals("idle")));
    }

    /** The daemon's own updater, which it leaves running when it stops. */
    private static void end(Path pidFile) throws Exception {
        Matcher pid = Pattern.compile("\"pid\"\\s*:\\s*(\\d+)")
                .matcher(Files.exists(pidFile) ? Files.readString(pidFile) : "");
        if (pid.find()) {
            ProcessHandle.of(Long.parseLong(pid.group(1)))
                    .filter(process -> process.info().command().orElse("").contains("codex"))
                    .ifPresent(ProcessHandle::destroy);
        }
    }
}
