package dev.parley.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.fixture.Agent;
import dev.parley.fixture.Agent.Calling;
import dev.parley.fixture.Peers;
import dev.parley.fixture.Result;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Mail on its way from the mailbox to the model: handed over once, and again only if a crash may have eaten it. */
class HandOverStdioIT {

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

    private static Agent started(String session) throws Exception {
        Agent agent = peers.keep(peers.agent().start());
        agent.call("claim_session", "session_id", session).ok();
        return agent;
    }

    /** One of several servers that one client has started for one session. */
    private static Agent server(String session) throws Exception {
        Agent agent = peers.keep(peers.agent()
                .client("claude-code")
                .with("CLAUDE_CODE_SESSION_ID", session)
                .start());
        // It registers in the background once the handshake is over; with its first answer it has.
        agent.call("get_my_session").ok();
        return agent;
    }

    private static String send(String session, String body) throws Exception {
        return alice.call("send_message", "target", session, "body", body).ok().text("/message_id");
    }

    private static String state(String id) throws Exception {
        return alice.call("message_status", "message_id", id).ok().text("/state");
    }

    private static void awaitState(String id, String state) {
        Awaitility.await().until(() -> state(id).equals(state));
    }

    private static boolean isMarked(JsonNode message) {
        return message.path("redelivered").booleanValue(false);
    }

    @Test
    void mailThatIsNotProvenShownComesAgainAndThenNeverMore() throws Exception {
        Agent bob = started("bob-session");
        String id = send("bob-session", "the index is in");
        Result first = bob.awaitMail();
        assertFalse(isMarked(first.at("/messages/0")), first::toString);
        assertEquals("handed", state(id));
        bob.kill();

        Agent again = started("bob-session");
        Result second = again.call("read_my_messages").ok();
        assertEquals(id, second.text("/messages/0/id"));
        assertTrue(isMarked(second.at("/messages/0")), second::toString);
        // The next call shows that the client went on with what it was given.
        again.call("list_project_sessions").ok();
        awaitState(id, "shown");
        again.kill();

        Agent third = started("bob-session");
        assertEquals(0, third.call("read_my_messages").ok().at("/count").asInt(), "handed over a third time");
        assertEquals("shown", state(id));
        third.kill();
    }

    @Test
    void unreadMailSurvivesACleanExitAndAKillUnmarked() throws Exception {
        String first;
        try (Agent carol = peers.agent().start()) {
            carol.call("claim_session", "session_id", "carol-session").ok();
            first = send("carol-session", "one");
        }
        Agent carol = started("carol-session");
        String second = send("carol-session", "two");
        carol.kill();

        Result read = started("carol-session").call("read_my_messages").ok();
        assertEquals(
                List.of(first, second), List.of(read.text("/messages/0/id"), read.text("/messages/1/id")), "in order");
        assertFalse(isMarked(read.at("/messages/0")) || isMarked(read.at("/messages/1")), read::toString);
    }

    @Test
    void mailThatWasReadBeforeACleanExitComesAgainUnlessACallFollowed() throws Exception {
        try (Agent dave = peers.agent().start()) {
            dave.call("claim_session", "session_id", "dave-session").ok();
            send("dave-session", "one");
            dave.awaitMail();
            send("dave-session", "two");
            // Proves the first.
            dave.awaitMail();
        }
        Result read = started("dave-session").call("read_my_messages").ok();
        assertEquals(1, read.at("/count").asInt(), read::toString);
        assertEquals("two", read.text("/messages/0/body"));
        assertTrue(isMarked(read.at("/messages/0")));
    }

    @Test
    void aReadThatIsCancelledLosesNothing() throws Exception {
        Agent erin = started("erin-session");
        List<String> sent = new ArrayList<>();
        List<String> got = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
            sent.add(send("erin-session", "number " + i));
            Calling read = erin.begin("read_my_messages");
            read.cancel();
            // Whether the cancellation came in time or crossed the answer: the client has thrown that away.
            Result again = erin.awaitMail();
            assertEquals(1, again.at("/count").asInt(), again::toString);
            got.add(again.text("/messages/0/id"));
        }
        assertEquals(sent, got);
    }

    /** As OpenCode does with every call, once its model has gone on with the answer. */
    @Test
    void whatTheClientHasReadDoesNotComeAgainWhenItCancelsTheCallAfterwards() throws Exception {
        Agent lea = started("lea-session");
        Agent mia = started("mia-session");
        String id = send("lea-session", "the index is in");
        Calling reading = lea.begin("read_my_messages");
        assertEquals(id, reading.result().ok().text("/messages/0/id"));
        lea.server().respond();
        reading.cancel();
        Calling asking = lea.begin("ask_peer", "target", "mia-session", "body", "well?", "timeout_ms", 20_000);
        String question = mia.awaitMail().text("/messages/0/id");
        mia.call("reply_to_message", "message_id", question, "body", "well enough")
                .ok();
        assertEquals("well enough", asking.result().ok().text("/reply/body"));
        lea.server().respond();
        asking.cancel();

        Result again = lea.call("read_my_messages").ok();
        assertEquals(0, again.at("/count").asInt(), again::toString);
        awaitState(id, "shown");
    }

    @Test
    void anAnswerThatWasWaitedForAndCancelledLosesNothing() throws Exception {
        Agent frank = started("frank-session");
        Agent grace = started("grace-session");
        for (int i = 0; i < 10; i++) {
            Calling asking = frank.begin("ask_peer", "target", "grace-session", "body", "well?", "timeout_ms", 20_000);
            String question = grace.awaitMail().text("/messages/0/id");
            Calling replying = grace.begin("reply_to_message", "message_id", question, "body", "number " + i);
            asking.cancel();
            replying.result().ok();
            Result read = frank.awaitMail();
            assertEquals("number " + i, read.text("/messages/0/body"));
            assertEquals(1, read.at("/count").asInt(), read::toString);
        }
    }

    @Test
    void aReadWhoseClientGoesAwayLosesNothing() throws Exception {
        for (int i = 0; i < 3; i++) {
            Agent henry = peers.agent().start();
            henry.call("claim_session", "session_id", "henry-session").ok();
            send("henry-session", "number " + i);
            Calling unused = henry.begin("read_my_messages");
            if (i == 1) {
                henry.kill();
            }
            henry.close();
        }
        Result read = started("henry-session").call("read_my_messages").ok();
        List<String> bodies = read.at("/messages")
                .valueStream()
                .map(message -> message.path("body").asString())
                .toList();
        // The first calls of the second and third prove what the one before had read; what nobody read comes now.
        assertTrue(bodies.contains("number 2"), read::toString);
        assertEquals(bodies.stream().distinct().toList(), bodies, "twice");
    }

    @Test
    void twoServersOfOneSessionShareOneInboxAndTakeEachMessageOnce() throws Exception {
        Agent one = server("ivy-session");
        Agent two = server("ivy-session");
        List<String> sent = new ArrayList<>();
        List<String> got = Collections.synchronizedList(new ArrayList<>());
        for (int i = 0; i < 30; i++) {
            sent.add(send("ivy-session", "number " + i));
        }
        while (got.size() < sent.size()) {
            Calling first = one.begin("read_my_messages", "limit", 2);
            Calling second = two.begin("read_my_messages", "limit", 2);
            for (Calling each : List.of(first, second)) {
                each.result()
                        .ok()
                        .at("/messages")
                        .forEach(message -> got.add(message.path("id").asString()));
            }
        }
        assertEquals(sent.stream().sorted().toList(), got.stream().sorted().toList());
        one.kill();
        String last = send("ivy-session", "to the other");
        assertEquals(last, two.awaitMail().text("/messages/0/id"));
    }

    @Test
    void eitherServerOfASessionCanAskAndGetsItsAnswer() throws Exception {
        Agent one = server("jack-session");
        Agent two = server("jack-session");
        Agent kim = started("kim-session");
        Calling first = one.begin("ask_peer", "target", "kim-session", "body", "one?", "timeout_ms", 20_000);
        String question = kim.awaitMail().text("/messages/0/id");
        Calling second = two.begin("ask_peer", "target", "kim-session", "body", "two?", "timeout_ms", 20_000);
        String other = kim.awaitMail().text("/messages/0/id");
        kim.call("reply_to_message", "message_id", other, "body", "to two").ok();
        kim.call("reply_to_message", "message_id", question, "body", "to one").ok();
        assertEquals("to one", first.result().ok().text("/reply/body"));
        assertEquals("to two", second.result().ok().text("/reply/body"));
    }
}
