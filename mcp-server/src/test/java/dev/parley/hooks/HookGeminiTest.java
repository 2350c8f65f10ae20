package dev.parley.hooks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.mailbox.Envelope;
import dev.parley.peer.Peer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The hook at the events of Gemini CLI, with the input and the transcript that version 0.61.0 was seen to write. */
class HookGeminiTest {

    private HookFixture hook;

    @BeforeEach
    void start(@TempDir Path root) throws Exception {
        hook = new HookFixture(root);
        hook.client = Peer.GEMINI_CLI;
        hook.run(event("SessionStart", "00").with("source", "startup"));
        Files.delete(hook.store.session(hook.id).resolve("greeting"));
    }

    /** What it writes to a hook, at a second of one minute. */
    private HookInput event(String name, String second) {
        return hook.input(name)
                .without("prompt_id")
                .without("permission_mode")
                .with("timestamp", "2026-11-28T17:35:" + second + ".563Z");
    }

    private static String line(String type, String content) {
        return "{\"id\":\"30c2be0e\",\"timestamp\":\"2026-11-28T17:35:11.639Z\",\"type\":\"" + type + "\",\"content\":"
                + content + "}";
    }

    private String shown(String before, String number) {
        return line("user", "[{\"text\":\"" + before + "Parley: 1 message (hand-over " + number + ")\"}]");
    }

    @Test
    void mailComesWithThePromptUnderTheEventsOwnName() throws Exception {
        Envelope sent = hook.send("hello");

        HookRun run = hook.run(event("BeforeAgent", "01").with("prompt", "go"));

        assertTrue(run.out().startsWith("{\"hookSpecificOutput\":{\"hookEventName\":\"BeforeAgent\""), run.out());
        assertTrue(run.out().contains(sent.id().value()), run.out());
        assertEquals("busy", hook.activity());
    }

    @Test
    void mailComesWithTheResultOfATool() throws Exception {
        hook.run(event("BeforeAgent", "01").with("prompt", "go"));
        Envelope sent = hook.send("hello");

        HookRun run = hook.run(event("AfterTool", "02").with("tool_name", "read_file"));

        assertTrue(run.out().startsWith("{\"hookSpecificOutput\":{\"hookEventName\":\"AfterTool\""), run.out());
        assertTrue(run.out().contains(sent.id().value()), run.out());
    }

    @Test
    void theEndOfATurnGoesOnWithMailAndStopsAfterFiveTimes() throws Exception {
        hook.run(event("BeforeAgent", "01").with("prompt", "go"));
        for (int i = 0; i < 5; i++) {
            hook.send("number " + i);
            HookRun end = hook.run(event("AfterAgent", "02"));
            assertTrue(end.out().startsWith("{\"decision\":\"block\",\"reason\":\"Parley: 1 message"), end.out());
            hook.transcript(shown("", hook.handOver()), line("gemini", "\"so be it\""));
            // The reason comes back as a prompt, under a time of its own.
            assertEquals(
                    "",
                    hook.run(event("BeforeAgent", "0" + (3 + i)).with("prompt", "Parley: 1 message from a peer"))
                            .out());
        }
        hook.send("one more");
        assertEquals("", hook.run(event("AfterAgent", "20")).out());
        assertEquals("idle", hook.activity());

        hook.run(event("BeforeAgent", "30").with("prompt", "go"));
        hook.transcript(shown("<hook_context>", hook.handOver()), line("gemini", "\"yes\""));
        hook.send("and another");
        assertFalse(hook.run(event("AfterAgent", "31")).out().isEmpty(), "a prompt of the user's begins to count anew");
    }

    @Test
    void whatTheModelAnsweredWasShown() throws Exception {
        hook.send("hello");
        hook.run(event("BeforeAgent", "01").with("prompt", "go"));
        hook.transcript(shown("<hook_context>", hook.handOver()), line("gemini", "\"hi\""));

        hook.run(event("AfterAgent", "02"));

        assertEquals(0, hook.claims().size());
        assertEquals(0, hook.mailboxes.of(hook.id).waiting());
    }

    @Test
    void whatWasNotAnsweredComesAgainWithTheNextPrompt() throws Exception {
        Envelope sent = hook.send("hello");
        hook.run(event("BeforeAgent", "01").with("prompt", "go"));
        hook.transcript(shown("<hook_context>", hook.handOver()));

        HookRun next = hook.run(event("BeforeAgent", "09").with("prompt", "again"));

        assertTrue(next.out().contains("(redelivered"), next.out());
        assertTrue(next.out().contains(sent.id().value()), next.out());
    }

    @Test
    void whatAToolPrintedIsNoSign() throws Exception {
        hook.send("hello");
        hook.run(event("BeforeAgent", "01").with("prompt", "go"));
        hook.transcript(
                line(
                        "user",
                        "[{\"functionResponse\":{\"response\":{\"output\":\"(hand-over " + hook.handOver() + ")\"}}}]"),
                line("gemini", "\"hi\""));

        hook.run(event("AfterAgent", "02"));

        assertEquals(0, hook.claims().size());
        assertEquals(1, hook.mailboxes.of(hook.id).waiting());
    }

    @Test
    void aCancelledTurnIsNotKeptGoing() throws Exception {
        hook.run(event("BeforeAgent", "01").with("prompt", "go"));
        hook.send("hello");

        HookRun end = hook.run(event("AfterAgent", "02")
                .with("prompt", "go")
                .with("prompt_response", "[no response text]")
                .with("stop_hook_active", false));

        assertEquals("", end.out());
        assertEquals("idle", hook.activity());
        assertEquals(1, hook.mailboxes.of(hook.id).waiting());
    }

    @Test
    void aResumedSessionIsKnownByItsFirstPrompt() throws Exception {
        Files.delete(hook.pointer());
        hook.run(event("BeforeAgent", "01").with("prompt", "go"));
        assertEquals(hook.id.value() + "\n", Files.readString(hook.pointer()));
    }

    @Test
    void aQuestionToTheUserIsNotedUntilTheToolHasRun() throws Exception {
        hook.run(event("BeforeAgent", "01").with("prompt", "go"));
        hook.run(event("Notification", "02").with("notification_type", "ToolPermission"));
        assertEquals("asks", hook.activity());
        hook.run(event("AfterTool", "03"));
        assertEquals("busy", hook.activity());
        hook.run(event("SessionEnd", "04").with("reason", "exit"));
        assertEquals("ended", hook.activity());
    }

    @Test
    void itsProcessTellsItsServerWhichSessionItIs() throws Exception {
        assertEquals(hook.id.value() + "\n", Files.readString(hook.pointer()));
    }
}
