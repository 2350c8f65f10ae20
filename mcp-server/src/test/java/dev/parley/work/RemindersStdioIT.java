package dev.parley.work;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.MessageId;
import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.fixture.Agent;
import dev.parley.fixture.Peers;
import dev.parley.fixture.Result;
import dev.parley.ledger.Delivery.Ring;
import dev.parley.ledger.PendingAsk;
import dev.parley.mailbox.Envelope;
import dev.parley.office.PostOffice;
import dev.parley.session.PostOffices;
import dev.parley.trace.Trace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What real servers tell of open questions, whichever of a session's servers looks first, and that they tell it once. */
@Tag("slow")
final class RemindersStdioIT {

    private static final String ALICE = "alice-session";
    private static final String BOB = "bob-session";

    private Peers peers;
    private Agent bob;

    @BeforeEach
    void start(@TempDir Path root) throws Exception {
        peers = new Peers(root);
        bob = peers.join("bob");
    }

    @AfterEach
    void stop() throws Exception {
        peers.close();
        peers.assertSound();
    }

    /** A server of alice's. */
    private Agent alice(String... setting) throws Exception {
        Agent.Builder builder = peers.agent().client("claude-code").with("CLAUDE_CODE_SESSION_ID", ALICE);
        for (int i = 0; i < setting.length; i += 2) {
            builder.with(setting[i], setting[i + 1]);
        }
        return peers.keep(builder.start());
    }

    private static String ask(Agent asker) throws Exception {
        Result asked = asker.call("ask_peer", "target", "bob", "body", "what is the time?", "timeout_ms", 1)
                .ok();
        assertEquals(true, asked.at("/timed_out").booleanValue());
        return asked.text("/request_id");
    }

    private void signal(String request) throws Exception {
        Files.createFile(peers.session(ALICE).resolve("asks").resolve(request + ",idle=0"));
    }

    /** How many messages wait for alice, or have come to her. */
    private long mail(String session) throws Exception {
        try (Stream<Path> all = Files.walk(peers.session(session).resolve("mailbox"))) {
            return all.filter(path -> path.getFileName().toString().matches("[0-9]{16}-m-.*"))
                    .count();
        }
    }

    @Test
    void whoWentIdleIsToldOnceByOneOfTwoServersWithoutACall() throws Exception {
        Agent one = alice();
        Agent two = alice();
        String request = ask(one);
        two.call("get_my_session").ok();

        signal(request);

        await().until(() -> mail(ALICE) == 1);
        String told = one.awaitMail().text("/messages/0/body");
        assertTrue(told.startsWith("bob was reminded of your request m-"), told);
        assertEquals(0, two.call("read_my_messages").ok().at("/count").asInt());
        assertEquals(0, one.call("read_my_messages").ok().at("/count").asInt());
        assertTrue(Files.exists(peers.session(ALICE).resolve("asks").resolve(request + ",told=idle-0")));
        assertFalse(Files.exists(peers.session(ALICE).resolve("asks").resolve(request + ",idle=0")));

        String question = bob.awaitMail().text("/messages/0/id");
        bob.call("reply_to_message", "message_id", question, "body", "noon").ok();
        assertEquals("noon", one.awaitMail().text("/messages/0/body"), "it was still open");
    }

    @Test
    void whoWasKilledIsToldOnceByOneOfTwoServers() throws Exception {
        Agent one = alice();
        Agent two = alice();
        String request = ask(one);
        bob.kill();

        for (int i = 0; i < 3; i++) {
            one.call("get_my_session").ok();
            two.call("get_my_session").ok();
        }

        await().until(() -> mail(ALICE) >= 1);
        Result read = one.awaitMail();
        String told = read.text("/messages/0/body");
        assertTrue(told.startsWith("bob has ended without an answer to your request m-"), told);
        assertEquals(request, told.replaceAll(".*[(](q-[0-9a-z]{16})[)].*", "$1"));
        assertEquals(0, two.call("read_my_messages").ok().at("/count").asInt());
        Agent three = alice();
        three.call("get_my_session").ok();
        ask(three);
        await().until(() -> mail(ALICE) >= 2);
        assertEquals(2, mail(ALICE), "the new question, and the old one not again");
    }

    @Test
    void whoWasKilledWhileNobodyLivedIsToldAtTheNextStart() throws Exception {
        Agent one = alice();
        ask(one);
        one.kill();
        bob.kill();

        alice();

        await().until(() -> mail(ALICE) == 1);
    }

    /** By a timer, without a call. */
    @Test
    void whatFallsDueIsToldToItsOwnerOnce() throws Exception {
        PostOffice office = PostOffices.open(
                Map.of("PARLEY_HOME", peers.home().toString(), "PARLEY_DURABILITY", "process"), Trace.NONE);
        Agent one = alice();
        Agent two = alice();
        one.call("get_my_session").ok();
        Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        Envelope request = new Envelope(
                MessageId.create(Optional.of(new SessionId(ALICE))),
                now,
                Envelope.Origin.PEER,
                Optional.of(new SessionId(ALICE)),
                "alice",
                new SessionId(BOB),
                Optional.of(RequestId.create()),
                Optional.empty(),
                Optional.empty(),
                0,
                Optional.of(now.plus(Duration.ofSeconds(4))),
                Optional.empty(),
                "what is the time?");
        office.asks(new SessionId(ALICE))
                .open(new PendingAsk(
                        request.requestId().orElseThrow(), request.id(), request.to(), now, request.due()));
        office.delivery().send(request, Ring.NO);
        for (Agent each : List.of(one, two, bob)) {
            each.call("get_my_session").ok();
        }

        await().until(() -> mail(BOB) == 2);

        List<String> bodies = bob.awaitMail().at("/messages").findValuesAsString("body");
        assertEquals("what is the time?", bodies.get(0));
        assertTrue(bodies.get(1).startsWith("The request " + request.id()), bodies.toString());
        assertTrue(bodies.get(1).contains(" that alice sent you is due, and not finished."), bodies.toString());
        assertEquals(2, mail(BOB));
    }

    /** The thread that watches is there as long as there is something to watch. */
    @Test
    void nothingRunsWhereNothingIsOpen() throws Exception {
        Agent one = alice();
        one.call("list_project_sessions").ok();
        bob.call("list_project_sessions").ok();
        assertEquals(List.of(0L, 0L), List.of(watchers(one), watchers(bob)));

        ask(one);
        await().until(() -> watchers(one) == 1);
        String question = bob.awaitMail().text("/messages/0/id");
        assertEquals(0, watchers(bob), "it is due at no time");
        bob.call("reply_to_message", "message_id", question, "body", "noon").ok();
        one.awaitMail();
        // Where looks are slow, a call brings one at all only as often as that.
        await().atMost(Reminders.OWNERS.plusSeconds(10)).until(() -> watchers(one) == 0);
    }

    private static long watchers(Agent agent) throws Exception {
        try (Stream<Path> threads =
                Files.list(Path.of("/proc", Long.toString(agent.server().pid()), "task"))) {
            return threads.filter(thread -> {
                        try {
                            return Files.readString(thread.resolve("comm")).equals("parley-work\n");
                        } catch (java.io.IOException e) {
                            // It has ended since.
                            return false;
                        }
                    })
                    .count();
        }
    }

    @Test
    void remindersCanBeTurnedOff() throws Exception {
        Agent one = alice("PARLEY_REMINDERS", "off");
        String request = ask(one);
        signal(request);
        bob.kill();
        one.call("get_my_session").ok();
        assertEquals(0, one.call("read_my_messages").ok().at("/count").asInt());
        one.close();
        assertTrue(Files.exists(peers.session(ALICE).resolve("asks").resolve(request + ",idle=0")), "nobody looked");

        Agent two = alice("PARLEY_REMINDERS", "on");
        String told = two.awaitMail().text("/messages/0/body");
        assertTrue(told.startsWith("bob has ended without an answer"), told);
    }
}
