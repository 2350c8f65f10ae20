package dev.parley.hooks;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.SessionId;
import dev.parley.clients.FakeApi;
import dev.parley.clients.TmuxPane;
import dev.parley.fixture.Agent;
import dev.parley.fixture.Result;
import dev.parley.fixture.Shell;
import dev.parley.peer.Presence.Activity;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole way: from a tool call of one session, by the ladder, into the next model request of another that is idle. */
@Tag("clients")
@Tag("tmux")
final class WakeClientIT {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Duration SPACING = Duration.ofMillis(1100);
    private static final int RUNS = Integer.getInteger("parley.wakes", 2);

    private static final String CLAUDE = """
            {"sessions": [{"name": "test", "default": {"text": "pong"}, "rules": [
              {"when": "please ask", "times": 1, "tool_use": {"name": "mcp__parley__ask_peer", "input": {
                 "target": "helper", "body": "which port?", "timeout_ms": 300}}}]}]}
            """;

    private static final String CODEX = """
            {"fallback": {"text": "pong"}, "sessions": []}
            """;

    private static Agent helper(HookedClient client, String strategy) throws Exception {
        return client.peer("helper", "PARLEY_WAKE_STRATEGY", strategy);
    }

    private static String name(HookedClient client, SessionId id) throws Exception {
        return client.office.peers().find(id).orElseThrow().name();
    }

    /** What a wake of an idle session came to, and how long it took from the call until its model was asked. */
    private record Woken(Result sent, long millis) {}

    /**
     * Wakes an idle session.
     *
     * @param text what has to be in its model's next request, with what is sent in place of a {@code %s}
     */
    private static Woken wake(HookedClient client, Agent helper, String target, String text) throws Exception {
        int before = client.api.given().size();
        String body = "the build is red, said after " + before + " requests.";
        Instant start = Instant.now();
        Result sent = helper.call("send_message", "target", target, "body", body, "wake", "auto")
                .ok();
        assertEquals("fired", sent.text("/wake_status"), sent.json().toString());
        List<FakeApi.Given> given = await().atMost(LIMIT)
                .pollInterval(Duration.ofMillis(50))
                .until(client.api::given, all -> all.size() > before);
        String seen = given.get(before).conversation();
        assertTrue(seen.contains(text.formatted(body)), seen);
        return new Woken(sent, Duration.between(start, given.get(before).at()).toMillis());
    }

    /** The same, over and over, whenever it is idle and the gates have forgotten the last one. */
    private static void wakes(HookedClient client, SessionId id, Rung rung, String text, Callable<Boolean> idle)
            throws Exception {
        List<Long> millis = new ArrayList<>();
        // One sender may wake a peer thirty times in ten minutes.
        try (Agent helper = helper(client, rung.strategy());
                Agent second = client.peer("second", "PARLEY_WAKE_STRATEGY", rung.strategy())) {
            for (int run = 0; run < RUNS; run++) {
                await().atMost(LIMIT).pollDelay(rung.pause(run)).until(idle);
                Woken woken = wake(client, run % 2 == 0 ? helper : second, name(client, id), text);
                assertEquals(rung.via(), woken.sent().text("/wake_via"));
                assertEquals("rung", woken.sent().text("/state"));
                millis.add(woken.millis());
            }
        }
        report(rung, millis);
    }

    /**
     * A way of waking, as it is asked for, as the result calls it, and as the report does.
     *
     * @param period how often its client looks; the wakes are spread over that, or all would meet it at the same moment
     */
    private record Rung(String strategy, String via, String name, Duration period) {

        /** Multiples of the golden ratio fall everywhere in a period. */
        Duration pause(int run) {
            return SPACING.plusMillis((long) (run * 0.618 % 1 * period.toMillis()));
        }
    }

    private static Callable<Boolean> idle(HookedClient client, SessionId id) {
        return () -> {
            client.awaitActivity(id, Activity.IDLE);
            return true;
        };
    }

    @Test
    void theDoorbellWakesAnIdleClaude(@TempDir Path root) throws Exception {
        try (HookedClient client = HookedClient.claude(root, CLAUDE).setUp()) {
            TmuxPane pane = client.open(HookedClient.CLAUDE_READY);
            SessionId id = client.session();
            client.awaitActivity(id, Activity.IDLE);
            pane.type("half a thought");
            wakes(
                    client,
                    id,
                    new Rung("auto", "doorbell", "doorbell, Claude Code", Duration.ZERO),
                    "%s",
                    idle(client, id));
            pane.awaitText("half a thought");
            assertFalse(client.api.conversations().stream().anyMatch(said -> said.contains("half a thought")));
        }
    }

    @Test
    void theQueueWakesAnIdleCodex(@TempDir Path root) throws Exception {
        try (HookedClient client = HookedClient.codex(root, CODEX).setUp()) {
            TmuxPane pane = client.open(HookedClient.CODEX_READY, "-s", "danger-full-access", "-a", "never");
            SessionId id = client.greeted(pane);
            pane.type("half a thought");
            wakes(
                    client,
                    id,
                    new Rung("native", "codex-queue", "codex queue, no daemon", Duration.ofSeconds(10)),
                    "%s",
                    idle(client, id));
            pane.awaitText("half a thought");
        }
    }

    /** The sender says nothing about waking: an idle Codex comes for its mail as an idle Claude Code does. */
    @Test
    void anIdleCodexIsWokenByDefault(@TempDir Path root) throws Exception {
        try (HookedClient client = HookedClient.codex(root, CODEX).setUp();
                Agent helper = helper(client, "auto")) {
            TmuxPane pane = client.open(HookedClient.CODEX_READY, "-s", "danger-full-access", "-a", "never");
            SessionId id = client.greeted(pane);

            Result sent = helper.call("send_message", "target", name(client, id), "body", "by a peer, of course.")
                    .ok();
            assertEquals("codex-queue", sent.text("/wake_via"), sent::toString);
            assertEquals("now", sent.text("/outlook"), sent::toString);
            Result second = helper.call("send_message", "target", name(client, id), "body", "right behind it.")
                    .ok();
            assertTrue(List.of("on_its_way", "next_tool_call").contains(second.text("/outlook")), second::toString);
            client.conversationWith("by a peer, of course.");
            client.conversationWith("right behind it.");
            client.awaitActivity(id, Activity.IDLE);
            await().pollDelay(SPACING).until(() -> true);

            Shell shell = Shell.parley(
                            Shell.environment(client.office.store().home()),
                            client.project,
                            "",
                            "send",
                            name(client, id),
                            "by its user, of course.")
                    .exited(0);
            assertTrue(shell.out().contains("outlook: now, rung by codex-queue"), shell::out);
            client.conversationWith("by its user, of course.");
        }
    }

    /** Codex would keep the text until its user's next prompt, and says that it is queued. */
    @Test
    void aCodexThatItsUserInterruptedIsNotSaidToBeRung(@TempDir Path root) throws Exception {
        String scenario = """
                {"fallback": {"text": "pong"}, "sessions": [{"name": "one", "match": "please think", "steps": [
                  {"hold": true}, {"text": "pong"}]}]}
                """;
        try (HookedClient client = HookedClient.codex(root, scenario).setUp();
                Agent helper = helper(client, "native")) {
            TmuxPane pane = client.open(HookedClient.CODEX_READY, "-s", "danger-full-access", "-a", "never");
            pane.submit("please think");
            SessionId id = client.session();
            client.conversationWith("please think");
            pane.press("Escape");
            client.awaitActivity(id, Activity.HELD);

            Result sent = helper.call("send_message", "target", id.value(), "body", "when you are back.")
                    .ok();

            assertEquals("stored", sent.text("/state"), sent::toString);
            assertEquals("when_read", sent.text("/outlook"), sent::toString);
            assertTrue(sent.text("/wake_reason").contains("interrupted"), sent::toString);
            pane.submit("go on");
            client.conversationWith("when you are back.");
        }
    }

    /** No hooks of ours: nobody watches the bell, and the line that is typed is what its model is asked. */
    @Test
    void tmuxWakesAnIdleClaudeWithoutHooks(@TempDir Path root) throws Exception {
        try (HookedClient client = HookedClient.claude(root, CLAUDE)) {
            TmuxPane pane = client.open(HookedClient.CLAUDE_READY);
            SessionId id = registeredByHand(client, "claude-code", pane);
            String typed = "a message from a peer session is waiting";
            wakes(client, id, new Rung("tmux", "tmux", "tmux, Claude Code", Duration.ZERO), typed, () -> {
                pane.awaitText(HookedClient.CLAUDE_READY);
                pane.awaitNoText("esc to interrupt");
                return true;
            });
        }
    }

    @Test
    void tmuxWakesAnIdleCodexWhenTheNativeRungsAreOff(@TempDir Path root) throws Exception {
        try (HookedClient client = HookedClient.codex(root, CODEX).setUp()) {
            TmuxPane pane = client.open(HookedClient.CODEX_READY, "-s", "danger-full-access", "-a", "never");
            SessionId id = client.greeted(pane);
            wakes(client, id, new Rung("tmux", "tmux", "tmux, Codex", Duration.ZERO), "%s", idle(client, id));
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

    @Test
    void aLateAnswerWakesItsAskerOnce(@TempDir Path root) throws Exception {
        try (HookedClient client = HookedClient.claude(root, CLAUDE).setUp()) {
            TmuxPane pane = client.open(HookedClient.CLAUDE_READY);
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

    private static void report(Rung rung, List<Long> millis) {
        List<Long> sorted = new ArrayList<>(millis);
        Collections.sort(sorted);
        System.out.printf(
                Locale.ROOT,
                "send_message -> the model's request, %s: p50 %d ms, p95 %d ms, max %d ms over %d runs: %s%n",
                rung.name(),
                sorted.get(sorted.size() / 2),
                sorted.get((int) Math.ceil(0.95 * sorted.size()) - 1),
                sorted.get(sorted.size() - 1),
                sorted.size(),
                sorted);
    }
}
