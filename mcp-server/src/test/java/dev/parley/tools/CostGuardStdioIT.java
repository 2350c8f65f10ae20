package dev.parley.tools;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.fixture.Agent;
import dev.parley.fixture.Agent.Calling;
import dev.parley.fixture.Peers;
import dev.parley.fixture.Result;
import dev.parley.wake.WakeHistory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two agents that answer each other for ever, or thank each other, cost nobody anything: mail is stored and rings nothing. */
@Tag("slow")
class CostGuardStdioIT {

    private static final int MAX_HOPS = 20;

    private Peers peers;
    private Agent alice;
    private Agent bob;

    @BeforeEach
    void start(@TempDir Path root) throws Exception {
        peers = new Peers(root);
        alice = peers.join("alice");
        bob = peers.join("bob");
    }

    @AfterEach
    void stop() throws Exception {
        peers.close();
        peers.assertSound();
    }

    /** Whether a call touches somebody's doorbell. */
    private boolean rings(String session, Call call) throws Exception {
        Path bell = peers.session(session).resolve("doorbell");
        FileTime before = FileTime.from(Instant.now().minus(Duration.ofHours(1)));
        Files.setLastModifiedTime(bell, before);
        FileTime set = Files.getLastModifiedTime(bell);
        call.make();
        return !Files.getLastModifiedTime(bell).equals(set);
    }

    private interface Call {
        void make() throws Exception;
    }

    @Test
    void aLongChainOfRepliesRingsNoMoreAndBothResultsSaySo() throws Exception {
        String last =
                alice.call("send_message", "target", "bob", "body", "ping").ok().text("/message_id");
        Agent[] turns = {bob, alice};
        for (int hop = 1; hop <= MAX_HOPS; hop++) {
            Agent agent = turns[(hop + 1) % 2];
            agent.awaitMail();
            Result reply = agent.call("reply_to_message", "message_id", last, "body", "reply " + hop)
                    .ok();
            assertFalse(reply.text("/outlook").equals("rate-limited"), reply::toString);
            last = reply.text("/message_id");
        }
        String twentieth = last;
        bob.awaitMail();
        Result[] beyond = new Result[1];
        assertFalse(rings(
                "alice-session",
                () -> beyond[0] = bob.call("reply_to_message", "message_id", twentieth, "body", "one too many")
                        .ok()));
        assertRateLimited(beyond[0]);
        Result mail = alice.awaitMail();
        assertEquals("one too many", mail.text("/messages/0/body"), "it is delivered all the same");
        assertRateLimited(alice.call(
                        "reply_to_message",
                        "message_id",
                        mail.text("/messages/0/id"),
                        "body",
                        "and another",
                        "wake",
                        "auto")
                .ok());
        assertEquals("and another", bob.awaitMail().text("/messages/0/body"));
        Result fresh = alice.call("send_message", "target", "bob", "body", "something new")
                .ok();
        assertEquals("when_read", fresh.text("/outlook"), "a message of one's own begins anew");
    }

    private static void assertRateLimited(Result result) {
        assertEquals("rate-limited", result.text("/outlook"), result::toString);
        assertEquals("skipped_rate_limited", result.text("/wake_status"), result::toString);
        assertEquals("stored", result.text("/state"), result::toString);
    }

    /** Written as thirty wakes of the last minutes would have left it: each takes more than a second to come by. */
    @Test
    void thirtyWakesOfOnePairWithinTenMinutesAreEnough() throws Exception {
        Path idle = peers.session("bob-session").resolve("activity");
        Files.writeString(idle, "idle\n");
        Result first = wake("first");
        assertEquals("skipped_no_target", first.text("/wake_status"), "no rung reaches a plain client");
        WakeHistory.write(
                peers.home(), "bob-session", "alice-session", 30, Instant.now().minusSeconds(300));

        Result beyond = wake("beyond");

        assertEquals("skipped_rate_limited", beyond.text("/wake_status"), beyond::toString);
        assertTrue(beyond.text("/wake_reason").contains("30 times within 10 min"), beyond::toString);
        assertEquals("rate-limited", beyond.text("/outlook"), beyond::toString);
        Result mail = bob.awaitMail();
        assertEquals("first", mail.text("/messages/0/body"));
        assertEquals("beyond", mail.text("/messages/1/body"));
        Agent carol = peers.join("carol");
        assertEquals(
                "skipped_no_target",
                carol.call("send_message", "target", "bob", "body", "from another", "wake", "auto")
                        .ok()
                        .text("/wake_status"),
                "another sender has a budget of his own");
    }

    private Result wake(String body) throws Exception {
        return alice.call("send_message", "target", "bob", "body", body, "wake", "auto")
                .ok();
    }

    @Test
    void anAcknowledgementWakesNobodyWhateverElseIsWished() throws Exception {
        Files.writeString(peers.session("alice-session").resolve("activity"), "idle\n");
        assertTrue(rings(
                "bob-session",
                () -> alice.call("send_message", "target", "bob", "body", "done?")
                        .ok()));
        String message = bob.awaitMail().text("/messages/0/id");

        Result[] results = new Result[2];
        assertFalse(rings(
                "alice-session",
                () -> results[0] = bob.call(
                                "reply_to_message", "message_id", message, "body", "thanks", "expects_reply", false)
                        .ok()));
        assertFalse(rings(
                "alice-session",
                () -> results[1] = bob.call(
                                "send_message",
                                "target",
                                "alice",
                                "body",
                                "thanks again",
                                "expects_reply",
                                false,
                                "wake",
                                "auto")
                        .ok()));

        for (Result result : results) {
            assertEquals("disabled", result.text("/wake_status"), result::toString);
            assertTrue(result.text("/wake_reason").contains("acknowledgement"), result::toString);
            assertEquals("stored", result.text("/state"), result::toString);
        }
        assertFalse(Files.exists(peers.session("alice-session").resolve("wakes")), "the ladder was not climbed");
        Result mail = alice.awaitMail();
        assertEquals("thanks", mail.text("/messages/0/body"));
        assertEquals("thanks again", mail.text("/messages/1/body"));
        assertTrue(rings(
                "alice-session",
                () -> bob.call("send_message", "target", "alice", "body", "and you?", "expects_reply", true)
                        .ok()));
    }

    /** Who waits for an answer is not asleep: it has even that at once. */
    @Test
    void anAcknowledgementAnswersWhoWaits() throws Exception {
        Calling asking = alice.begin("ask_peer", "target", "bob", "body", "all right?");
        Result question = bob.awaitMail();
        Result reply = bob.call(
                        "reply_to_message",
                        "message_id",
                        question.text("/messages/0/id"),
                        "body",
                        "yes",
                        "expects_reply",
                        false)
                .ok();
        assertEquals("yes", asking.result().ok().text("/reply/body"));
        assertEquals("now", reply.text("/outlook"), reply::toString);
        await().until(() -> alice.call("read_my_messages").ok().at("/count").asInt() == 0);
    }
}
