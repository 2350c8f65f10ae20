package dev.parley.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.fixture.Agent;
import dev.parley.fixture.Peers;
import dev.parley.fixture.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One message through all its states, as its sender sees them. */
class MessageStatusStdioIT {

    private static Peers peers;
    private static Agent alice;
    private static Agent bob;

    @BeforeAll
    static void start(@TempDir Path root) throws Exception {
        peers = new Peers(root);
        List<Agent> agents = peers.joinAll("alice", "bob");
        alice = agents.get(0);
        bob = agents.get(1);
    }

    @AfterAll
    static void stop() throws Exception {
        peers.close();
    }

    private static String send(String target) throws Exception {
        return alice.call("send_message", "target", target, "body", "hello")
                .ok()
                .text("/message_id");
    }

    private static Result status(Agent of, String id) throws Exception {
        return of.call("message_status", "message_id", id).ok();
    }

    private static Instant time(Result status, String field) {
        return Instant.parse(status.text("/" + field));
    }

    @Test
    void aMessageIsStoredHandedShownAndAnswered() throws Exception {
        String id = send("bob");
        Result stored = status(alice, id);
        assertEquals("stored", stored.text("/state"));
        assertEquals("bob-session", stored.text("/receiver_session_id"));

        bob.awaitMail();
        Result handed = status(alice, id);
        assertEquals("handed", handed.text("/state"));
        assertTrue(!time(handed, "handed_at").isBefore(time(stored, "stored_at").minusSeconds(1)));

        bob.call("get_my_session").ok();
        Awaitility.await().until(() -> status(alice, id).text("/state").equals("shown"));
        assertTrue(time(status(alice, id), "shown_at").isBefore(Instant.now().plusSeconds(1)));

        bob.call("reply_to_message", "message_id", id, "body", "hello yourself").ok();
        Result answered = status(alice, id);
        assertEquals("answered", answered.text("/state"));
        assertTrue(answered.fields().contains("answered_at"), answered::toString);
        assertEquals("answered", status(bob, id).text("/state"), "the receiver may ask, too");
    }

    @Test
    void aMessageWhoseWakeWasAcceptedIsRung() throws Exception {
        String id = send("bob");
        // What a rung leaves behind: docs/FORMAT.md.
        Files.createFile(peers.session("bob-session").resolve("ledger").resolve(id + ",rung=tmux"));
        Result status = status(alice, id);
        assertEquals("rung", status.text("/state"));
        assertEquals("tmux", status.text("/via"));
        assertTrue(status.fields().contains("rung_at"), status::toString);
        bob.awaitMail();
        assertEquals("handed", status(alice, id).text("/state"));
    }

    @Test
    void aMessageStaysHandedWhenItsReaderHasLeft() throws Exception {
        Agent reader = peers.join("reader");
        String id = send("reader");
        reader.awaitMail();
        reader.close();
        assertEquals("handed", status(alice, id).text("/state"));
    }

    @Test
    void aMessageToAnAddressThatDiedWithItsSessionIsGone() throws Exception {
        Agent nameless = peers.keep(peers.agent().client("codex-mcp-client").start());
        String id = send(nameless.call("get_my_session").ok().text("/entry/name"));
        nameless.close();
        assertEquals("gone", status(alice, id).text("/state"));
    }

    @Test
    void aMessageToASessionThatHasEndedIsStoredUntilItIsBack() throws Exception {
        Agent carol = peers.join("carol");
        String id = send("carol");
        carol.close();
        assertEquals("stored", status(alice, id).text("/state"));
        try (Agent again = peers.agent().start()) {
            again.call("claim_session", "session_id", "carol-session").ok();
            assertEquals("stored", status(alice, id).text("/state"));
            assertEquals(id, again.awaitMail().text("/messages/0/id"));
            assertEquals("handed", status(alice, id).text("/state"));
        }
    }

    @Test
    void aMessageFollowsItsReceiverToANewId() throws Exception {
        try (Agent dave = peers.agent().start()) {
            String provisional = dave.call("get_my_session").ok().text("/entry/client_session_id");
            String read = send(provisional);
            dave.awaitMail();
            dave.call("claim_session", "session_id", "dave-session").ok();
            Awaitility.await().until(() -> status(alice, read).text("/state").equals("shown"));
            assertEquals("dave-session", status(alice, read).text("/receiver_session_id"));
        }
    }

    @Test
    void aDamagedFileOfItsIdElsewhereHidesNoMessage() throws Exception {
        String sent = send("bob");
        List<Path> planted = new ArrayList<>();
        for (String session : List.of("alice-session", "aaa", "zzz")) {
            Path ledger = Files.createDirectories(peers.session(session).resolve("ledger"));
            planted.add(Files.writeString(ledger.resolve(sent), "garbage"));
        }
        assertEquals("stored", status(alice, sent).text("/state"));
        for (Path file : planted) {
            Files.delete(file);
        }
        bob.awaitMail();
    }

    @Test
    void aDamagedMessageIsUnknownAndStopsNothing() throws Exception {
        String damaged = send("bob");
        Path inbox = peers.session("bob-session").resolve("mailbox").resolve("new");
        Path file;
        try (var files = Files.list(inbox)) {
            file = files.filter(path -> path.toString().contains(damaged))
                    .findFirst()
                    .orElseThrow();
        }
        Files.writeString(file, "{\"v\":1,\"id\":\"");
        String whole = send("bob");
        Result read = bob.awaitMail();
        assertEquals(1, read.at("/count").asInt());
        assertEquals(whole, read.text("/messages/0/id"));
        assertEquals("unknown", status(alice, damaged).text("/state"));
        Path aside = peers.session("bob-session")
                .resolve("mailbox")
                .resolve("corrupt")
                .resolve(file.getFileName());
        assertEquals("{\"v\":1,\"id\":\"", Files.readString(aside), "set aside unchanged");
    }
}
