package dev.parley.hooks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.clients.TmuxPane;
import dev.parley.fixture.Agent;
import dev.parley.fixture.Result;
import dev.parley.peer.Presence.Activity;
import dev.parley.store.SessionId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole way: from a tool call of one session, by the ladder, into the next model request of another that is idle. */
@Tag("clients")
@Tag("tmux")
final class WakeClientIT {

    private static final String CLAUDE_READY = "(?m)^❯\u00a0";
    private static final String CODEX_READY = "fake-model default";
    private static final int RUNS = Integer.getInteger("parley.wakes", 5);

    private static final String CLAUDE = """
            {"sessions": [{"name": "test", "default": {"text": "pong"}, "rules": [
              {"when": "please ask", "times": 1, "tool_use": {"name": "mcp__parley__ask_peer", "input": {
                 "target": "helper", "body": "which port?", "timeout_ms": 300}}}]}]}
            """;

    private static final String CODEX = """
            {"fallback": {"text": "pong"}, "sessions": []}
            """;

    private static Agent helper(HookedClient client, String strategy) throws Exception {
        Agent agent = Agent.in(client.office.store().home(), client.project)
                .with("PARLEY_WAKE_STRATEGY", strategy)
                .start();
        agent.call("claim_session", "session_id", "helper-0001").ok();
        agent.call("set_my_state", "name", "helper").ok();
        return agent;
    }

    private static String name(HookedClient client, SessionId id) throws Exception {
        return client.office.peers().find(id).orElseThrow().name();
    }

    /** Waits out the spacing of the gates. */
    private static Result wake(Agent helper, String target, String body) throws Exception {
        Result result;
        do {
            result = helper.call("send_message", "target", target, "body", body, "wake", "auto")
                    .ok();
        } while (result.text("/wake_status").equals("skipped_debounced"));
        return result;
    }

    @Test
    void theDoorbellWakesAnIdleClaude(@TempDir Path root) throws Exception {
        try (HookedClient client = HookedClient.claude(root, CLAUDE).setUp()) {
            TmuxPane pane = client.open(CLAUDE_READY);
            SessionId id = client.session();
            client.awaitActivity(id, Activity.IDLE);
            pane.type("half a thought");
            try (Agent helper = helper(client, "auto")) {
                List<Long> millis = new ArrayList<>();
                for (int run = 0; run < RUNS; run++) {
                    client.awaitActivity(id, Activity.IDLE);
                    String body = "the build is red, run " + run + ".";
                    long start = System.nanoTime();
                    Result sent = wake(helper, name(client, id), body);
                    client.conversationWith(body);
                    millis.add((System.nanoTime() - start) / 1_000_000);
                    assertEquals("fired", sent.text("/wake_status"), sent.json().toString());
                    assertEquals("doorbell", sent.text("/wake_via"));
                    assertEquals("rung", sent.text("/state"));
                }
                report("doorbell, Claude Code", millis);
            }
            pane.awaitText("half a thought");
            assertFalse(client.api.conversations().stream().anyMatch(said -> said.contains("half a thought")));
        }
    }

    @Test
    void theQueueWakesAnIdleCodex(@TempDir Path root) throws Exception {
        try (HookedClient client = HookedClient.codex(root, CODEX).setUp()) {
            TmuxPane pane = client.open(CODEX_READY, "-s", "danger-full-access", "-a", "never");
            pane.submit("hello");
            SessionId id = client.session();
            client.awaitActivity(id, Activity.IDLE);
            pane.type("half a thought");
            try (Agent helper = helper(client, "native")) {
                List<Long> millis = new ArrayList<>();
                for (int run = 0; run < Math.min(RUNS, 5); run++) {
                    client.awaitActivity(id, Activity.IDLE);
                    String body = "the build is red, run " + run + ".";
                    long start = System.nanoTime();
                    Result sent = wake(helper, name(client, id), body);
                    assertEquals("fired", sent.text("/wake_status"), sent.json().toString());
                    assertEquals("codex-queue", sent.text("/wake_via"));
                    client.conversationWith(body);
                    millis.add((System.nanoTime() - start) / 1_000_000);
                }
                report("codex queue, no daemon", millis);
            }
            pane.awaitText("half a thought");
        }
    }

    @Test
    void tmuxWakesBothWhenTheNativeRungsAreOff(@TempDir Path root) throws Exception {
        Path claudeRoot = Files.createDirectory(root.resolve("claude"));
        try (HookedClient client = HookedClient.claude(claudeRoot, CLAUDE)) {
            // No hooks of ours: nobody watches the bell.
            TmuxPane pane = client.open(CLAUDE_READY);
            assertWokenByTmux(client, pane, registeredByHand(client, "claude-code", pane));
        }
        Path codexRoot = Files.createDirectory(root.resolve("codex"));
        try (HookedClient client = HookedClient.codex(codexRoot, CODEX).setUp()) {
            TmuxPane pane = client.open(CODEX_READY, "-s", "danger-full-access", "-a", "never");
            pane.submit("hello");
            SessionId id = client.session();
            client.awaitActivity(id, Activity.IDLE);
            assertWokenByTmux(client, pane, id);
        }
    }

    /** A session whose client has no hooks and no server: only its process is known. */
    private static SessionId registeredByHand(HookedClient client, String type, TmuxPane pane) throws Exception {
        SessionId id = new SessionId("by-hand-0001");
        client.office
                .peers()
                .register(new dev.parley.peer.Registration(
                        id,
                        type,
                        client.project.toRealPath().toString(),
                        dev.parley.peer.Project.of(client.project).key(),
                        client.office.processes().identify(pane.process()),
                        java.util.Optional.empty(),
                        java.util.Optional.empty(),
                        java.util.Optional.empty(),
                        false));
        return id;
    }

    private static void assertWokenByTmux(HookedClient client, TmuxPane pane, SessionId id) throws Exception {
        try (Agent helper = helper(client, "tmux")) {
            Result sent = wake(helper, name(client, id), "the build is red.");
            assertEquals("fired", sent.text("/wake_status"), sent.json().toString());
            assertEquals("tmux", sent.text("/wake_via"));
            client.conversationWith("a message from a peer session is waiting");
            assertTrue(pane.text().length() > 0);
        }
    }

    @Test
    void aLateAnswerWakesItsAskerOnce(@TempDir Path root) throws Exception {
        try (HookedClient client = HookedClient.claude(root, CLAUDE).setUp()) {
            TmuxPane pane = client.open(CLAUDE_READY);
            SessionId id = client.session();
            client.awaitActivity(id, Activity.IDLE);
            try (Agent helper = helper(client, "auto")) {
                pane.submit("please ask");
                Result question = helper.awaitMail();
                client.conversationWith("\"timed_out\":true");
                client.awaitActivity(id, Activity.IDLE);
                int before = client.api.conversations().size();
                String message = question.text("/messages/0/id");

                Result first = helper.call("reply_to_message", "message_id", message, "body", "port 7, of course.")
                        .ok();

                client.conversationWith("port 7, of course.");
                assertEquals("fired", first.text("/wake_status"), first.json().toString());
                client.awaitActivity(id, Activity.IDLE);
                assertEquals(before + 1, client.api.conversations().size());
                Result second = helper.call("reply_to_message", "message_id", message, "body", "and port 8.")
                        .ok();
                assertEquals(
                        "skipped_deduped",
                        second.text("/wake_status"),
                        second.json().toString());
            }
        }
    }

    private static void report(String rung, List<Long> millis) {
        List<Long> sorted = new ArrayList<>(millis);
        Collections.sort(sorted);
        System.out.printf(
                Locale.ROOT,
                "send_message -> the model's request, %s: p50 %d ms, p95 %d ms, max %d ms over %d runs%n",
                rung,
                sorted.get(sorted.size() / 2),
                sorted.get((int) Math.ceil(0.95 * sorted.size()) - 1),
                sorted.get(sorted.size() - 1),
                sorted.size());
    }
}
