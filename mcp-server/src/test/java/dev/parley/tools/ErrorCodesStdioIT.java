package dev.parley.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.fixture.Agent;
import dev.parley.fixture.OfficialClient;
import dev.parley.fixture.Peers;
import dev.parley.fixture.Result;
import dev.parley.fixture.Shell;
import dev.parley.testing.ThreadPerTask;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every error code through the official client, each with a message that says what to do next. */
class ErrorCodesStdioIT {

    private static Peers peers;
    private static OfficialClient alice;
    private static OfficialClient bob;
    private static OfficialClient stranger;

    @BeforeAll
    static void start(@TempDir Path root) throws Exception {
        peers = new Peers(root);
        Path elsewhere = Files.createDirectories(root.resolve("elsewhere")).toRealPath();
        CompletableFuture<OfficialClient> second = CompletableFuture.supplyAsync(
                () -> OfficialClient.start(peers.home(), peers.project()).join("bob"), ThreadPerTask.EXECUTOR);
        CompletableFuture<OfficialClient> third = CompletableFuture.supplyAsync(
                () -> OfficialClient.start(peers.home(), elsewhere).join("stranger"), ThreadPerTask.EXECUTOR);
        alice = OfficialClient.start(peers.home(), peers.project()).join("alice");
        bob = second.join();
        stranger = third.join();
    }

    @AfterAll
    static void stop() throws Exception {
        peers.close();
        List.of(alice, bob, stranger).forEach(OfficialClient::close);
        assertEquals(List.of(), alice.errors());
    }

    private static Result send(String target) {
        return alice.call("send_message", "target", target, "body", "hello");
    }

    private static String message(Result result) {
        return result.text("/message");
    }

    /** The questions of a session that are open. */
    private static List<String> open(String session) throws Exception {
        try (Stream<Path> files = Files.list(peers.session(session).resolve("asks"))) {
            return files.map(Path::toString).toList();
        }
    }

    @Test
    void targetNotFoundNamesThoseThatExist() {
        Result result = send("nobody").failed("target-not-found");
        assertTrue(result.at("/names").toString().contains("\"bob\""), result::toString);
        assertFalse(result.at("/names").toString().contains("alice"), "oneself is no target: " + result);
        assertFalse(result.toString().contains("stranger"), "another project's sessions are invisible: " + result);
        assertTrue(message(result).contains("'nobody'"), result::toString);
    }

    @Test
    void aTargetIsFoundByNameInAnyCaseByIdAndByAnUnambiguousPrefix() {
        for (String target : List.of("bob", "BOB", "bob-session", "bob-sess")) {
            assertEquals("bob-session", send(target).ok().text("/target_session_id"), target);
        }
        send("bob-ses").failed("target-not-found");
    }

    @Test
    void ambiguousTargetNamesTheCandidates() {
        try (OfficialClient one = OfficialClient.start(peers.home(), peers.project());
                OfficialClient two = OfficialClient.start(peers.home(), peers.project())) {
            one.call("claim_session", "session_id", "twin-session-1").ok();
            two.call("claim_session", "session_id", "twin-session-2").ok();
            Result result = send("twin-session").failed("ambiguous-target");
            List<String> ids = result.at("/candidates")
                    .valueStream()
                    .map(candidate -> candidate.path("client_session_id").asString())
                    .sorted()
                    .toList();
            assertEquals(List.of("twin-session-1", "twin-session-2"), ids);
            assertEquals("twin-session-2", send("twin-session-2").ok().text("/target_session_id"));
        }
    }

    @Test
    void selfSend() {
        send("alice").failed("self-send");
        send("alice-session").failed("self-send");
        alice.call("ask_peer", "target", "alice", "body", "who am I?").failed("self-send");
    }

    @Test
    void crossProject() {
        send("stranger-session").failed("cross-project");
        send("stranger").failed("target-not-found");
        Result list = alice.call("list_project_sessions", "project_root", "/").failed("cross-project");
        assertTrue(message(list).contains(peers.project().toString()), list::toString);
    }

    @Test
    void theIdOfARunningSessionIsNobodyElses() throws Exception {
        Result refused =
                stranger.call("claim_session", "session_id", "bob-session").failed("cross-project");
        assertTrue(message(refused).contains("another project"), refused::toString);
        assertEquals("stranger-session", stranger.call("get_my_session").ok().text("/entry/client_session_id"));
        Agent second = peers.keep(peers.agent().start());
        Result living =
                second.call("claim_session", "session_id", "bob-session").failed("claim-refused");
        assertTrue(message(living).contains("running"), living::toString);
        Result sent = alice.call("send_message", "target", "bob-session", "body", "hello")
                .ok();
        assertEquals("bob-session", sent.text("/target_session_id"));
        assertEquals(
                bob.call("get_my_session").ok().at("/entry/server_pid").asLong(),
                sent.at("/target_server_pid").asLong());
        second.close();
    }

    @Test
    void aNameThatNobodyCanHaveIsRefused() throws Exception {
        for (String name : List.of("operator", "0perator", "deadbeef-0000", "p-abc")) {
            Result refused = alice.call("set_my_state", "name", name).failed("name-refused");
            assertTrue(message(refused).contains("choose another"), refused::toString);
        }
    }

    @Test
    void onlyWhoCanNeverComeBackIsGone() throws Exception {
        Agent codex = peers.agent().underOwnParent().client("codex-mcp-client").start();
        Result entry = codex.call("get_my_session").ok();
        codex.close();
        Result result = send(entry.text("/entry/name")).failed("peer-gone");
        assertEquals(entry.text("/entry/client_session_id"), result.text("/target_session_id"));
        assertTrue(message(result).contains("nothing was stored"), result::toString);
        alice.call("ask_peer", "target", entry.text("/entry/name"), "body", "?").failed("peer-gone");
        Shell.parley(peers, "send", entry.text("/entry/name"), "x").exited(1).says("for good", "nothing was stored");
    }

    @Test
    void anUnknownNameGetsTheNearestOnes() {
        assertTrue(message(send("bub").failed("target-not-found")).contains("did you mean bob?"));
        assertFalse(message(send("nobody-at-all").failed("target-not-found")).contains("did you mean"));
    }

    @Test
    void anIdOfTheWrongKindIsToldWhatItIs() {
        String request = "q-0123456789abcdef";
        String message = "m-0123456789abcdef";
        Result reply = alice.call("reply_to_message", "message_id", request, "body", "x")
                .failed("invalid-arguments");
        assertTrue(message(reply).contains("message_id is a request id, which ask_peer takes"), reply::toString);
        Result wait = alice.call("ask_peer", "request_id", message).failed("invalid-arguments");
        assertTrue(message(wait).contains("request_id is a message id, which reply_to_message"), wait::toString);
        Result status =
                alice.call("message_status", "message_id", "bob-session").failed("invalid-arguments");
        assertTrue(
                message(status).contains("message_id is a session's id or name, which send_message"), status::toString);
        Result sent = send(message).failed("target-not-found");
        assertTrue(message(sent).contains("it is a message id, which reply_to_message"), sent::toString);
    }

    @Test
    void unknownArgumentsAreNamedWhenOneIsMissing() {
        Result sent =
                alice.call("send_message", "to", "bob", "message", "hello").failed("invalid-arguments");
        assertTrue(message(sent).contains("unknown: to, message; did you mean target, body?"), sent::toString);
        Result asked = alice.call("ask_peer", "to", "bob", "message", "hello").failed("invalid-arguments");
        assertTrue(message(asked).contains("unknown: to, message; known are target, body"), asked::toString);
    }

    @Test
    void mailboxFullTellsTheSender() throws Exception {
        peers.join("lazy");
        Path inbox = peers.session("lazy-session").resolve("mailbox").resolve("new");
        // Links, because ten thousand files take seconds to make on a busy disk.
        Path message = Files.createFile(peers.project().resolve("message"));
        for (int i = 0; i < 10_000; i++) {
            Files.createLink(inbox.resolve(String.format(Locale.ROOT, "%016d-m-%016d", i, i)), message);
        }
        Result result = send("lazy").failed("mailbox-full");
        assertTrue(message(result).contains("nothing was sent"), result::toString);
        alice.call("ask_peer", "target", "lazy", "body", "hello?").failed("mailbox-full");
        assertEquals(List.of(), open("alice-session"), "a question that was not sent is not open");
    }

    @Test
    void messageNotFoundDoesNotDistinguishUnknownFromForeign() {
        String foreign = send("bob").ok().text("/message_id");
        String unknown = "m-0000000000000000";
        String ofForeign = message(alice.call("reply_to_message", "message_id", foreign, "body", "x")
                .failed("message-not-found"));
        String ofUnknown = message(alice.call("reply_to_message", "message_id", unknown, "body", "x")
                .failed("message-not-found"));
        assertEquals(ofUnknown, ofForeign.replace(foreign, unknown));
    }

    @Test
    void noReplyTargetForTheOperator() throws Exception {
        Shell.parley(peers, "send", "bob", "the build is red").exited(0);
        Result read = bob.call("read_my_messages").ok();
        int last = read.at("/count").asInt() - 1;
        assertEquals("operator", read.text("/messages/" + last + "/origin"));
        String id = read.text("/messages/" + last + "/id");
        bob.call("reply_to_message", "message_id", id, "body", "ok").failed("no-reply-target");
    }

    @Test
    void nameTaken() {
        Result result = alice.call("set_my_state", "name", "bob").failed("name-taken");
        assertTrue(message(result).contains("bob"), result::toString);
        assertEquals("alice", alice.call("get_my_session").ok().text("/entry/name"));
    }

    @Test
    void theNameOfASessionThatHasEndedIsFree() throws Exception {
        peers.join("erin").close();
        alice.call("set_my_state", "name", "erin").ok();
        assertEquals(
                "alice-session",
                bob.call("send_message", "target", "erin", "body", "hello").ok().text("/target_session_id"));
        alice.call("set_my_state", "name", "alice").ok();
    }

    @Test
    void requestNotFound() {
        Result result =
                alice.call("ask_peer", "request_id", "q-0000000000000000").failed("request-not-found");
        assertTrue(message(result).contains("read_my_messages"), result::toString);
    }

    @Test
    void aTicketGoesAlone() {
        alice.call("ask_peer", "request_id", "q-0000000000000000", "target", "bob", "body", "x")
                .failed("invalid-arguments");
        alice.call("ask_peer", "target", "bob").failed("invalid-arguments");
        alice.call("ask_peer").failed("invalid-arguments");
        alice.call("set_my_state").failed("invalid-arguments");
    }

    @Test
    void anUnknownMessageHasAnUnknownState() {
        Result status =
                alice.call("message_status", "message_id", "m-0000000000000000").ok();
        assertEquals("unknown", status.text("/state"));
        String foreign = send("bob").ok().text("/message_id");
        assertEquals(
                "unknown",
                stranger.call("message_status", "message_id", foreign).ok().text("/state"),
                "a message between others is none of its business");
    }
}
