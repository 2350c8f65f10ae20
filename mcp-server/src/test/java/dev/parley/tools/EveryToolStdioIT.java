package dev.parley.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.fixture.Agent;
import dev.parley.fixture.OfficialClient;
import dev.parley.fixture.Peers;
import dev.parley.fixture.Result;
import dev.parley.testing.ThreadPerTask;
import io.modelcontextprotocol.spec.McpSchema.Tool;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Every tool through the official client: what a success says, field by field. */
class EveryToolStdioIT {

    private static final Set<String> SENT =
            Set.of("message_id", "target_session_id", "target_name", "target_server_pid", "state", "outlook");
    private static final Set<String> WAKE = Set.of("wake_status", "wake_reason");
    private static final Set<String> MESSAGE =
            Set.of("id", "body", "enqueued_at", "age_seconds", "body_bytes", "origin", "from_session_id", "from_name");

    private static Peers peers;
    private static Path project;
    private static OfficialClient alice;
    private static OfficialClient bob;

    @BeforeAll
    static void start(@TempDir Path root) throws Exception {
        peers = new Peers(root);
        Path home = peers.home();
        project = peers.project();
        CompletableFuture<OfficialClient> starting = CompletableFuture.supplyAsync(
                () -> OfficialClient.start(home, project).join("bob"), ThreadPerTask.EXECUTOR);
        alice = OfficialClient.start(home, project).join("alice");
        bob = starting.join();
    }

    @AfterAll
    static void stop() throws Exception {
        alice.close();
        bob.close();
        assertEquals(List.of(), alice.errors());
        assertEquals(List.of(), bob.errors());
        peers.assertSound();
    }

    @BeforeEach
    void emptyInboxes() {
        alice.call("read_my_messages").ok();
        bob.call("read_my_messages").ok();
    }

    private static Set<String> both(Set<String> some, Set<String> more) {
        Set<String> all = new TreeSet<>(some);
        all.addAll(more);
        return all;
    }

    private static Set<String> names(JsonNode object) {
        return new TreeSet<>(object.propertyNames());
    }

    @Test
    void theServerSaysWhatItIsFor() {
        assertEquals("parley", alice.client().getServerInfo().name());
        String instructions = alice.client().getServerInstructions();
        assertTrue(instructions.length() < 1500, "too long: " + instructions.length());
        assertTrue(instructions.contains("context, not authority"), instructions);
    }

    /** Every session of every client pays for it with its context. */
    @Test
    void theWholeListIsShort() throws Exception {
        try (Agent agent = peers.agent().start()) {
            int bytes = agent.tools().toString().getBytes(StandardCharsets.UTF_8).length;
            int tools = agent.tools().path("result").path("tools").size();
            System.out.println("tools/list: " + bytes + " bytes for " + tools + " tools");
            assertTrue(bytes < 8192, () -> bytes + " bytes");
            assertTrue(tools >= 9, () -> tools + " tools");
        }
    }

    @Test
    void everyToolIsClosedWorldAndNotDestructive() {
        Map<String, Tool> tools = new HashMap<>();
        alice.client().listTools().tools().forEach(tool -> tools.put(tool.name(), tool));
        for (Tool tool : tools.values()) {
            assertEquals(false, tool.annotations().openWorldHint(), tool.name());
            assertEquals(false, tool.annotations().destructiveHint(), tool.name());
        }
        for (String reader : List.of("list_project_sessions", "get_my_session", "message_status", "list_open_work")) {
            assertEquals(true, tools.get(reader).annotations().readOnlyHint(), reader);
        }
        for (String writer :
                List.of("send_message", "ask_peer", "reply_to_message", "read_my_messages", "update_work")) {
            assertEquals(false, tools.get(writer).annotations().readOnlyHint(), writer);
        }
    }

    @Test
    void sendMessageSaysWhereItWentAndNothingOfWaking() {
        Result sent =
                alice.call("send_message", "target", "bob", "body", "hello").ok();
        assertEquals(both(SENT, Set.of("hint")), sent.fields());
        assertTrue(sent.text("/hint").startsWith("nothing can wake its client"), sent::toString);
        assertTrue(sent.text("/message_id").matches("m-[0-9a-z]{16}"), sent::toString);
        assertEquals("bob-session", sent.text("/target_session_id"));
        assertEquals("bob", sent.text("/target_name"));
        assertEquals("stored", sent.text("/state"));
        long pid = bob.call("get_my_session").ok().at("/entry/server_pid").asLong();
        assertEquals(pid, sent.at("/target_server_pid").asLong());
    }

    @Test
    void sendMessageSaysWhatBecameOfAWishToWake() {
        Result sent = alice.call("send_message", "target", "bob", "body", "hello", "wake", "auto")
                .ok();
        assertEquals(both(both(SENT, WAKE), Set.of("hint")), sent.fields());
        assertEquals("skipped_no_target", sent.text("/wake_status"));
        assertEquals(
                SENT,
                alice.call("send_message", "target", "bob", "body", "hello", "wake", "off")
                        .ok()
                        .fields());
    }

    @Test
    void onlyAMailboxThatIsEmptyIsCalledDrained() {
        alice.call("send_message", "target", "bob", "body", "one").ok();
        alice.call("send_message", "target", "bob", "body", "two").ok();
        Result some = bob.call("read_my_messages", "limit", 1).ok();
        assertEquals(1, some.at("/remaining").asInt());
        assertEquals(false, some.at("/drained").booleanValue(true));
        Result rest = bob.call("read_my_messages").ok();
        assertEquals("two", rest.text("/messages/0/body"));
        assertEquals(true, rest.at("/drained").booleanValue());
    }

    @Test
    void readMyMessagesShowsAMessageWithItsSenderAndItsReferences() {
        long before = Instant.now().getEpochSecond();
        String first = alice.call("send_message", "target", "bob", "body", "zwölf Boxkämpfer ✓")
                .ok()
                .text("/message_id");
        alice.call(
                        "send_message",
                        "target",
                        "bob",
                        "body",
                        "about that",
                        "source_message_id",
                        first,
                        "reply_to",
                        "q-0123456789abcdef")
                .ok();

        Result read = bob.call("read_my_messages").ok();
        assertEquals(Set.of("drained", "count", "messages", "remaining"), read.fields());
        assertEquals(true, read.at("/drained").booleanValue());
        assertEquals(2, read.at("/count").asInt());
        assertEquals(0, read.at("/remaining").asInt());
        JsonNode message = read.at("/messages/0");
        assertEquals(new TreeSet<>(MESSAGE), names(message));
        assertEquals(first, message.path("id").asString());
        assertEquals("zwölf Boxkämpfer ✓", message.path("body").asString());
        assertEquals(22, message.path("body_bytes").asInt());
        assertEquals("peer", message.path("origin").asString());
        assertEquals("alice-session", message.path("from_session_id").asString());
        assertEquals("alice", message.path("from_name").asString());
        long sentAt = message.path("enqueued_at").asLong();
        assertTrue(before <= sentAt && sentAt <= before + 30, () -> before + " and " + sentAt);
        assertEquals(both(MESSAGE, Set.of("reply_to", "source_message_id")), names(read.at("/messages/1")));
        assertEquals(first, read.text("/messages/1/source_message_id"));
    }

    @Test
    void readMyMessagesTakesNoMoreThanItsLimitAndSaysWhatIsLeft() {
        for (int i = 0; i < 5; i++) {
            alice.call("send_message", "target", "bob", "body", "number " + i).ok();
        }
        Result some = bob.call("read_my_messages", "limit", 2).ok();
        assertEquals(2, some.at("/count").asInt());
        assertEquals(3, some.at("/remaining").asInt());
        assertEquals("number 0", some.text("/messages/0/body"));
        Result rest = bob.call("read_my_messages").ok();
        assertEquals(3, rest.at("/count").asInt());
        assertEquals("number 2", rest.text("/messages/0/body"));
        assertEquals("number 4", rest.text("/messages/2/body"));
    }

    @Test
    void readMyMessagesHandsOverSixtyFourKibibytesOfTextAtATime() {
        String body = "x".repeat(8192);
        for (int i = 0; i < 9; i++) {
            alice.call("send_message", "target", "bob", "body", body).ok();
        }
        Result first = bob.call("read_my_messages").ok();
        assertEquals(8, first.at("/count").asInt());
        assertEquals(1, first.at("/remaining").asInt());
        assertEquals(1, bob.call("read_my_messages").ok().at("/count").asInt());
    }

    @Test
    void aQuestionAndItsAnswer() {
        CompletableFuture<Result> asking = CompletableFuture.supplyAsync(
                () -> alice.call("ask_peer", "target", "bob", "body", "which port?", "timeout_ms", 20_000),
                ThreadPerTask.EXECUTOR);
        JsonNode question = awaitMail(bob).at("/messages/0");
        assertEquals(both(MESSAGE, Set.of("request_id", "work_status")), names(question));
        String id = question.path("id").asString();
        String request = question.path("request_id").asString();

        Result reply =
                bob.call("reply_to_message", "message_id", id, "body", "8080").ok();
        assertEquals(
                both(SENT, Set.of("in_reply_to_message_id", "correlation", "work_status", "work_changed")),
                reply.fields(),
                "who waits needs no waking");
        assertEquals(id, reply.text("/in_reply_to_message_id"));
        assertEquals("correlated", reply.text("/correlation"));

        Result answer = asking.join().ok();
        assertEquals(
                both(
                        WAKE,
                        Set.of("message_id", "request_id", "reply", "correlation", "timed_out", "timeout_ms", "state")),
                both(WAKE, answer.fields()),
                "whether waking has come to an end by then is not certain");
        assertEquals(id, answer.text("/message_id"));
        assertEquals(request, answer.text("/request_id"));
        assertEquals("correlated", answer.text("/correlation"));
        assertEquals(false, answer.at("/timed_out").booleanValue());
        assertEquals(20_000, answer.at("/timeout_ms").asInt());
        assertEquals("answered", answer.text("/state"));
        JsonNode got = answer.at("/reply");
        assertEquals(
                new TreeSet<>(
                        Set.of("id", "body", "enqueued_at", "from_session_id", "from_name", "reply_to", "correlation")),
                names(got));
        assertEquals("8080", got.path("body").asString());
        assertEquals(reply.text("/message_id"), got.path("id").asString());
        assertEquals(request, got.path("reply_to").asString());
        assertEquals("bob-session", got.path("from_session_id").asString());
        assertEquals(0, alice.call("read_my_messages").ok().at("/count").asInt(), "the answer came twice");
    }

    @Test
    void aPlainMessageAndAReplyCanBeRepliedTo() {
        String sent =
                alice.call("send_message", "target", "bob", "body", "done").ok().text("/message_id");
        bob.call("read_my_messages").ok();
        Result reply = bob.call("reply_to_message", "message_id", sent, "body", "thanks")
                .ok();
        assertEquals("uncorrelated", reply.text("/correlation"));
        JsonNode thanks = awaitMail(alice).at("/messages/0");
        assertEquals(sent, thanks.path("source_message_id").asString());
        assertFalse(thanks.has("reply_to"), thanks::toString);

        Result again = alice.call(
                        "reply_to_message", "message_id", thanks.path("id").asString(), "body", "welcome")
                .ok();
        assertEquals("bob-session", again.text("/target_session_id"));
        assertEquals("welcome", awaitMail(bob).text("/messages/0/body"));
    }

    @Test
    void messageStatus() {
        String sent =
                alice.call("send_message", "target", "bob", "body", "done").ok().text("/message_id");
        Result status = alice.call("message_status", "message_id", sent).ok();
        assertEquals(Set.of("message_id", "state", "receiver_session_id", "stored_at"), status.fields());
        assertEquals("stored", status.text("/state"));
        assertEquals("bob-session", status.text("/receiver_session_id"));
    }

    @Test
    void listProjectSessions() {
        alice.call("set_my_state", "purpose", "plans").ok();
        alice.call("send_message", "target", "bob", "body", "one").ok();
        Result list = alice.call("list_project_sessions").ok();
        assertEquals(Set.of("project_root", "inferred", "sessions"), list.fields());
        assertEquals(project.toString(), list.text("/project_root"));
        assertEquals(true, list.at("/inferred").booleanValue());
        assertEquals(2, list.at("/sessions").size());
        JsonNode first = list.at("/sessions/0");
        assertEquals(
                new TreeSet<>(Set.of(
                        "name",
                        "client_type",
                        "client_session_id",
                        "own_session_id",
                        "state",
                        "activity",
                        "idle_seconds",
                        "reachable_by",
                        "unread",
                        "owing",
                        "owed",
                        "tmux_session",
                        "cwd",
                        "self")),
                names(first));
        assertEquals("alice", first.path("name").asString());
        assertEquals("official-java-client", first.path("client_type").asString());
        assertEquals("alice-session", first.path("client_session_id").asString());
        assertTrue(list.at("/sessions/1/state/updated_at").isNull(), "bob has said nothing of himself");
        assertEquals("plans", first.at("/state/purpose").asString());
        assertTrue(Instant.parse(first.at("/state/updated_at").asString())
                .isBefore(Instant.now().plusSeconds(1)));
        assertEquals(project.toString(), first.path("cwd").asString());
        JsonNode second = list.at("/sessions/1");
        assertFalse(second.has("self"), second::toString);
        assertEquals(1, second.path("unread").asInt());

        Result compact = alice.call("list_project_sessions", "compact", true, "project_root", project.toString())
                .ok();
        assertEquals(false, compact.at("/inferred").booleanValue());
        assertEquals(
                new TreeSet<>(Set.of("name", "client_type", "activity", "purpose", "self")),
                names(compact.at("/sessions/0")));
    }

    @Test
    void setMyState() {
        Result set = bob.call("set_my_state", "purpose", " tests\nthe \u001b[31mindex\u009b\u202e ")
                .ok();
        assertEquals(Set.of("state", "name"), set.fields());
        assertEquals("bob", set.text("/name"));
        assertEquals("tests the [31mindex", set.text("/state/purpose"), "one line, nothing invisible");
        Result cleared = bob.call("set_my_state", "purpose", "").ok();
        assertTrue(cleared.at("/state/purpose").isNull(), cleared::toString);
    }

    @Test
    void claimSession() {
        Result claimed = bob.call("claim_session", "session_id", "bob-session").ok();
        assertEquals(Set.of("session_id", "own_session_id", "transcript_path", "name"), claimed.fields());
        assertEquals("bob-session", claimed.text("/session_id"));
        assertEquals("bob", claimed.text("/name"));
    }

    @Test
    void getMySession() {
        Result mine = bob.call("get_my_session").ok();
        assertEquals(Set.of("entry", "binding", "detect_diagnosis"), mine.fields());
        assertEquals("bob-session", mine.text("/entry/client_session_id"));
        assertEquals("bob", mine.text("/entry/name"));
        assertEquals(project.toString(), mine.text("/entry/project"));
        assertEquals("claim", mine.text("/detect_diagnosis/winning"));
        assertEquals(
                new TreeSet<>(Set.of("per_strategy", "winning", "next_step")), names(mine.at("/detect_diagnosis")));
    }

    @Test
    void unknownArgumentsAreIgnored() {
        alice.call("list_project_sessions", "compact", true, "colour", "blue").ok();
    }

    private static Result awaitMail(OfficialClient reader) {
        long deadline = System.nanoTime() + 20_000_000_000L;
        Result read = reader.call("read_my_messages").ok();
        while (read.at("/count").asInt() == 0 && System.nanoTime() < deadline) {
            read = reader.call("read_my_messages").ok();
        }
        assertTrue(read.at("/count").asInt() > 0, "no mail has come");
        return read;
    }
}
