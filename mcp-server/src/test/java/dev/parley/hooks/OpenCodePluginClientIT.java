package dev.parley.hooks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.mailbox.Envelope;
import dev.parley.peer.Peer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The plug-in for OpenCode in Node.js, with the real hook, and with what OpenCode 1.18.33 was seen to call it with. */
@Tag("clients")
@Timeout(60)
final class OpenCodePluginClientIT {

    private static final Path PLUGIN = Path.of("..", "assets", "opencode-plugin", "parley.js")
            .toAbsolutePath()
            .normalize();
    private static final Path PLAYER =
            Path.of("src/test/resources/dev/parley/hooks/opencode-plugin.mjs").toAbsolutePath();

    private HookFixture hook;
    private Process process;
    private BufferedReader answers;

    @BeforeEach
    void start(@TempDir Path root) throws Exception {
        hook = new HookFixture(root);
        hook.client = Peer.OPENCODE;
        ProcessBuilder builder = new ProcessBuilder(
                "node",
                PLAYER.toString(),
                PLUGIN.toString(),
                HookRun.SCRIPT.toString(),
                hook.home.toString(),
                hook.project.toString());
        process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
        answers = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
    }

    @AfterEach
    void stop() throws IOException {
        process.getOutputStream().close();
        process.destroy();
    }

    private String order(String json) throws IOException {
        process.getOutputStream().write((json + "\n").getBytes(UTF_8));
        process.getOutputStream().flush();
        return answers.readLine();
    }

    private String prompt(String session) throws IOException {
        return order("{\"session\":\"" + session + "\",\"message\":\"hello\"}");
    }

    private String event(String type, String properties) throws IOException {
        return order("{\"event\":{\"type\":\"" + type + "\",\"properties\":{\"sessionID\":\"" + hook.id + "\""
                + properties + "}}}");
    }

    private void ring() throws IOException {
        Files.setLastModifiedTime(
                hook.store.session(hook.id).resolve("doorbell"), FileTime.from(Instant.parse("2026-05-01T10:00:00Z")));
    }

    @Test
    void mailStandsBehindThePromptAndInTheResultsOfTools() throws Exception {
        prompt(hook.id.value());
        Envelope first = hook.send("one");
        String parts = prompt(hook.id.value());
        assertTrue(parts.indexOf("hello") < parts.indexOf(first.id().value()), parts);

        Envelope second = hook.send("two");
        String server = order("{\"session\":\"" + hook.id + "\",\"tool\":\"server\"}");
        assertTrue(server.contains(second.id().value()) && server.startsWith("{\"content\":[{"), server);
        Envelope third = hook.send("three");
        String own = order("{\"session\":\"" + hook.id + "\",\"tool\":\"own\"}");
        assertTrue(own.contains(third.id().value()) && own.startsWith("{\"output\":\"done"), own);
    }

    @Test
    void anIdleSessionIsWokenByItsBellWithTheAgentThatItHad() throws Exception {
        prompt(hook.id.value());
        event("session.idle", "");
        assertEquals("idle", hook.activity());

        Envelope sent = hook.send("hello");
        ring();
        String prompted = answers.readLine();

        assertTrue(prompted.startsWith("{\"prompted\":[{"), prompted);
        assertTrue(prompted.contains(sent.id().value()) && prompted.contains("\"agent\":\"plan\""), prompted);
        event("session.idle", "");
        assertEquals(1, hook.names("shown").size());
    }

    @Test
    void mailThatCameAtTheEndOfATurnGetsATurnOfItsOwn() throws Exception {
        prompt(hook.id.value());
        Envelope sent = hook.send("hello");
        String prompted = event("session.idle", "");
        assertTrue(prompted.contains("prompted") && prompted.contains(sent.id().value()), prompted);
        assertTrue(answers.readLine().contains("told"));
    }

    @Test
    void whatItsUserInterruptedWaitsForItsUser() throws Exception {
        prompt(hook.id.value());
        event("session.error", ",\"error\":{\"name\":\"MessageAbortedError\"}");
        hook.send("hello");
        assertTrue(event("session.idle", "").contains("told"));
        assertEquals("held", hook.activity());
        assertEquals(1, hook.mailboxes.of(hook.id).waiting());
        assertTrue(prompt(hook.id.value()).contains("Parley: 1 message"));
    }

    @Test
    void aSubAgentHasNoMailbox() throws Exception {
        order("{\"event\":{\"type\":\"session.created\",\"properties\":{\"info\":{\"id\":\"ses_sub\",\"parentID\":\""
                + hook.id + "\"}}}}");
        prompt(hook.id.value());
        hook.send("hello");
        assertFalse(prompt("ses_sub").contains("Parley"));
        assertEquals(1, hook.mailboxes.of(hook.id).waiting());
    }
}
