package dev.parley.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.fixture.Agent;
import dev.parley.fixture.Agent.Calling;
import dev.parley.fixture.Peers;
import dev.parley.fixture.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Waits that would close a circle, between real servers: none of them waits for ever, and the order of answers works. */
class DeadlockStdioIT {

    private static Peers peers;
    private static Agent alice;
    private static Agent bob;
    private static Agent carol;

    @BeforeAll
    static void start(@TempDir Path root) throws Exception {
        peers = new Peers(root);
        alice = join("alice");
        bob = join("bob");
        carol = join("carol");
    }

    @AfterAll
    static void stop() throws Exception {
        peers.close();
        peers.assertSound();
    }

    @BeforeEach
    void emptyInboxes() throws Exception {
        for (Agent agent : List.of(alice, bob, carol)) {
            agent.call("read_my_messages").ok();
        }
    }

    private static Calling ask(Agent agent, String target) throws Exception {
        return agent.begin("ask_peer", "target", target, "body", "tell me", "timeout_ms", 25_000);
    }

    private static Agent join(String name) throws Exception {
        Agent agent = peers.keep(
                peers.agent().with("PARLEY_TRACE", trace(name).toString()).start());
        agent.call("claim_session", "session_id", name + "-session").ok();
        agent.call("set_my_state", "name", name).ok();
        return agent;
    }

    private static Path trace(String name) {
        return peers.project().resolve(name + ".trace");
    }

    private static long wakes(String name) throws Exception {
        return Files.exists(trace(name))
                ? Files.readAllLines(trace(name)).stream()
                        .filter(line -> line.contains("\"event\":\"wake\""))
                        .count()
                : 0;
    }

    /** Asks, and returns when the call has found no circle and waits: it wakes whom it asks only then. */
    private static Calling waiting(Agent agent, String name, String target) throws Exception {
        long before = wakes(name);
        Calling asking = ask(agent, target);
        Awaitility.await().until(() -> wakes(name) > before);
        assertFalse(asking.isDone());
        return asking;
    }

    private static void awaitMessage(Agent agent, String id) throws Exception {
        while (!agent.awaitMail().json().toString().contains("\"id\":\"" + id)) {
            // Some other mail was first.
        }
    }

    private static boolean isClosing(Result result) {
        return result.at("/would_deadlock").booleanValue(false);
    }

    @Test
    void whoClosesACircleReturnsAtOnceAndTheOrderOfAnswersWorks() throws Exception {
        Calling first = waiting(alice, "alice", "bob");
        Calling second = waiting(bob, "bob", "carol");
        Result third = ask(carol, "alice").result().ok();

        assertEquals(
                Set.of(
                        "message_id",
                        "request_id",
                        "reply",
                        "correlation",
                        "timed_out",
                        "timeout_ms",
                        "state",
                        "would_deadlock",
                        "path",
                        "answer_first",
                        "hint",
                        "unread"),
                third.fields());
        assertTrue(isClosing(third), third::toString);
        assertTrue(third.at("/reply").isNull(), third::toString);
        assertEquals(false, third.at("/timed_out").booleanValue(true));
        assertEquals("carol → alice → bob → carol", third.text("/path"));
        assertEquals("bob", third.text("/answer_first/from"));
        assertEquals("stored", third.text("/state"));
        assertFalse(first.isDone());
        assertFalse(second.isDone());

        Result mail = carol.awaitMail();
        assertEquals(third.text("/answer_first/message_id"), mail.text("/messages/0/id"));
        assertEquals(third.text("/answer_first/request_id"), mail.text("/messages/0/request_id"));
        reply(carol, mail.text("/messages/0/id"), "from carol");
        assertEquals("from carol", second.result().ok().text("/reply/body"));
        reply(bob, bob.awaitMail().text("/messages/0/id"), "from bob");
        assertEquals("from bob", first.result().ok().text("/reply/body"));
        Result last = alice.awaitMail();
        assertEquals(third.text("/message_id"), last.text("/messages/0/id"), "the question was stored");
        reply(alice, last.text("/messages/0/id"), "from alice");
        assertEquals(
                "from alice",
                carol.call("ask_peer", "request_id", third.text("/request_id"))
                        .ok()
                        .text("/reply/body"));
    }

    private static void reply(Agent agent, String message, String body) throws Exception {
        agent.call("reply_to_message", "message_id", message, "body", body).ok();
    }

    @Test
    void ofTwoWhoCloseACircleInTheSameInstantAtLeastOneReturnsAtOnce() throws Exception {
        for (int round = 0; round < 10; round++) {
            Calling one = ask(alice, "bob");
            Calling other = ask(bob, "alice");
            Awaitility.await().until(() -> one.isDone() || other.isDone());
            boolean isFirst = one.isDone();
            Result returned = (isFirst ? one : other).result().ok();
            assertTrue(isClosing(returned), returned::toString);
            Agent returner = isFirst ? alice : bob;
            // The other one is marked as waiting before its question is out.
            awaitMessage(returner, returned.text("/answer_first/message_id"));
            reply(returner, returned.text("/answer_first/message_id"), "you first");
            Result second = (isFirst ? other : one).result().ok();
            assertTrue(isClosing(second) || second.text("/reply/body").equals("you first"), second::toString);
            alice.call("read_my_messages").ok();
            bob.call("read_my_messages").ok();
        }
    }

    @Test
    void whoWaitsOnWithATicketClosesNoCircleEither() throws Exception {
        Result ticket = bob.call("ask_peer", "target", "alice", "body", "later", "timeout_ms", 1)
                .ok();
        Calling asking = waiting(alice, "alice", "bob");
        Result waiting = bob.begin("ask_peer", "request_id", ticket.text("/request_id"), "timeout_ms", 25_000)
                .result()
                .ok();
        assertTrue(isClosing(waiting), waiting::toString);
        assertEquals("bob → alice → bob", waiting.text("/path"));
        assertEquals(false, waiting.at("/timed_out").booleanValue(true));
        awaitMessage(bob, waiting.text("/answer_first/message_id"));
        reply(bob, waiting.text("/answer_first/message_id"), "well");
        assertEquals("well", asking.result().ok().text("/reply/body"));
    }

    /** Who has answered holds nobody up any more, also before the answer has been taken. */
    @Test
    void whoHasAnsweredOrDeclinedMayAskBackAtOnce() throws Exception {
        for (int round = 0; round < 10; round++) {
            Calling asking = ask(alice, "bob");
            String question = bob.awaitMail().text("/messages/0/id");
            if (round % 2 == 0) {
                reply(bob, question, "yes");
            } else {
                bob.call("update_work", "message_id", question, "status", "declined")
                        .ok();
            }
            Result back = bob.call("ask_peer", "target", "alice", "body", "and you?", "timeout_ms", 1)
                    .ok();
            assertFalse(isClosing(back), back::toString);
            asking.result().ok();
            alice.awaitMail();
        }
    }

    @Test
    void aChainThatIsNoCircleWaits() throws Exception {
        Calling first = waiting(alice, "alice", "bob");
        Calling second = waiting(bob, "bob", "carol");
        String question = carol.awaitMail().text("/messages/0/id");
        assertFalse(second.isDone());
        reply(carol, question, "c");
        assertEquals("c", second.result().ok().text("/reply/body"));
        reply(bob, bob.awaitMail().text("/messages/0/id"), "b");
        assertEquals("b", first.result().ok().text("/reply/body"));
    }
}
