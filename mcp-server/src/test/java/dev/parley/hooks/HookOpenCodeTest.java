package dev.parley.hooks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.SessionId;
import dev.parley.mailbox.Envelope;
import dev.parley.peer.Peer;
import dev.parley.peer.Project;
import dev.parley.peer.Registration;
import dev.parley.store.process.LocalProcessTable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The hook as Parley's plug-in for OpenCode runs it: without a transcript, and with mail that rings for a turn of its own. */
class HookOpenCodeTest {

    private static final String BELL = "Mail from a peer session waits.";

    private HookFixture hook;

    @BeforeEach
    void start(@TempDir Path root) throws Exception {
        hook = new HookFixture(root);
        hook.client = Peer.OPENCODE;
    }

    private HookInput event(String name, String turn) {
        return HookInput.of(name, hook.id.value(), hook.project.toString())
                .without("transcript_path")
                .without("permission_mode")
                .with("prompt_id", "msg_22339d87" + turn);
    }

    private void started() throws Exception {
        hook.run(event("SessionStart", "0000").with("source", "startup"));
        Files.delete(hook.store.session(hook.id).resolve("greeting"));
    }

    @Test
    void itsStartNamesTheBellThatThePluginWatches() throws Exception {
        HookRun run = hook.run(event("SessionStart", "0000").with("source", "startup"));

        assertTrue(
                run.out()
                        .contains("\"watchPaths\":[\""
                                + hook.store.session(hook.id).resolve("doorbell") + "\"]"),
                run.out());
        assertEquals(hook.id.value() + "\n", Files.readString(hook.pointer()));
    }

    @Test
    void itsFirstPromptTakesOverTheAddressThatItsServerMadeUp() throws Exception {
        SessionId made = new SessionId(Peer.MADE_UP + "4f6a1b2c3d4e5f60");
        hook.peers.register(new Registration(
                made,
                Peer.OPENCODE,
                hook.project.toString(),
                Project.of(hook.project).key(),
                Optional.of(LocalProcessTable.INSTANCE.self()),
                Optional.of(LocalProcessTable.INSTANCE.self()),
                Optional.empty(),
                false));
        Envelope early = hook.send(made, "early", Optional.empty());

        hook.run(event("SessionStart", "0000").with("source", "startup"));
        HookRun prompt = hook.run(event("UserPromptSubmit", "0001"));

        assertEquals(hook.id, hook.peers.current(made));
        assertTrue(prompt.out().contains(early.id().value()), prompt.out());
        assertFalse(prompt.out().contains("Other agent sessions"), prompt.out());
    }

    @Test
    void theEndOfATurnHandsNothingOverAndTheBellRingsForIt() throws Exception {
        started();
        hook.run(event("UserPromptSubmit", "0001"));
        Envelope sent = hook.send("hello");

        assertEquals("", hook.run(event("Stop", "0001")).out());
        assertEquals("idle", hook.activity());
        assertEquals(2, hook.run(event("FileChanged", "0001")).exit());
        HookRun woken = hook.run(event("UserPromptSubmit", "0002").with("prompt", BELL));

        assertTrue(woken.out().contains(sent.id().value()), woken.out());
        hook.run(event("Stop", "0002"));
        assertEquals(1, hook.names("shown").size(), "the end of its turn proves it");
        assertEquals(0, hook.run(event("FileChanged", "0002")).exit());
    }

    @Test
    void aBellWhoseMailIsGoneSaysSo() throws Exception {
        started();
        HookRun woken = hook.run(event("UserPromptSubmit", "0001").with("prompt", BELL));
        assertTrue(woken.out().startsWith("{\"decision\":\"block\""), woken.out());
    }

    @Test
    void mailOfAnInterruptedTurnComesAgainWithTheNextPrompt() throws Exception {
        started();
        Envelope sent = hook.send("hello");
        hook.run(event("UserPromptSubmit", "0001"));
        hook.run(event("Interrupt", "0001"));
        assertEquals("held", hook.activity());

        HookRun next = hook.run(event("UserPromptSubmit", "0002"));

        assertTrue(next.out().contains("(redelivered"), next.out());
        assertTrue(next.out().contains(sent.id().value()), next.out());
    }
}
