package dev.parley.tools;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.HostName;
import dev.parley.address.Ids;
import dev.parley.address.SessionId;
import dev.parley.fixture.Agent;
import dev.parley.fixture.Peers;
import dev.parley.fixture.Result;
import dev.parley.fixture.Shell;
import dev.parley.hub.Accept;
import dev.parley.hub.HubAddress;
import dev.parley.hub.HubFile;
import dev.parley.hub.HubSettings;
import dev.parley.hub.Login;
import dev.parley.hub.Membership;
import dev.parley.hub.TeamName;
import dev.parley.ledger.Retention;
import dev.parley.mailbox.Envelope;
import dev.parley.office.PostOffice;
import dev.parley.remote.Outbox;
import dev.parley.remote.Pair;
import dev.parley.remote.SharedProject;
import dev.parley.store.Durability;
import dev.parley.store.Store;
import dev.parley.store.office.FilePostOffice;
import dev.parley.store.process.LocalProcessTable;
import dev.parley.testing.Letters;
import dev.parley.trace.Trace;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Sessions on two machines, each with a store of its own, and a real nats-server between them, as their models see it. */
@Tag("hub")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class OtherMachineStdioIT {

    private static final SharedProject PROJECT = new SharedProject("example.org/app");

    private static Path root;
    private static int port;
    private static Process hub;
    private static Peers laptop;
    private static Peers server;
    private static Agent alice;
    private static Agent bob;

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        root = directory;
        port = freePort();
        startHub();
        laptop = machine("laptop");
        server = machine("build-server");
        alice = laptop.join("alice");
        bob = server.join("bob");
        await().atMost(Duration.ofSeconds(40)).until(() -> names(alice).equals(List.of("bob@build-server")));
        await().atMost(Duration.ofSeconds(40)).until(() -> names(bob).equals(List.of("alice@laptop")));
    }

    @AfterAll
    static void stop() throws Exception {
        laptop.close();
        server.close();
        stopHub();
    }

    private static int freePort() throws IOException {
        try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return any.getLocalPort();
        }
    }

    private static void startHub() throws Exception {
        Path configuration = root.resolve("nats.conf");
        Files.writeString(
                configuration,
                "listen: \"127.0.0.1:" + port + "\"\njetstream { store_dir: \"" + root.resolve("nats") + "\" }\n");
        hub = new ProcessBuilder("nats-server", "-c", configuration.toString())
                .redirectErrorStream(true)
                .redirectOutput(root.resolve("nats.log").toFile())
                .start();
        await().until(OtherMachineStdioIT::listens);
    }

    private static boolean listens() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static void stopHub() throws InterruptedException {
        hub.destroyForcibly();
        assertTrue(hub.waitFor(10, TimeUnit.SECONDS));
    }

    private static Peers machine(String name) throws Exception {
        Peers machine = new Peers(Files.createDirectories(root.resolve(name)));
        Membership membership = new Membership(
                HubAddress.parse("nats://127.0.0.1:" + port),
                new TeamName("blue"),
                new HostName(name),
                new Login.Nobody(),
                Optional.empty(),
                false);
        HubFile.in(machine.home())
                .write(new HubSettings(
                        membership,
                        Ids.random(),
                        Accept.ALL,
                        Map.of(PROJECT, machine.project().toString())));
        return machine;
    }

    private static Stream<JsonNode> sessions(Agent agent) throws Exception {
        return agent.call("list_project_sessions").ok().at("/sessions").valueStream();
    }

    private static List<String> names(Agent agent) throws Exception {
        return sessions(agent)
                .filter(session -> session.has("host"))
                .map(session -> session.path("name").asString() + "@"
                        + session.path("host").asString())
                .toList();
    }

    /** The message with this body, once it has come; what comes before it is read and left. */
    private static JsonNode received(Agent agent, String body) throws Exception {
        return received(agent, body::equals);
    }

    private static JsonNode received(Agent agent, Predicate<String> body) throws Exception {
        while (true) {
            Optional<JsonNode> found = agent.awaitMail()
                    .at("/messages")
                    .valueStream()
                    .filter(message -> body.test(message.path("body").asString()))
                    .findFirst();
            if (found.isPresent()) {
                return found.get();
            }
        }
    }

    @Test
    void aSessionOnAnotherMachineIsListedWithIt() throws Exception {
        JsonNode there =
                sessions(alice).filter(it -> it.has("host")).findFirst().orElseThrow();
        assertEquals("bob", there.path("name").asString());
        assertEquals("bob-session", there.path("client_session_id").asString());
        assertFalse(there.has("cwd"), there::toString);
        assertFalse(there.has("away"), there::toString);
        Result without = laptop.keep(laptop.agent().with("PARLEY_HUB", "off").start())
                .call("list_project_sessions")
                .ok();
        assertTrue(without.at("/sessions").valueStream().noneMatch(it -> it.has("host")), without::toString);
    }

    @Test
    void aMessageArrivesWithItsMachineAndIsFollowed() throws Exception {
        Result sent = alice.call("send_message", "target", "bob", "body", "hello there")
                .ok();
        assertEquals("build-server", sent.text("/host"));
        assertEquals("stored", sent.text("/state"));
        assertEquals("on_its_way", sent.text("/outlook"));
        String id = sent.text("/message_id");
        JsonNode received = received(bob, "hello there");
        assertEquals("laptop", received.path("from_host").asString());
        assertEquals("alice", received.path("from_name").asString());
        assertEquals("peer", received.path("origin").asString());

        bob.call("reply_to_message", "message_id", id, "body", "hello yourself").ok();
        JsonNode reply = received(alice, "hello yourself");
        assertEquals("build-server", reply.path("from_host").asString());
        await().until(() -> alice.call("message_status", "message_id", id)
                .ok()
                .text("/state")
                .equals("answered"));
        Result status = alice.call("message_status", "message_id", id).ok();
        assertEquals("build-server", status.text("/host"));
        assertFalse(status.at("/on_its_way").asBoolean(), status::toString);
        assertTrue(status.fields().containsAll(List.of("shown_at", "answered_at")), status::toString);
    }

    @Test
    void aQuestionIsAnsweredAcrossMachines() throws Exception {
        Agent.Calling asking = alice.begin("ask_peer", "target", "bob@build-server", "body", "which version?");
        String id = bob.awaitMessage("which version?");
        bob.call("reply_to_message", "message_id", id, "body", "the newest").ok();
        Result answer = asking.result().ok();
        assertEquals("the newest", answer.text("/reply/body"));
        assertEquals("build-server", answer.text("/reply/from_host"));
        assertEquals("correlated", answer.text("/correlation"));
        assertEquals("answered", answer.text("/state"));
    }

    @Test
    void aLateAnswerArrivesAndWaitsOn() throws Exception {
        Result timedOut = alice.call("ask_peer", "target", "bob", "body", "how late?", "timeout_ms", 200)
                .ok();
        assertTrue(timedOut.at("/timed_out").asBoolean(), timedOut::toString);
        String ticket = timedOut.text("/request_id");
        assertTrue(
                alice.call("list_open_work", "which", "owed_to_me")
                        .ok()
                        .toString()
                        .contains(ticket),
                "it is owed");
        String id = bob.awaitMessage("how late?");
        Result owing = bob.call("list_open_work", "which", "i_owe").ok();
        assertTrue(owing.toString().contains("alice@laptop"), owing::toString);
        await().until(() -> owed(alice) == 1);
        Agent.Calling waiting = alice.begin("ask_peer", "request_id", ticket);
        await().until(() -> bob.call("list_open_work", "which", "i_owe")
                .ok()
                .at("/items")
                .valueStream()
                .anyMatch(item -> item.path("message_id").asString().equals(id)
                        && item.path("waiting_now").asBoolean()));
        bob.call("reply_to_message", "message_id", id, "body", "very").ok();
        assertEquals("very", waiting.result().ok().text("/reply/body"));
        await().until(() -> owed(alice) == 0);
    }

    /** How many requests a session of this machine has open, as the list of sessions tells. */
    private static int owed(Agent agent) throws Exception {
        return sessions(agent)
                .filter(it -> it.path("name").asString().equals("alice"))
                .findFirst()
                .orElseThrow()
                .path("owed")
                .asInt();
    }

    @Test
    void whatIsDeclinedEndsTheWait() throws Exception {
        Agent.Calling asking = alice.begin("ask_peer", "target", "bob", "body", "do it all");
        String id = bob.awaitMessage("do it all");
        bob.call("update_work", "message_id", id, "status", "declined", "note", "too much")
                .ok();
        Result ended = asking.result().ok();
        assertTrue(ended.at("/reply").isNull(), ended::toString);
        assertFalse(ended.at("/timed_out").asBoolean(), ended::toString);
        await().until(() -> "declined"
                .equals(alice.call("message_status", "message_id", id).ok().text("/work_status")));
    }

    @Test
    void whatIsDoneWithinOneMachineOnlyIsRefused() throws Exception {
        String said = alice.call("read_session", "name", "bob")
                .failed("other-machine")
                .text("/message");
        assertTrue(said.startsWith("bob is on build-server, another machine: "), said);
        Result rung = alice.call("send_message", "target", "bob", "body", "wake up", "wake", "auto")
                .ok();
        assertEquals("skipped_no_target", rung.text("/wake_status"));
    }

    private static Result status(Agent agent, String id) throws Exception {
        return agent.call("message_status", "message_id", id).ok();
    }

    /** Another call of the same session waits for its answer. */
    @Test
    void aRequestIsCanceledWhereItIs() throws Exception {
        Agent.Calling asking = alice.begin("ask_peer", "target", "bob", "body", "find it");
        String id = bob.awaitMessage("find it");
        Result requested = alice.call("update_work", "message_id", id, "status", "canceled", "note", "found it myself")
                .ok();
        assertEquals("cancel_requested", requested.text("/status"));
        assertEquals("open", requested.text("/previous_status"));
        assertEquals("build-server", requested.text("/host"));
        assertEquals("on_its_way", requested.text("/outlook"));
        assertFalse(requested.at("/changed").asBoolean(), requested::toString);

        Result ended = asking.result().ok();
        assertTrue(ended.at("/reply").isNull(), ended::toString);
        assertFalse(ended.at("/timed_out").asBoolean(), ended::toString);
        assertEquals("canceled", ended.text("/work_status"));
        assertEquals("found it myself", ended.text("/note"));
        JsonNode told = received(bob, body -> body.startsWith("alice has canceled its request " + id + " ("));
        assertEquals("office", told.path("origin").asString());
        assertEquals("laptop", told.path("from_host").asString());
        bob.call("update_work", "message_id", id, "status", "working").failed("work-ended");
        Result again = alice.call("update_work", "message_id", id, "status", "canceled")
                .ok();
        assertEquals("canceled", again.text("/status"));
        assertFalse(alice.call("list_open_work").ok().toString().contains(id));
    }

    @Test
    void whatComesInPlaceOfAnUnreadMessageWithdrawsIt() throws Exception {
        String first = alice.call("send_message", "target", "bob", "body", "use port 80")
                .ok()
                .text("/message_id");
        Result second = alice.call("send_message", "target", "bob", "body", "use port 8080", "supersedes", first)
                .ok();
        assertEquals("requested", second.text("/superseded"));
        await().until(() -> status(alice, first).text("/state").equals("withdrawn"));
        JsonNode seen = received(bob, "use port 8080");
        assertEquals(first, seen.path("supersedes").asString());

        Agent dora = laptop.join("dora");
        String said = alice.call("send_message", "target", "dora", "body", "x", "supersedes", first)
                .failed("other-target")
                .text("/message");
        assertTrue(said.contains("which went to bob@build-server"), said);
        dora.call("send_message", "target", "bob", "body", "x", "supersedes", first)
                .failed("message-not-found");
        alice.call("update_work", "message_id", first, "status", "canceled").failed("not-a-request");
    }

    /** Neither knows of the other's wait when its own begins; who asked last ends it. */
    @Test
    void twoThatWaitForEachOtherDoNotWaitForEver() throws Exception {
        Agent.Calling first = alice.begin("ask_peer", "target", "bob", "body", "you first");
        String question = bob.awaitMessage("you first");
        Result last = bob.call("ask_peer", "target", "alice", "body", "no, you").ok();
        assertTrue(last.at("/would_deadlock").asBoolean(), last::toString);
        assertFalse(last.at("/timed_out").asBoolean(), last::toString);
        assertEquals("bob → alice@laptop → bob", last.text("/path"));
        assertEquals("alice@laptop", last.text("/answer_first/from"));
        assertEquals(question, last.text("/answer_first/message_id"));
        bob.call("reply_to_message", "message_id", question, "body", "all right")
                .ok();
        assertEquals("all right", first.result().ok().text("/reply/body"));
        String stored = alice.awaitMessage("no, you");
        alice.call("reply_to_message", "message_id", stored, "body", "thank you")
                .ok();
        assertEquals(
                "thank you",
                bob.call("ask_peer", "request_id", last.text("/request_id"))
                        .ok()
                        .text("/reply/body"));
    }

    @Test
    void aWaitThatTheUserEndsTakesNothing() throws Exception {
        Agent.Calling asking = alice.begin("ask_peer", "target", "bob", "body", "never mind?");
        String id = bob.awaitMessage("never mind?");
        asking.cancel();
        bob.call("reply_to_message", "message_id", id, "body", "too late?").ok();
        JsonNode late = received(alice, "too late?");
        assertEquals(id, late.path("source_message_id").asString());
        assertEquals("build-server", late.path("from_host").asString());
    }

    /** A person's word is not another machine's to say. */
    @Test
    void onlySessionsWriteToOtherMachines() throws Exception {
        Shell sent = Shell.parley(laptop, "send", "bob", "hello").exited(1);
        assertTrue(sent.err().contains("only sessions write to other machines; nothing was sent"), sent::err);
    }

    @Test
    void aFullOutboxIsSaidAndMailOfTheMachineGoesOn() throws Exception {
        Envelope first = Letters.plain(new SessionId("alice-session"), new SessionId("nobody-1"), "x");
        Store store = Store.open(laptop.home(), Durability.PROCESS, Trace.NONE);
        HostName nowhere = new HostName("nowhere");
        PostOffice office = new FilePostOffice(store, LocalProcessTable.INSTANCE, Retention.DEFAULT);
        office.remoteMail().orElseThrow().outbox().put(nowhere, first);
        Path pair =
                laptop.home().resolve("outbox").resolve(Pair.of(nowhere, first).key());
        List<Path> much = new ArrayList<>();
        for (int number = 2; number <= Outbox.CAPACITY; number++) {
            much.add(Files.createFile(pair.resolve("%016d-m-%016d".formatted(number, number))));
        }
        try {
            // One that has not counted before.
            Agent carol = laptop.join("carol");
            String said = carol.call("send_message", "target", "bob", "body", "too much")
                    .failed("outbox-full")
                    .text("/message");
            assertTrue(said.contains("10000 messages wait to leave this machine"), said);
            carol.call("send_message", "target", "alice", "body", "within the machine")
                    .ok();
            assertFalse(received(alice, "within the machine").has("from_host"));
        } finally {
            for (Path each : much) {
                Files.delete(each);
            }
        }
    }

    @Test
    void whoIsNotThereIsNotFound() throws Exception {
        String said = alice.call("send_message", "target", "nobody@build-server", "body", "x")
                .failed("target-not-found")
                .toString();
        assertTrue(said.contains("bob@build-server"), said);
    }

    /** The last of all, since the others need the hub. */
    @Test
    @Order(Integer.MAX_VALUE)
    void mailWaitsForAHubThatIsGoneAndArrivesWhenItIsBack() throws Exception {
        stopHub();
        try {
            await().atMost(Duration.ofSeconds(40))
                    .until(() -> alice.call("send_message", "target", "bob", "body", "while it is down")
                            .ok()
                            .text("/outlook")
                            .startsWith("hub unreachable since "));
            Result local = alice.call("get_my_session").ok();
            assertTrue(local.fields().contains("entry"), local::toString);
            assertTrue(sessions(alice).anyMatch(it -> it.path("away").asBoolean()), "those there are away");
        } finally {
            // Its data are lost as well.
            try (Stream<Path> files = Files.walk(root.resolve("nats"))) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
            startHub();
        }
        bob.awaitMessage("while it is down");
        await().atMost(Duration.ofSeconds(40))
                .until(() -> names(alice).equals(List.of("bob@build-server"))
                        && sessions(alice).noneMatch(it -> it.path("away").asBoolean()));
    }
}
