package dev.parley.hooks;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.SessionId;
import dev.parley.clients.TmuxPane;
import dev.parley.fixture.Agent;
import dev.parley.fixture.Distribution;
import dev.parley.fixture.Result;
import dev.parley.fixture.Shell;
import dev.parley.mailbox.Envelope;
import dev.parley.peer.Peer;
import dev.parley.peer.Presence.Life;
import dev.parley.wake.ResumeLog;
import dev.parley.wake.ResumeRecords;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code parley resume --headless} with the real clients: refused while the owner lives, and under the same id once it is gone. */
@Tag("clients")
@Tag("tmux")
final class ResumeClientIT {

    @Test
    void aGoneClaudeGoesOnUnderTheSameId(@TempDir Path root) throws Exception {
        String scenario = """
            {"sessions": [{"name": "test", "default": {"text": "pong"}}]}
            """;
        try (HookedClient client = HookedClient.claude(root, scenario).setUp()) {
            TmuxPane pane = client.open(HookedClient.CLAUDE_READY);
            SessionId id = client.session();
            client.greeted(pane);
            Path transcript = transcript(client, id);
            assertGoesOn(client, pane, id, transcript, "claude");
            assertEquals("default", bound(client, id).permissionMode().orElse(""));
        }
    }

    @Test
    void aGoneCodexGoesOnUnderTheSameId(@TempDir Path root) throws Exception {
        try (HookedClient client =
                HookedClient.codex(root, "{\"fallback\": {\"text\": \"pong\"}}").setUp()) {
            TmuxPane pane = client.open(HookedClient.CODEX_READY);
            SessionId id = client.greeted(pane);
            Path transcript = transcript(client, id);
            assertGoesOn(client, pane, id, transcript, "codex");
            String written = Files.readString(transcript);
            String last = written.substring(written.lastIndexOf("\"turn_context\""));
            assertTrue(last.contains("\"sandbox_policy\":{\"type\":\"read-only\""), last);
        }
    }

    private static final String CLAUDE_ANSWERS = """
        {"sessions": [{"name": "test", "default": {"text": "pong"}, "rules": [
          {"when": "waits for your answer", "times": 9, "capture": {"id": ".*message (m-[0-9a-z]{16}) from"},
           "text": "I answer.", "tool_use": {"name": "mcp__parley__reply_to_message",
             "input": {"message_id": "${id}", "body": "It is green."}}},
          {"when": "in_reply_to_message_id", "times": 9, "text": "I have answered."}]}]}
        """;

    private static final String CODEX_ANSWERS = """
        {"fallback": {"text": "pong"}, "rules": [
          {"when": "be limited", "status": 429,
           "headers": {"x-codex-primary-used-percent": "100", "x-codex-primary-window-minutes": "300",
             "x-codex-primary-reset-at": "%1$s"}, "error": {"error": {"type": "usage_limit_reached",
             "message": "The usage limit has been reached", "plan_type": "plus", "resets_at": %1$s}}},
          {"when": "waits for your answer", "capture": {"id": ".*message (m-[0-9a-z]{16}) from"},
           "text": "I answer.", "function_call": {"namespace": "mcp__parley", "name": "reply_to_message",
             "arguments": {"message_id": "{{id}}", "body": "It is green."}}},
          {"when": "in_reply_to_message_id", "text": "I have answered."}]}
        """;

    @Test
    void aRequestHasAGoneClaudeAnswer(@TempDir Path root) throws Exception {
        try (HookedClient client =
                HookedClient.claudeByItself(root, CLAUDE_ANSWERS).setUp()) {
            TmuxPane pane = client.open(HookedClient.CLAUDE_READY);
            SessionId id = client.session();
            client.greeted(pane);
            try (Agent asker = asker(client)) {
                assertRefusedWhileItLives(client, asker, id);
                end(client, pane, id);
                assertAnswers(asker, id);
                awaitNotedEnd(client, id, 1);
                // What the first turn left behind keeps it from no second.
                assertAnswers(asker, id);
                awaitNotedEnd(client, id, 2);
            }
            assertTrue(client.office.peers().find(id).isPresent());
            assertTrue(log(client, id).runs().get(0).end().orElseThrow().cost().isPresent(), "it tells what it cost");
        }
    }

    @Test
    void aRequestHasAGoneCodexAnswerAndALimitParksIt(@TempDir Path root) throws Exception {
        long reset = Instant.now().plus(Duration.ofHours(3)).getEpochSecond();
        try (HookedClient client =
                HookedClient.codexByItself(root, CODEX_ANSWERS.formatted(reset)).setUp()) {
            TmuxPane pane = client.open(HookedClient.CODEX_READY);
            SessionId id = client.greeted(pane);
            try (Agent asker = asker(client)) {
                assertRefusedWhileItLives(client, asker, id);
                end(client, pane, id);
                assertAnswers(asker, id);
                awaitNotedEnd(client, id, 1);
                assertAnswers(asker, id);
                awaitNotedEnd(client, id, 2);
                asker.call("send_message", "target", id.value(), "body", "be limited", "expects_reply", true)
                        .ok();
                await().atMost(Duration.ofSeconds(60))
                        .until(() -> log(client, id).parking().isPresent());
                ResumeLog.Parking parking = log(client, id).parking().orElseThrow();
                assertEquals("rate_limited", parking.reason());
                assertTrue(
                        Math.abs(parking.until().orElseThrow().getEpochSecond() - reset) < 60,
                        () -> parking + " is not " + reset);
            }
        }
    }

    private static Agent asker(HookedClient client) throws Exception {
        Agent.Builder builder = Agent.in(client.office.store().home(), client.project);
        builder.with("PATH", client.environment.get("PATH")).with("PARLEY_RESUME", "on");
        builder.with("PARLEY_RESUME_BACK_OFF_MS", "1000");
        Agent agent = builder.start();
        agent.call("claim_session", "session_id", "asker-0001").ok();
        return agent;
    }

    private static void assertRefusedWhileItLives(HookedClient client, Agent asker, SessionId id) throws Exception {
        asker.call("send_message", "target", id.value(), "body", "later", "expects_reply", true, "wake", "off")
                .ok();
        Path transcript = transcript(client, id);
        await().atMost(Duration.ofSeconds(30)).until(() -> isQuiet(transcript));
        byte[] before = Files.readAllBytes(transcript);
        Map<String, String> on = new TreeMap<>(client.environment);
        on.put("PARLEY_RESUME", "on");
        on.put("PARLEY_JAVA", Distribution.java().toString());
        Shell.run(Distribution.command("resume-waiting", id.value()), on, client.project, "", 90)
                .exited(0)
                .says("held_elsewhere");
        assertArrayEquals(before, Files.readAllBytes(transcript), "nothing was written while its owner lives");
        assertEquals(0, log(client, id).runs().size());
    }

    private static void end(HookedClient client, TmuxPane pane, SessionId id) {
        kill(pane);
        await().atMost(Duration.ofSeconds(15)).until(() -> {
            Peer peer = client.office.peers().find(id).orElseThrow();
            return client.office.peers().presence(peer).life() == Life.GONE;
        });
    }

    private static void assertAnswers(Agent asker, SessionId id) throws Exception {
        Result asked = asker.call("ask_peer", "target", id.value(), "body", "is the build green?", "timeout_ms", 25_000)
                .ok();
        assertEquals("resume", asked.text("/wake_via"), asked.toString());
        if (asked.at("/timed_out").asBoolean()) {
            asked = asker.call("ask_peer", "request_id", asked.text("/request_id"), "timeout_ms", 25_000)
                    .ok();
        }
        assertEquals("It is green.", asked.text("/reply/body"), asked.toString());
    }

    private static void awaitNotedEnd(HookedClient client, SessionId id, int runs) {
        await().atMost(Duration.ofSeconds(60))
                .until(() -> log(client, id).runs().size() == runs
                        && log(client, id)
                                .runs()
                                .get(runs - 1)
                                .end()
                                .filter(end -> end.outcome() == ResumeLog.Outcome.DONE)
                                .isPresent());
    }

    private static ResumeLog log(HookedClient client, SessionId id) throws IOException {
        return new ResumeRecords(client.office).of(id);
    }

    private static dev.parley.peer.Binding bound(HookedClient client, SessionId id) throws IOException {
        return client.office.peers().binding(client.office.peers().find(id).orElseThrow());
    }

    private static Path transcript(HookedClient client, SessionId id) throws IOException {
        return Path.of(bound(client, id).transcript().orElseThrow());
    }

    private static void assertGoesOn(HookedClient client, TmuxPane pane, SessionId id, Path transcript, String program)
            throws Exception {
        Envelope sent = client.send(id, "the build is red");
        await().atMost(Duration.ofSeconds(30)).until(() -> isQuiet(transcript));
        byte[] before = Files.readAllBytes(transcript);

        resume(client, "resume", "--headless", id.value()).exited(3).says("held_elsewhere");
        assertArrayEquals(before, Files.readAllBytes(transcript), "nothing was written while its owner lives");

        kill(pane);
        await().atMost(Duration.ofSeconds(15)).until(() -> {
            Peer peer = client.office.peers().find(id).orElseThrow();
            return client.office.peers().presence(peer).life() == Life.GONE;
        });
        resume(client, "resume", "--dry-run", id.value()).exited(0).says("verdict: free", program);
        Shell resumed = resume(client, "resume", "--headless", id.value());
        resumed.exited(0).says("ended with 0");

        client.conversationWith(sent.id().value());
        client.awaitShown(sent);
        String now = Files.readString(transcript);
        assertTrue(now.length() > before.length, "it went on in the same transcript");
        assertTrue(now.contains("the build is red"), "with the mail that waited");
    }

    private static boolean isQuiet(Path file) throws InterruptedException {
        try {
            long size = Files.size(file);
            Thread.sleep(1500);
            return Files.size(file) == size;
        } catch (NoSuchFileException e) {
            // It has not been begun.
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Shell resume(HookedClient client, String... arguments) throws Exception {
        Map<String, String> environment = new TreeMap<>(client.environment);
        environment.put("PARLEY_JAVA", Distribution.java().toString());
        environment.put("XDG_CACHE_HOME", Distribution.cache().toString());
        return Shell.run(Distribution.command(arguments), environment, client.project, "", 90);
    }

    private static void kill(TmuxPane pane) {
        pane.command("set-option", "-p", "remain-on-exit", "on");
        ProcessHandle client = ProcessHandle.of(pane.process()).orElseThrow();
        Stream<ProcessHandle> children = client.children()
                .filter(child -> !child.info().command().orElse("").endsWith("java"));
        Stream.concat(children, Stream.of(client)).forEach(ProcessHandle::destroyForcibly);
    }
}
