package dev.parley.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.fixture.Agent;
import dev.parley.fixture.Peers;
import dev.parley.fixture.Result;
import dev.parley.fixture.Shell;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whose a {@code parley} command is. The test's own process is the client above both its servers and its commands. */
@Tag("slow")
class CallerStdioIT {

    @TempDir
    private Path root;

    private Peers peers;
    private Agent bob;

    @BeforeEach
    void start() throws Exception {
        peers = new Peers(root);
        bob = peers.join("bob");
    }

    @AfterEach
    void stop() throws Exception {
        peers.close();
        peers.assertSound();
    }

    private Agent claude(String session) throws Exception {
        Agent claude = peers.keep(peers.agent()
                .client("claude-code")
                .with("CLAUDE_CODE_SESSION_ID", session)
                .start());
        claude.call("set_my_state", "name", "clara").ok();
        return claude;
    }

    @Test
    void aPersonsMessageIsTheOperators() throws Exception {
        Shell.parley(peers, "send", "bob", "from a person").exited(0);
        Result mail = bob.awaitMail();
        assertEquals("operator", mail.text("/messages/0/origin"));
        assertEquals("operator", mail.text("/messages/0/from_name"));
        assertFalse(mail.at("/messages/0").has("from_session_id"), mail::toString);
    }

    @Test
    void aCommandInsideAClientIsItsSessions() throws Exception {
        String session = UUID.randomUUID().toString();
        Agent clara = claude(session);
        Shell.parley(peers, "send", "bob", "from an agent's shell").exited(0).says("from clara");
        Result mail = bob.awaitMail();
        assertEquals("peer", mail.text("/messages/0/origin"));
        assertEquals("clara", mail.text("/messages/0/from_name"));
        assertEquals(session, mail.text("/messages/0/from_session_id"));
        bob.call("reply_to_message", "message_id", mail.text("/messages/0/id"), "body", "to you")
                .ok();
        assertEquals("to you", clara.awaitMail().text("/messages/0/body"));
        Shell.parley(peers, "send", "clara", "to myself").exited(1).says("the session that this command runs in");
    }

    @Test
    void aCommandInsideAClientReachesNoOtherProject() throws Exception {
        claude(UUID.randomUUID().toString());
        Path elsewhere = Files.createDirectories(root.resolve("elsewhere"));
        Agent far = peers.keep(peers.agent().at(elsewhere).start());
        far.call("set_my_state", "name", "far-away").ok();
        Map<String, String> environment = Shell.environment(peers.home());
        Shell.parley(environment, elsewhere, "", "send", "far-away", "hello")
                .exited(1)
                .says("another project");
        assertEquals(0, far.call("read_my_messages").ok().at("/count").asInt());
    }

    @Test
    void whatOnlyAPersonMayDoIsRefusedInsideAClient() throws Exception {
        claude(UUID.randomUUID().toString());
        Agent dave = peers.join("dave");
        dave.close();
        Shell.parley(peers, "adopt", "dave-session", "--for", "clara")
                .exited(1)
                .says("is for a person", "clara", "Nothing was changed");
        assertTrue(Files.notExists(peers.session("dave-session").resolve("moved_to")));
        Path hub = peers.home().resolve("hub");
        Files.writeString(hub, """
                parley hub 1
                url nats://127.0.0.1:1
                team blue
                host laptop
                incarnation 0123456789abcdef
                login nobody
                accept all
                """);
        String before = Files.readString(hub);
        for (String command : List.of("join nats://127.0.0.1:1 --team blue", "share", "unshare", "leave --strand")) {
            Shell.parley(peers, ("hub " + command).split(" ")).exited(1).says("is for a person", "Nothing was changed");
        }
        assertEquals(before, Files.readString(hub));
        Files.delete(hub);
    }

    @Test
    void whereAClientHostsSeveralSessionsNobodyIsGuessed() throws Exception {
        for (String thread :
                new String[] {UUID.randomUUID().toString(), UUID.randomUUID().toString()}) {
            Agent codex = peers.keep(peers.agent()
                    .client("codex-mcp-client")
                    .meta("threadId", thread)
                    .start());
            codex.call("get_my_session").ok();
        }
        Shell.parley(peers, "send", "bob", "from one of two").exited(1).says("send_message", "nothing was sent");
        assertEquals(0, bob.call("read_my_messages").ok().at("/count").asInt());
        Shell.parley(peers, "status").exited(0).says("bob");
    }
}
