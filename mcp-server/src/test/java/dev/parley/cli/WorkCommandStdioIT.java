package dev.parley.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.MessageId;
import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.cockpit.Cells;
import dev.parley.fixture.Agent;
import dev.parley.fixture.Agent.Calling;
import dev.parley.fixture.Peers;
import dev.parley.fixture.Result;
import dev.parley.fixture.Shell;
import dev.parley.ledger.Delivery.Ring;
import dev.parley.ledger.Work;
import dev.parley.ledger.WorkChange;
import dev.parley.ledger.WorkState;
import dev.parley.ledger.WorkState.Actor;
import dev.parley.mailbox.Envelope;
import dev.parley.mailbox.Envelope.Origin;
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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code parley work}: what it prints, and what it exits with for a script that watches. */
@Tag("slow")
class WorkCommandStdioIT {

    private static final int STUCK = 5;

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
        peers.assertSound();
    }

    /** What an earlier test left open is finished, and its mail read. */
    @BeforeEach
    void nothingIsOpen() throws Exception {
        PostOffice office = office();
        for (SessionId session : office.peers().ids()) {
            for (Work work : office.work(session).unfinished()) {
                office.work(session).change(work.request().id(), WorkChange.of(Actor.OWNER, WorkState.COMPLETED));
            }
        }
        for (Agent agent : List.of(alice, bob)) {
            agent.call("read_my_messages").ok();
        }
    }

    private static Shell work(String... options) throws Exception {
        String[] arguments = new String[options.length + 1];
        arguments[0] = "work";
        System.arraycopy(options, 0, arguments, 1, options.length);
        return Shell.parley(peers, arguments);
    }

    private static Shell status(String... options) throws Exception {
        String[] arguments = new String[options.length + 1];
        arguments[0] = "status";
        System.arraycopy(options, 0, arguments, 1, options.length);
        return Shell.parley(peers, arguments);
    }

    /** Asks and does not wait. */
    private static String ask(Agent agent, String target, String body) throws Exception {
        Result asked = agent.call("ask_peer", "target", target, "body", body, "timeout_ms", 1)
                .ok();
        return asked.text("/message_id");
    }

    private static PostOffice office() throws Exception {
        return PostOffices.open(Map.of("PARLEY_HOME", peers.home().toString()), Trace.NONE);
    }

    @Test
    void withoutOpenWorkItSaysSo() throws Exception {
        alice.call("send_message", "target", "bob", "body", "for your information")
                .ok();
        Shell shell = work("--check").exited(0);
        assertEquals("project " + peers.project() + "\nno open work\n", shell.out());
        assertEquals("", shell.err());
        JsonNode json =
                JsonMapper.builder().build().readTree(work("--json").exited(0).out());
        assertEquals(0, json.path("items").size());
        assertFalse(json.path("stuck").asBoolean());
    }

    @Test
    void aRequestIsOpenWorkUntilItIsAnswered() throws Exception {
        String id = ask(alice, "bob", "which\n tests\u001b[1m fail?");
        Shell shell = work("--check").exited(0);
        List<String> lines = shell.out().lines().toList();
        assertEquals("STATE  OWNER  FOR    AGE  DUE  REQUEST", lines.get(1).replaceAll("AGE +", "AGE  "));
        assertTrue(lines.get(2).matches("open +bob +alice +\\d+ s +- +which tests \\[1m fail\\?"), lines.get(2));
        assertEquals("alice → bob", lines.get(3));

        JsonNode json =
                JsonMapper.builder().build().readTree(work("--json").exited(0).out());
        JsonNode item = json.path("items").path(0);
        assertEquals(id, item.path("message_id").asString());
        assertTrue(item.path("request_id").asString().startsWith("q-"), item::toString);
        assertEquals("open", item.path("status").asString());
        assertEquals("bob-session", item.path("owner_session_id").asString());
        assertEquals("live", item.path("owner_life").asString());
        assertEquals("alice", item.path("requester").asString());
        assertFalse(item.path("waiting_now").asBoolean() || item.path("overdue").asBoolean());
        assertEquals(
                "[\"alice\",\"bob\"]", json.path("chains").path(0).path("path").toString());

        bob.awaitMail();
        bob.call("reply_to_message", "message_id", id, "body", "none").ok();
        work().exited(0).says("no open work");
    }

    @Test
    void whatItsOwnerSaysOfItIsTold() throws Exception {
        String id = ask(alice, "bob", "build it");
        office().work(new SessionId("bob-session"))
                .change(
                        new MessageId(id),
                        new WorkChange(
                                Actor.OWNER,
                                WorkState.BLOCKED,
                                Optional.of("no \u202ekey"),
                                Optional.of("the vault key")));
        work("--check").exited(0).says("blocked  bob", "bob to alice, blocked: no key; needs: the vault key");
    }

    @Test
    void whatIsOverdueComesFirstAndIsToBeLookedAfter() throws Exception {
        ask(alice, "bob", "the older one");
        Instant sent = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        SessionId from = new SessionId("alice-session");
        office().delivery()
                .send(
                        new Envelope(
                                MessageId.create(Optional.of(from)),
                                sent,
                                Origin.PEER,
                                Optional.of(from),
                                "alice",
                                new SessionId("bob-session"),
                                Optional.of(RequestId.create()),
                                Optional.empty(),
                                Optional.empty(),
                                0,
                                Optional.of(sent.minus(Duration.ofHours(2))),
                                Optional.empty(),
                                "the late one"),
                        Ring.NO);
        work().exited(0);
        List<String> lines = work("--check").exited(STUCK).out().lines().toList();
        assertTrue(lines.get(2).matches("open, overdue +bob +alice +\\d+ s +2 h ago +the late one"), lines.get(2));
        assertTrue(lines.get(3).endsWith("the older one"), lines.get(3));
        JsonNode json = JsonMapper.builder()
                .build()
                .readTree(work("--check", "--json").exited(STUCK).out());
        assertTrue(json.path("stuck").asBoolean());
        assertTrue(json.path("items").path(0).path("overdue").asBoolean());
        assertOverdueInStatus();
    }

    /** A session that owes what was due stands before all but those that need their user. */
    private static void assertOverdueInStatus() throws Exception {
        List<String> lines = status().exited(0).out().lines().toList();
        assertEquals("── overdue (1)", lines.get(2));
        assertTrue(lines.get(3).matches("bob +parley-test +overdue 2 h, owes alice +.*"), lines.get(3));
        JsonNode bob = JsonMapper.builder()
                .build()
                .readTree(status("--json").exited(0).out())
                .path("sessions")
                .valueStream()
                .filter(each -> each.path("name").asString().equals("bob"))
                .findFirst()
                .orElseThrow();
        assertEquals("overdue", bob.path("need").asString());
        assertEquals(1, bob.path("overdue").asInt());
    }

    @Test
    void whatNobodyOwnsAnyMoreIsToBeLookedAfter() throws Exception {
        Agent carol = peers.join("carol");
        ask(alice, "carol", "are you there?");
        work("--check").exited(0);
        carol.kill();
        Shell shell = work("--check").exited(STUCK).says("carol (ended)");
        assertEquals("", shell.err());
    }

    @Test
    void sessionsThatOweEachOtherAreACycleAndACallThatWaitsIsMarked() throws Exception {
        ask(bob, "alice", "what do you say?");
        work("--check").exited(0).says("bob → alice\n");
        ask(alice, "bob", "what do you say first?");
        work("--check").exited(STUCK).says("bob → alice → bob (cycle, nobody is in a call)\n");
    }

    @Test
    void whoWaitsInACallIsMarked() throws Exception {
        Calling asking = alice.begin("ask_peer", "target", "bob", "body", "well?", "timeout_ms", 60_000);
        String id = bob.awaitMail().text("/messages/0/id");
        work("--check").exited(0).says("bob    alice (waits)");
        bob.call("reply_to_message", "message_id", id, "body", "yes").ok();
        asking.result().ok();
    }

    @Test
    void whatCannotBeReadIsToldAndNotTakenForWell() throws Exception {
        ask(alice, "bob", "please");
        Path ledger = peers.session("alice-session").resolve("ledger");
        Path aside = peers.session("alice-session").resolve("ledger.aside");
        Files.move(ledger, aside);
        Files.writeString(ledger, "no directory");
        Shell looked = work().exited(0).says("please");
        Shell checked = work("--check").exited(1);
        Files.delete(ledger);
        Files.move(aside, ledger);
        for (Shell shell : List.of(looked, checked)) {
            assertTrue(shell.err().contains("the open work of alice cannot all be read"), shell::err);
        }
    }

    @Test
    void itFitsTheTerminal() throws Exception {
        ask(alice, "bob", "数を数える、どこまでも数える ".repeat(9));
        Map<String, String> environment = Shell.environment(peers.home());
        environment.put("COLUMNS", "50");
        Shell shell =
                Shell.parley(environment, peers.project(), "", "work").exited(0).says("数を");
        for (String line : shell.out().lines().toList()) {
            assertTrue(Cells.of(line) <= 50, line);
        }
    }

    @Test
    void itsHelpSaysWhatItExitsWith() throws Exception {
        work("--help").exited(0).says("--check exits with 5");
        Shell.parley(peers, "--help").exited(0).says("5   ", "work --check");
    }
}
