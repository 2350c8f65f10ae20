package dev.parley.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.fixture.Agent;
import dev.parley.fixture.Distribution;
import dev.parley.fixture.Peers;
import dev.parley.fixture.Result;
import dev.parley.fixture.ServerProcess;
import dev.parley.fixture.Shell;
import dev.parley.process.ProcessIdentity;
import dev.parley.store.lock.OwnerToken;
import dev.parley.store.process.LocalProcessTable;
import dev.parley.testing.Needs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two clients in two containers that share a store: each is process 1 of its own process-number space, and so are its hooks and
 * its server only told apart from the other's by more than the number.
 */
@Tag("slow")
class TwoContainersCrashIT {

    private static final String FIRST = "11111111-1111-4111-8111-111111111111";
    private static final String SECOND = "22222222-2222-4222-8222-222222222222";
    private static final String CLEARED = "33333333-3333-4333-8333-333333333333";

    /** The client: runs the hook of its session's start, then its server. */
    private static final String CLIENT = "printf %s \"$START\" | CLAUDE_PID=$$ CLAUDE_CODE_SESSION_ATTENDED=0 \"$HOOK\""
            + " claude-code >&2; \"$0\" \"$@\"; exit $?";

    @TempDir
    Path root;

    private Peers peers;
    private Agent alice;
    private Agent first;
    private Agent second;

    /** What makes a container, as far as process numbers go. */
    private static List<String> container() throws Exception {
        List<String> plain = List.of("unshare", "--pid", "--fork", "--kill-child", "--mount-proc");
        List<String> asUser = new ArrayList<>(plain);
        asUser.addAll(1, List.of("--user", "--map-root-user"));
        for (List<String> command : List.of(plain, asUser)) {
            List<String> trial = new ArrayList<>(command);
            trial.add("true");
            if (new ProcessBuilder(trial).start().waitFor() == 0) {
                return command;
            }
        }
        Needs.that(false, "the right to make process-number spaces: run the test as root ('unshare --pid --fork')");
        throw new AssertionError("not reached");
    }

    @BeforeEach
    void start() throws Exception {
        List<String> container = container();
        peers = new Peers(root);
        alice = peers.join("alice");
        first = client(container, FIRST);
        second = client(container, SECOND);
    }

    @AfterEach
    void everythingIsSound() throws Exception {
        if (peers != null) {
            peers.close();
            peers.assertSound();
        }
    }

    private static Path hook() {
        return Distribution.directory().resolve("hooks").resolve("parley-hook");
    }

    private String input(String session, String event, String source) {
        return ServerProcess.object()
                .put("session_id", session)
                .put("transcript_path", peers.project() + "/" + session + ".jsonl")
                .put("cwd", peers.project().toString())
                .put("prompt_id", "11111111-1111-4111-8111-aaaaaaaaaaaa")
                .put("hook_event_name", event)
                .put("source", source)
                .toString();
    }

    private Agent client(List<String> container, String session) throws Exception {
        List<String> command = new ArrayList<>(container);
        command.addAll(List.of("/bin/sh", "-c", CLIENT));
        return peers.keep(peers.agent()
                .client("claude-code")
                .with("CLAUDE_CODE_SESSION_ID", session)
                .with("HOOK", hook().toString())
                .with("START", input(session, "SessionStart", "startup"))
                .under(command.toArray(String[]::new))
                .start());
    }

    /** A hook that the client in a container runs. */
    private String hookIn(Agent container, String input) throws Exception {
        long client = ProcessHandle.of(container.server().pid())
                .orElseThrow()
                .children()
                .findFirst()
                .orElseThrow()
                .pid();
        Map<String, String> environment = Shell.environment(peers.home());
        environment.put("CLAUDE_PID", "1");
        environment.put("CLAUDE_CODE_SESSION_ATTENDED", "0");
        List<String> command =
                new ArrayList<>(List.of("nsenter", "--target", Long.toString(client), "--pid", "--mount"));
        if (!Files.readSymbolicLink(Path.of("/proc", Long.toString(client), "ns/user"))
                .equals(Files.readSymbolicLink(Path.of("/proc/self/ns/user")))) {
            command.addAll(List.of("--user", "--preserve-credentials"));
        }
        command.addAll(List.of(hook().toString(), "claude-code"));
        return Shell.run(command, environment, peers.project(), input).exited(0).out();
    }

    private static String id(Agent agent) throws Exception {
        return agent.call("get_my_session").ok().text("/entry/client_session_id");
    }

    private String send(String target, String body) throws Exception {
        return alice.call("send_message", "target", target, "body", body).ok().text("/message_id");
    }

    @Test
    void eachIsItselfThoughBothClientsAreProcessOne() throws Exception {
        assertEquals(List.of(FIRST, SECOND), List.of(id(first), id(second)));
        assertEquals("claude_client_file", first.call("get_my_session").ok().text("/detect_diagnosis/winning"));
        assertEquals(
                1, first.call("get_my_session").ok().at("/entry/client_pid").asInt());
        String message = send(SECOND, "for the second");

        Result read = first.call("read_my_messages").ok();
        assertEquals(0, read.at("/count").asInt(), read::toString);
        assertEquals(message, second.awaitMail().text("/messages/0/id"));
        first.call("send_message", "target", "alice", "body", "signed").ok();
        assertEquals(FIRST, alice.awaitMail().text("/messages/0/from_session_id"));
        try (Stream<Path> pointers = Files.list(peers.home().resolve("clients"))) {
            assertEquals(
                    2,
                    pointers.filter(file -> file.getFileName().toString().startsWith("1."))
                            .count());
        }
    }

    @Test
    void aClearInTheOneMovesNothingOfTheOther() throws Exception {
        String message = send(SECOND, "for the second");
        hookIn(first, input(CLEARED, "SessionStart", "clear"));

        assertEquals(List.of(CLEARED, SECOND), List.of(id(first), id(second)));
        String moved = send(FIRST, "follows the first");
        assertEquals(moved, first.awaitMail().text("/messages/0/id"));
        assertEquals(message, second.awaitMail().text("/messages/0/id"));
    }

    /** Numbers are small there, so a process with the same one lives here. */
    @Test
    void whatAHookTookThatWasKilledThereIsNotThoughtToBeHeldHere() throws Exception {
        send(FIRST, "taken");
        assertTrue(hookIn(first, input(FIRST, "UserPromptSubmit", "")).contains("taken"));
        Path cur = peers.session(FIRST).resolve("mailbox/cur");
        Path claim;
        try (Stream<Path> claims = Files.list(cur)) {
            claim = claims.findFirst().orElseThrow();
        }
        ProcessIdentity holder = OwnerToken.parse(claim.getFileName().toString().substring(2))
                .orElseThrow()
                .holder();
        assertEquals(1, holder.pid());
        assertNotEquals(LocalProcessTable.INSTANCE.self().scope(), holder.scope(), "in which space its number counts");

        String again = hookIn(first, input(FIRST, "UserPromptSubmit", "").replace("aaaaaaaaaaaa", "bbbbbbbbbbbb"));
        assertTrue(again.contains("redelivered") && again.contains("taken"), again);
    }
}
