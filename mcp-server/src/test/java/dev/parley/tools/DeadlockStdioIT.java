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
import java.util.stream.Stream;
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
        List<Agent> agents = peers.joinAll("alice", "bob", "carol");
        alice = agents.get(0);
        bob = agents.get(1);
        carol = agents.get(2);
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

    private static void awaitWaiter(String session) {
        Awaitility.await().until(() -> {
            try (Stream<Path> files = Files.list(peers.session(session).resolve("asks"))) {
                return files.anyMatch(file -> file.getFileName().toString().contains(",w="));
            }
        });
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
        Calling first = ask(alice, "bob");
        awaitWaiter("alice-session");
        Calling second = ask(bob, "carol");
        awaitWaiter("bob-session");
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
        Calling asking = ask(alice, "bob");
        awaitWaiter("alice-session");
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
        Calling first = ask(alice, "bob");
        awaitWaiter("alice-session");
        Calling second = ask(bob, "carol");
        String question = carol.awaitMail().text("/messages/0/id");
        assertFalse(second.isDone());
        reply(carol, question, "c");
        assertEquals("c", second.result().ok().text("/reply/body"));
        reply(bob, bob.awaitMail().text("/messages/0/id"), "b");
        assertEquals("b", first.result().ok().text("/reply/body"));
    }
}
