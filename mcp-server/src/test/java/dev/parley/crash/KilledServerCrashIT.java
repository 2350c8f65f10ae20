package dev.parley.crash;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.fixture.Agent;
import dev.parley.fixture.Agent.Calling;
import dev.parley.fixture.Peers;
import dev.parley.fixture.Result;
import dev.parley.testing.Timing;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import tools.jackson.databind.JsonNode;

/** Whole servers of the distribution, killed and stopped while they send, read, ask and answer. */
@Tag("slow")
@Isolated("it measures time")
class KilledServerCrashIT {

    private static final int BURST = 8;

    @TempDir
    Path root;

    private Peers peers;

    @BeforeEach
    void makeStore() throws Exception {
        peers = new Peers(root);
    }

    @AfterEach
    void everythingIsSound() throws Exception {
        peers.close();
        Lab.open(peers.home()).assertSound();
    }

    /** An agent that its test kills is not kept: to close it a second time would find it dead. */
    private Agent join(String name) throws Exception {
        Agent agent = peers.agent().start();
        agent.call("claim_session", "session_id", name + "-session").ok();
        agent.call("set_my_state", "name", name).ok();
        return agent;
    }

    private static void hear(Referee referee, Result read) {
        for (JsonNode message : read.ok().at("/messages")) {
            boolean again = message.path("redelivered").asBoolean(false);
            referee.hear((again ? "again " : "first ") + message.path("body").asString());
        }
    }

    @Test
    void noServerLosesMailByDying() throws Exception {
        killSendersAndReaders(2);
    }

    @Test
    @Tag("slow")
    void noServerLosesMailByDyingOftenEnough() throws Exception {
        killSendersAndReaders(12);
    }

    /** Each round kills a sender in the middle of a burst, and the reader, with answers on their way, right after it. */
    private void killSendersAndReaders(int rounds) throws Exception {
        SplittableRandom random = new SplittableRandom();
        Referee referee = new Referee();
        Agent reader = join("reader");
        for (int round = 0; round < rounds; round++) {
            Agent sender = join("sender");
            List<Calling> sending = new ArrayList<>();
            List<String> bodies = new ArrayList<>();
            for (int i = 0; i < BURST; i++) {
                // The calls of a burst run side by side, so each is a sender of
                // its own: their order is nobody's promise.
                String body = "burst-" + round + "-" + i + "/1";
                referee.hear("try " + body);
                bodies.add(body);
                sending.add(sender.begin("send_message", "target", "reader", "body", body));
            }
            sending.get(0).result().ok();
            Calling reading = reader.begin("read_my_messages");
            LockSupport.parkNanos(random.nextLong(40_000_000));
            sender.kill();
            reader.kill();
            hearAcknowledged(referee, sending, bodies);
            hearIfAnswered(referee, reading);
            reader = join("reader");
            hear(referee, reader.call("read_my_messages"));
        }
        // One call more proves the last hand-over; what is left in the mailbox comes with it.
        hear(referee, reader.call("read_my_messages"));
        System.out.println("crash: " + 2 * rounds + " kills of servers: " + referee.summary());
        referee.judge();
        reader.close();
    }

    private static void hearAcknowledged(Referee referee, List<Calling> sending, List<String> bodies) throws Exception {
        for (int i = 0; i < sending.size(); i++) {
            if (!sending.get(i).isBroken()) {
                sending.get(i).result().ok();
                referee.hear("ack " + bodies.get(i));
            }
        }
    }

    private static void hearIfAnswered(Referee referee, Calling reading) throws Exception {
        if (!reading.isBroken()) {
            hear(referee, reading.result());
        }
    }

    @Test
    void aQuestionOutlivesBothItsServers() throws Exception {
        Agent bob = join("bob");
        Agent alice = join("alice");
        Calling asking = alice.begin("ask_peer", "target", "bob", "body", "which port?", "timeout_ms", 25_000);
        assertFalse(bob.awaitMail().at("/messages/0").path("redelivered").asBoolean(false));

        bob.kill();
        bob = join("bob");
        JsonNode again = bob.awaitMail().at("/messages/0");
        assertTrue(again.path("redelivered").asBoolean(), again::toString);
        assertEquals("which port?", again.path("body").asString());
        bob.call("reply_to_message", "message_id", again.path("id").asString(), "body", "8080")
                .ok();
        assertEquals("8080", asking.result().ok().at("/reply/body").asString(""), asking.result()::toString);

        Calling second = alice.begin("ask_peer", "target", "bob", "body", "and the host?", "timeout_ms", 25_000);
        JsonNode question = bob.awaitMail().at("/messages/0");
        alice.kill();
        assertTrue(second.isBroken());
        bob.call("reply_to_message", "message_id", question.path("id").asString(), "body", "localhost")
                .ok();
        alice = join("alice");
        // The office may have told alice that bob had ended for a while.
        String late = alice.awaitMessage("localhost");
        assertTrue(late.startsWith("m-"), late);
        alice.close();
        bob.close();
    }

    /** Before the answer is there, while it lies there, when it has been read, and when the client has gone on. */
    @Tag("slow")
    @Test
    void anAnswerComesBackAsMailUnlessItsAskerWentOnWithIt() throws Exception {
        Agent bob = join("bob");

        Agent asker = join("asker");
        String early = ask(asker, bob, "before");
        asker.kill();
        reply(bob, early, "before");
        asker = join("asker");
        assertIsBack(asker, "before", false);

        String waiting = ask(asker, bob, "meanwhile");
        Signals.send(asker.server().pid(), "STOP");
        reply(bob, waiting, "meanwhile");
        asker.kill();
        asker = join("asker");
        assertIsBack(asker, "meanwhile", false);

        Calling asking = asker.begin("ask_peer", "target", "bob", "body", "read", "timeout_ms", 25_000);
        reply(bob, bob.awaitMail().text("/messages/0/id"), "read");
        assertEquals("read", asking.result().ok().text("/reply/body"));
        asker.kill();
        asker = join("asker");
        assertIsBack(asker, "read", true);

        asking = asker.begin("ask_peer", "target", "bob", "body", "gone on", "timeout_ms", 25_000);
        reply(bob, bob.awaitMail().text("/messages/0/id"), "gone on");
        String answer = asking.result().ok().text("/reply/id");
        asker.call("get_my_session").ok();
        await().atMost(Timing.patience(Duration.ofSeconds(5)))
                .until(() -> bob.call("message_status", "message_id", answer)
                        .text("/state")
                        .equals("shown"));
        asker.kill();
        asker = join("asker");
        assertEquals(0, asker.call("read_my_messages").ok().at("/count").asInt());
        asker.close();
        bob.close();
    }

    private static String ask(Agent asker, Agent peer, String body) throws Exception {
        var unused = asker.begin("ask_peer", "target", "bob", "body", body, "timeout_ms", 25_000);
        return peer.awaitMail().text("/messages/0/id");
    }

    private static void reply(Agent peer, String id, String body) throws Exception {
        peer.call("reply_to_message", "message_id", id, "body", body).ok();
    }

    private static void assertIsBack(Agent asker, String body, boolean marked) throws Exception {
        Result read = asker.awaitMail();
        assertEquals(body, read.text("/messages/0/body"));
        assertEquals(marked, read.at("/messages/0/redelivered").asBoolean(false), read::toString);
        asker.call("get_my_session").ok();
    }

    /** A stopped server answers nobody, but others write to it, and each other, as fast as before. */
    @Test
    void aStoppedServerDelaysNobody() throws Exception {
        Agent stopped = join("stopped");
        Agent alice = join("alice");
        Duration peace = worstExchange(alice);
        Signals.send(stopped.server().pid(), "STOP");
        Duration harm = worstExchange(alice);
        Signals.send(stopped.server().pid(), "CONT");
        Result read = stopped.awaitMail();
        assertEquals(2 * BURST, read.at("/count").asInt(), read::toString);

        System.out.println("crash: a stopped server: worst send to it " + harm.toMillis()
                + " ms, before it was stopped " + peace.toMillis() + " ms");
        Timing.assertAtMost(
                Duration.ofSeconds(1), harm.minus(peace), "a send beside a stopped server, beyond " + peace);
        stopped.close();
        alice.close();
    }

    private static Duration worstExchange(Agent alice) throws Exception {
        long worst = 0;
        for (int i = 0; i < BURST; i++) {
            long start = System.nanoTime();
            alice.call("send_message", "target", "stopped", "body", "number " + i)
                    .ok();
            worst = Math.max(worst, System.nanoTime() - start);
        }
        return Duration.ofNanos(worst);
    }
}
