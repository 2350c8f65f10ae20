package dev.parley.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.fixture.Agent;
import dev.parley.fixture.Peers;
import dev.parley.fixture.Result;
import dev.parley.fixture.Shell;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mail for sessions that have ended and can come back. */
class OutStdioIT {

    private static final String CLAUDE = "7b1f0c4e-52a1-4c3e-9a55-0123456789ab";
    private static final String CODEX = "019a0c4e-52a1-7c3e-9a55-0123456789ab";

    private static Peers peers;
    private static Agent alice;

    @BeforeAll
    static void start(@TempDir Path root) throws Exception {
        peers = new Peers(root);
        alice = peers.join("alice");
    }

    @AfterAll
    static void stop() throws Exception {
        peers.close();
        peers.assertSound();
    }

    private static Agent.Builder claude() {
        return peers.agent().underOwnParent().client("claude-code").with("CLAUDE_CODE_SESSION_ID", CLAUDE);
    }

    /** As the hook of the end of a session leaves it. */
    private static void leave(Agent agent, String session) throws Exception {
        agent.close();
        Files.writeString(peers.session(session).resolve("activity"), "ended\n");
    }

    @Test
    void whoHasLeftGetsHisMailWhenHeIsResumed() throws Exception {
        Agent before = peers.keep(claude().start());
        before.call("set_my_state", "name", "leaver").ok();
        leave(before, CLAUDE);

        Result sent = alice.call("send_message", "target", "leaver", "body", "one", "wake", "auto")
                .ok();
        assertEquals("stored", sent.text("/state"));
        assertEquals("when_resumed", sent.text("/outlook"));
        assertEquals("claude --resume " + CLAUDE, sent.text("/resume"));
        assertEquals(peers.project().toString(), sent.text("/resume_cwd"));
        assertEquals("skipped_no_target", sent.text("/wake_status"), "there is nobody to wake");

        Shell.parley(peers, "send", "leaver", "two")
                .exited(0)
                .says(
                        "stored m-",
                        "outlook: when_resumed. " + sent.text("/hint"),
                        peers.project().toString());

        // A wait would exceed the call's own limit.
        Result asked =
                alice.call("ask_peer", "target", "leaver", "body", "three").ok();
        assertEquals(true, asked.at("/timed_out").booleanValue());
        assertEquals("when_resumed", asked.text("/outlook"));
        assertEquals("claude --resume " + CLAUDE, asked.text("/resume"));

        String status = Shell.parley(peers, "status").exited(0).out();
        assertTrue(status.lines().anyMatch(line -> line.startsWith("leaver ") && line.contains(" 3 ")), status);
        assertEquals(
                "stored",
                alice.call("message_status", "message_id", sent.text("/message_id"))
                        .ok()
                        .text("/state"));

        Files.writeString(peers.session(CLAUDE).resolve("activity"), "idle\n");
        Agent after = peers.keep(claude().start());
        assertEquals(3, after.awaitMail().at("/count").asInt());
    }

    @Test
    void aReplyWaitsForItsAskerTheSame() throws Exception {
        Agent asker = peers.keep(peers.agent()
                .underOwnParent()
                .client("codex-mcp-client")
                .meta("threadId", CODEX)
                .start());
        asker.call("set_my_state", "name", "asker").ok();
        asker.call("send_message", "target", "alice", "body", "are you there?").ok();
        asker.close();
        // The office may have told alice of others that are out.
        String id = alice.awaitMessage("are you there?");
        Result reply =
                alice.call("reply_to_message", "message_id", id, "body", "yes").ok();
        assertEquals("when_resumed", reply.text("/outlook"));
        assertEquals("codex resume " + CODEX, reply.text("/resume"));
        assertEquals("uncorrelated", reply.text("/correlation"));
    }

    @Test
    void aClientWithoutACommandReadsItWhenItTakesItsAddressUp() throws Exception {
        peers.join("plain").close();
        Result sent = alice.call("send_message", "target", "plain", "body", "for later")
                .ok();
        assertEquals("when_read", sent.text("/outlook"));
        assertFalse(sent.fields().contains("resume"), sent::toString);
        assertTrue(sent.text("/hint").contains("claim_session"), sent::toString);
        Agent back = peers.join("plain");
        assertEquals("for later", back.awaitMail().text("/messages/0/body"));
    }

    @Test
    void everyResultSaysHowMuchWaitsForAClientWithoutHooks() throws Exception {
        Agent bob = peers.join("bob");
        assertFalse(bob.call("get_my_session").ok().fields().contains("unread"), "nothing waits");
        alice.call("send_message", "target", "bob", "body", "one").ok();
        alice.call("send_message", "target", "bob", "body", "two").ok();
        assertEquals(2, bob.call("get_my_session").ok().at("/unread").asInt());
        assertEquals(
                2,
                bob.call("send_message", "target", "nobody", "body", "x")
                        .failed("target-not-found")
                        .at("/unread")
                        .asInt());
        assertEquals(
                1, bob.call("read_my_messages", "limit", 1).ok().at("/unread").asInt());
        assertFalse(bob.call("read_my_messages").ok().fields().contains("unread"));

        Files.writeString(peers.session("bob-session").resolve("activity"), "idle\n");
        alice.call("send_message", "target", "bob", "body", "three").ok();
        assertFalse(bob.call("get_my_session").ok().fields().contains("unread"), "its hooks tell it");
        bob.call("read_my_messages").ok();
    }
}
