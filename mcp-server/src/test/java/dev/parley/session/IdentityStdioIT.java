package dev.parley.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.SessionId;
import dev.parley.fixture.Agent;
import dev.parley.fixture.Distribution;
import dev.parley.fixture.Peers;
import dev.parley.fixture.Result;
import dev.parley.fixture.ServerProcess;
import dev.parley.fixture.Shell;
import dev.parley.process.ProcessIdentity;
import dev.parley.store.Durability;
import dev.parley.store.Store;
import dev.parley.store.process.LocalProcessTable;
import dev.parley.trace.Trace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Who a session is, in each client, and what goes along when that changes. */
@Tag("slow")
class IdentityStdioIT {

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

    private static Agent.Builder claude(String session) {
        return peers.agent().client("claude-code").with("CLAUDE_CODE_SESSION_ID", session);
    }

    private static Agent kept(Agent.Builder builder) throws Exception {
        return peers.keep(builder.start());
    }

    private static String newId() {
        return UUID.randomUUID().toString();
    }

    @Test
    void whoHasOnlyShakenHandsCanBeReached() throws Exception {
        ServerProcess server = peers.agent().client("quiet-client").startOnly();
        try {
            ObjectNode hello = ServerProcess.object().put("protocolVersion", "2025-06-18");
            hello.putObject("capabilities");
            hello.putObject("clientInfo").put("name", "quiet-client").put("version", "1");
            server.send("initialize", hello).await();
            server.tell("notifications/initialized", ServerProcess.object());
            JsonNode quiet = Awaitility.await()
                    .until(
                            () -> alice.call("list_project_sessions")
                                    .ok()
                                    .at("/sessions")
                                    .valueStream()
                                    .filter(peer ->
                                            peer.path("client_type").asString().equals("quiet-client"))
                                    .findFirst(),
                            Optional::isPresent)
                    .orElseThrow();
            alice.call("send_message", "target", quiet.path("name").asString(), "body", "hello")
                    .ok();
        } finally {
            server.close();
        }
    }

    private static String id(Agent agent) throws Exception {
        return agent.call("get_my_session").ok().text("/entry/client_session_id");
    }

    private static String winning(Agent agent) throws Exception {
        return agent.call("get_my_session").ok().text("/detect_diagnosis/winning");
    }

    private static String send(String target, String body) throws Exception {
        return alice.call("send_message", "target", target, "body", body).ok().text("/message_id");
    }

    /** What Claude Code does when a session starts in its process. */
    private static void sessionStarts(long clientPid, String session, String source) throws Exception {
        Map<String, String> environment = Shell.environment(peers.home());
        environment.put("CLAUDE_PID", Long.toString(clientPid));
        String input = ServerProcess.object()
                .put("session_id", session)
                .put("transcript_path", peers.project() + "/" + session + ".jsonl")
                .put("cwd", peers.project().toString())
                .put("hook_event_name", "SessionStart")
                .put("source", source)
                .toString();
        Path hook = Distribution.directory().resolve("hooks").resolve("parley-hook");
        Shell.run(List.of(hook.toString(), "claude-code"), environment, peers.project(), input)
                .exited(0);
    }

    @Test
    void claudeCodeIsTheSessionOfItsEnvironment() throws Exception {
        String session = newId();
        Agent claude = kept(claude(session).underOwnParent());
        Result mine = claude.call("get_my_session").ok();
        assertEquals(session, mine.text("/entry/client_session_id"));
        assertEquals("claude-code", mine.text("/entry/client_type"));
        assertEquals(claude.server().pid(), mine.at("/entry/client_pid").asLong());
        assertEquals("claude_environment", mine.text("/detect_diagnosis/winning"));
        assertTrue(mine.text("/detect_diagnosis/next_step").contains("parley setup"), mine::toString);
    }

    @Test
    void anotherClientDoesNotTakeTheSessionOfAClaudeCodeAboveIt() throws Exception {
        String session = newId();
        Agent other = kept(peers.agent().client("some-client").with("CLAUDE_CODE_SESSION_ID", session));
        assertEquals("provisional", winning(other));
        Agent codex = kept(peers.agent().client("codex-mcp-client").with("CLAUDE_CODE_SESSION_ID", session));
        assertEquals("provisional", winning(codex));
    }

    @Test
    void anEnvironmentThatIsNoIdIsNotUsed() throws Exception {
        Agent claude = kept(claude("../../etc").underOwnParent());
        assertEquals("provisional", winning(claude));
    }

    @Test
    void afterClearTheServerFollowsTheHookWithAllItsMail() throws Exception {
        String before = newId();
        String after = newId();
        Agent claude = kept(claude(before).underOwnParent());
        long client = claude.server().pid();
        sessionStarts(client, before, "startup");
        claude.call("set_my_state", "name", "phoenix", "purpose", "burns").ok();
        String read = send(before, "read before");
        claude.awaitMail();
        String unread = send("phoenix", "unread before");

        sessionStarts(client, after, "clear");
        String between = send(before, "sent to the old id");
        Result mine = claude.call("get_my_session").ok();
        assertEquals(after, mine.text("/entry/client_session_id"));
        assertEquals("claude_client_file", mine.text("/detect_diagnosis/winning"));
        assertEquals("phoenix", mine.text("/entry/name"));
        assertEquals("burns", mine.text("/entry/purpose"));

        String later = send("phoenix", "sent to the name");
        Result mail = claude.awaitMail();
        List<String> ids = mail.at("/messages")
                .valueStream()
                .map(message -> message.path("id").asString())
                .toList();
        assertEquals(List.of(unread, between, later), ids);
        claude.call("reply_to_message", "message_id", read, "body", "of what I read before")
                .ok();
        assertEquals("of what I read before", alice.awaitMail().text("/messages/0/body"));
    }

    /** Hooks of before named the file after the number alone, which a client in another container has, too. */
    @Test
    void aFileUnderTheBareNumberIsBelievedOnlyOfThisVeryProcess() throws Exception {
        String session = newId();
        Agent claude = kept(claude(session).underOwnParent());
        ProcessIdentity client =
                LocalProcessTable.INSTANCE.identify(claude.server().pid()).orElseThrow();
        Path file = peers.home().resolve("clients").resolve(Long.toString(client.pid()));
        String other = sessionOf(new ProcessIdentity(client.pid(), client.start(), "0123456789abn1"));
        Files.writeString(file, other + "\n");
        assertEquals(session, id(claude), "the session that it names is that of another container's client");

        String own = sessionOf(client);
        Files.writeString(file, own + "\n");
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofHours(1))));
        assertEquals(session, id(claude), "it is older than the process");
        Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
        assertEquals(own, id(claude));

        String dated = sessionOf(client);
        Files.writeString(file.resolveSibling(client.toString()), dated + "\n");
        assertEquals(dated, id(claude), "the name that says whose it is, comes first");
    }

    /** A session that ran in this process, as its card says. */
    private static String sessionOf(ProcessIdentity process) throws Exception {
        String id = newId();
        Store store = Store.open(peers.home(), Durability.PROCESS, Trace.NONE);
        store.makeSession(new SessionId(id));
        Files.writeString(
                store.card(new SessionId(id)),
                "{\"v\":1,\"id\":\"" + id + "\",\"client\":\"claude-code\",\"process\":\"" + process + "\"}\n");
        return id;
    }

    @Test
    void codexIsTheThreadOfTheCall() throws Exception {
        String thread = newId();
        Agent codex = kept(peers.agent().client("codex-mcp-client"));
        String provisional = id(codex);
        assertTrue(provisional.startsWith("p-"), provisional);
        String early = send(provisional, "before the thread was known");

        Result mine = codex.begin("get_my_session", Map.of("threadId", thread))
                .result()
                .ok();
        assertEquals(thread, mine.text("/entry/client_session_id"));
        assertEquals("codex", mine.text("/entry/client_type"));
        assertEquals("codex_thread", mine.text("/detect_diagnosis/winning"));
        String late = send(provisional, "to the old id");
        Result mail = codex.begin("read_my_messages", Map.of("threadId", thread))
                .result()
                .ok();
        assertEquals(List.of(early, late), List.of(mail.text("/messages/0/id"), mail.text("/messages/1/id")));

        codex.begin("get_my_session", Map.of("threadId", "../../" + thread))
                .result()
                .ok();
        assertEquals(thread, id(codex), "a text that is no id changes nothing");
    }

    @Test
    void aThreadOfAnotherClientMeansNothing() throws Exception {
        Agent other = kept(peers.agent().client("some-client").meta("threadId", newId()));
        assertEquals("provisional", winning(other));
    }

    @Test
    void aProvisionalSessionThatClaimsAnIdTakesEverythingAlong() throws Exception {
        Agent agent = kept(peers.agent());
        String provisional = id(agent);
        agent.call("set_my_state", "name", "nomad", "purpose", "wanders").ok();
        String read = send("nomad", "read before");
        agent.awaitMail();
        String unread = send("nomad", "unread before");
        Result ticket = agent.call("ask_peer", "target", "alice", "body", "where?", "timeout_ms", 1)
                .ok();

        Result claimed =
                agent.call("claim_session", "session_id", "nomad-session").ok();
        assertEquals("nomad", claimed.text("/name"));
        assertEquals("claim", winning(agent));
        String later = send(provisional, "to the old id");
        Result mail = agent.call("read_my_messages").ok();
        assertEquals(List.of(unread, later), List.of(mail.text("/messages/0/id"), mail.text("/messages/1/id")));
        assertEquals("wanders", agent.call("get_my_session").ok().text("/entry/purpose"));

        agent.call("reply_to_message", "message_id", read, "body", "got it").ok();
        Result inbox = alice.awaitMail();
        String question = inbox.at("/messages")
                .valueStream()
                .filter(message -> message.has("request_id"))
                .findFirst()
                .orElseThrow()
                .path("id")
                .asString();
        alice.call("reply_to_message", "message_id", question, "body", "here").ok();
        Result answer =
                agent.call("ask_peer", "request_id", ticket.text("/request_id")).ok();
        assertEquals("here", answer.text("/reply/body"));

        Result list = alice.call("list_project_sessions").ok();
        List<String> ids = list.at("/sessions")
                .valueStream()
                .map(session -> session.path("client_session_id").asString())
                .toList();
        assertTrue(ids.contains("nomad-session"), list::toString);
        assertFalse(ids.contains(provisional), "the old address is no session of its own");
    }

    @Test
    void mailThatWasHandedUnderTheOldIdComesAgainUnderTheNewOne() throws Exception {
        Agent agent = kept(peers.agent());
        String provisional = id(agent);
        String message = send(provisional, "read, and not proven");
        agent.awaitMail();
        // This call proves it. The next message is handed over under the new id, and not proven.
        agent.call("claim_session", "session_id", "mover-session").ok();
        String second = send(provisional, "to the old id");
        assertEquals(second, agent.awaitMail().text("/messages/0/id"));
        agent.kill();

        Agent again = kept(peers.agent());
        again.call("claim_session", "session_id", "mover-session").ok();
        Result mail = again.call("read_my_messages").ok();
        assertEquals(1, mail.at("/count").asInt(), mail::toString);
        assertEquals(second, mail.text("/messages/0/id"));
        assertTrue(mail.at("/messages/0/redelivered").booleanValue(), mail::toString);
        assertEquals(
                "shown",
                alice.call("message_status", "message_id", message).ok().text("/state"));
    }

    @Test
    void aClaimIsNotOverriddenByAnythingAutomatic() throws Exception {
        Agent codex = kept(peers.agent().client("codex-mcp-client"));
        codex.call("claim_session", "session_id", "pinned-codex").ok();
        codex.begin("get_my_session", Map.of("threadId", newId())).result().ok();
        assertEquals("pinned-codex", id(codex));

        Agent claude = kept(claude(newId()).underOwnParent());
        claude.call("claim_session", "session_id", "pinned-claude").ok();
        sessionStarts(claude.server().pid(), newId(), "clear");
        assertEquals("pinned-claude", id(claude));
        claude.call("claim_session", "session_id", "pinned-again").ok();
        assertEquals("pinned-again", id(claude), "by hand it can be changed");
    }

    @Test
    void afterAClaimTheClientsOwnIdIsStillKnown() throws Exception {
        String session = newId();
        String home = peers.home().getParent().toString();
        Path transcript = Files.createDirectories(Path.of(home, ".claude", "projects", "-work"))
                .resolve(session + ".jsonl");
        Files.writeString(
                transcript, "{\"type\":\"user\",\"message\":{\"role\":\"user\",\"content\":\"hello from before\"}}\n");
        Agent claude = kept(claude(session).underOwnParent());
        assertEquals(session, claude.call("get_my_session").ok().text("/entry/own_session_id"));
        claude.call("claim_session", "session_id", "own-kept").ok();
        Result mine = claude.call("get_my_session").ok();
        assertEquals("own-kept", mine.text("/entry/client_session_id"));
        assertEquals(session, mine.text("/entry/own_session_id"));
        Result read = alice.call("read_session", "name", "own-kept").ok();
        assertEquals("hello from before", read.text("/messages/0/text"));
        assertEquals("own-kept", read.text("/resolved_session_id"));

        String cleared = newId();
        sessionStarts(claude.server().pid(), cleared, "clear");
        mine = claude.call("get_my_session").ok();
        assertEquals("own-kept", mine.text("/entry/client_session_id"), "what was pinned stays");
        assertEquals(cleared, mine.text("/entry/own_session_id"), "and the conversation has changed");
        claude.server().kill();
        Result gone = alice.call("send_message", "target", "own-kept", "body", "are you there?");
        assertTrue(gone.toString().contains("claude --resume " + cleared), gone::toString);
    }

    @Test
    void theDebugToolRegistersUnderAnIdWhereItIsTurnedOn() throws Exception {
        Agent debugging = kept(peers.agent().with("PARLEY_DEBUG_TOOLS", "1"));
        assertTrue(debugging.tools().toString().contains("register_my_session"));
        assertFalse(alice.tools().toString().contains("register_my_session"));
        debugging.call("register_my_session", "session_id", "by-hand-1").ok();
        assertEquals("by-hand-1", id(debugging));
    }

    @Test
    void anAgentIsSeenBeforeItsFirstCall() throws Exception {
        String session = newId();
        Agent quiet = kept(claude(session).underOwnParent());
        org.awaitility.Awaitility.await()
                .until(() -> alice.call("list_project_sessions")
                        .ok()
                        .json()
                        .toString()
                        .contains(session));
        assertEquals(List.of(), quiet.server().notifications());
    }
}
