package dev.parley.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.fixture.Agent;
import dev.parley.fixture.Agent.Calling;
import dev.parley.fixture.Distribution;
import dev.parley.fixture.OldVersion;
import dev.parley.fixture.Peers;
import dev.parley.fixture.Result;
import dev.parley.fixture.ServerProcess;
import dev.parley.fixture.Shell;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Two versions on one store, as after an update while sessions run: what commit {@value OldVersion#COMMIT} has left running
 * beside what is new. Nobody is hidden, nothing is lost, nothing comes twice, and each sender's order is kept.
 */
@Tag("long")
class MixedVersionsStdioIT {

    private static final int EACH = 3;
    private static final Pattern LETTER = Pattern.compile("letter-([a-z]+)-(\\d+);");
    private static final Pattern MESSAGE = Pattern.compile("\\bm-[0-9a-z]{16}\\b");
    private static final Path NEW_HOOK =
            Distribution.directory().resolve("hooks").resolve("parley-hook");

    @TempDir
    Path root;

    private Peers peers;
    private Path oldHook;
    private final List<Member> members = new ArrayList<>();

    /** One session, however it gets its mail. */
    private final class Member {

        private final String name;
        /** Of a client without hooks there is none. */
        private final Optional<Path> hook;
        /** A session whose server has not started yet has none. */
        private Optional<Agent> server;

        private final long client;
        private String id;
        private int turn;

        Member(String name, String id, Optional<Path> hook, Optional<Agent> server) {
            this.name = name;
            this.id = id;
            this.hook = hook;
            this.server = server;
            client = server.map(agent -> agent.server().pid())
                    .orElse(ProcessHandle.current().pid());
            members.add(this);
        }

        String hook(Path script, String event, String source) throws Exception {
            Map<String, String> environment = Shell.environment(peers.home());
            environment.put("CLAUDE_PID", Long.toString(client));
            environment.put("CLAUDE_CODE_SESSION_ATTENDED", "0");
            String input = ServerProcess.object()
                    .put("session_id", id)
                    .put("transcript_path", peers.project() + "/" + id + ".jsonl")
                    .put("cwd", peers.project().toString())
                    .put("prompt_id", "11111111-1111-4111-8111-" + String.format("%012x", turn))
                    .put("hook_event_name", event)
                    .put("source", source)
                    .toString();
            return Shell.run(List.of("bash", script.toString(), "claude-code"), environment, peers.project(), input)
                    .exited(0)
                    .out();
        }

        Member started() throws Exception {
            hook(hook.orElseThrow(), "SessionStart", "startup");
            return this;
        }

        /** What the model sees in a turn. */
        String turn(Path script) throws Exception {
            turn++;
            StringBuilder seen = new StringBuilder(hook(script, "UserPromptSubmit", ""));
            for (String more = hook(script, "Stop", ""); !more.isEmpty(); more = hook(script, "Stop", "")) {
                seen.append(more);
            }
            return seen.toString();
        }

        Result call(String tool, Object... arguments) throws Exception {
            return server.orElseThrow().call(tool, arguments).ok();
        }

        /** Everything that has come for it. */
        List<String> received() throws Exception {
            StringBuilder seen = new StringBuilder();
            if (hook.isPresent()) {
                String now = turn(hook.get());
                while (LETTER.matcher(now).find()) {
                    seen.append(now);
                    now = turn(hook.get());
                }
            } else {
                Result read = call("read_my_messages", "limit", 7);
                while (read.at("/count").asInt() > 0) {
                    seen.append(read.json());
                    read = call("read_my_messages", "limit", 7);
                }
            }
            List<String> letters = new ArrayList<>();
            Matcher matcher = LETTER.matcher(seen);
            while (matcher.find()) {
                letters.add(matcher.group(1) + " " + matcher.group(2));
            }
            return letters;
        }
    }

    @BeforeEach
    void start() throws Exception {
        peers = new Peers(root);
        oldHook = root.resolve("old-hook");
        try (InputStream script = MixedVersionsStdioIT.class.getResourceAsStream("bc90a28.parley-hook")) {
            Files.copy(script, oldHook);
        }
    }

    @AfterEach
    void stop() throws Exception {
        peers.close();
    }

    private Agent.Builder newServer() {
        return peers.agent();
    }

    private Agent.Builder oldServer() throws Exception {
        return peers.agent().of(OldVersion.distribution(), root.resolve("cache"));
    }

    /** A client without hooks. */
    private Member plain(String name, Agent.Builder server) throws Exception {
        Agent agent = peers.keep(server.start());
        agent.call("claim_session", "session_id", name + "-session").ok();
        agent.call("set_my_state", "name", name).ok();
        return new Member(name, name + "-session", Optional.empty(), Optional.of(agent));
    }

    /** A Claude Code. */
    private Member claude(String name, Agent.Builder server, Path hook) throws Exception {
        String id = UUID.randomUUID().toString();
        Agent agent = peers.keep(server.underOwnParent()
                .client("claude-code")
                .with("CLAUDE_CODE_SESSION_ID", id)
                .start());
        Member member = new Member(name, id, Optional.of(hook), Optional.of(agent)).started();
        member.call("set_my_state", "name", name);
        return member;
    }

    private void assertEverybodySeesEverybody() throws Exception {
        for (Member member : members) {
            if (member.server.isPresent()) {
                Set<String> expected = new TreeSet<>();
                members.stream().filter(other -> other != member).forEach(other -> expected.add(other.id));
                Set<String> seen = new TreeSet<>();
                for (JsonNode peer : member.call("list_project_sessions").at("/sessions")) {
                    seen.add(peer.path("client_session_id").asString());
                }
                seen.remove(member.id);
                assertEquals(expected, seen, () -> "what " + member.name + " sees");
            }
        }
    }

    /** Everybody who can, writes to everybody; all of it arrives, once, in each sender's order. */
    private void assertMailArrives() throws Exception {
        Map<String, List<String>> expected = new TreeMap<>();
        for (int i = 0; i < EACH; i++) {
            for (Member from : members) {
                for (Member to : members) {
                    if (from != to && from.server.isPresent()) {
                        from.call("send_message", "target", to.id, "body", "letter-" + from.name + "-" + i + ";");
                        expected.computeIfAbsent(to.name, name -> new ArrayList<>())
                                .add(from.name + " " + i);
                    }
                }
            }
        }
        for (Member to : members) {
            List<String> received = to.received();
            for (Member from : members) {
                assertEquals(
                        only(from, expected.getOrDefault(to.name, List.of())),
                        only(from, received),
                        () -> "from " + from.name + " to " + to.name);
            }
        }
    }

    private static List<String> only(Member from, List<String> letters) {
        return letters.stream()
                .filter(letter -> letter.startsWith(from.name + " "))
                .toList();
    }

    /** A question, the answer to it, and that the one who asks has it from his call, and not once more. */
    private static void assertAnswers(Member asker, Member asked) throws Exception {
        Calling asking = asker.server
                .orElseThrow()
                .begin("ask_peer", "target", asked.id, "body", "letter-question-0;", "timeout_ms", 25_000);
        String seen = Awaitility.await()
                .until(
                        () -> asked.hook.isPresent()
                                ? asked.turn(asked.hook.get())
                                : asked.call("read_my_messages").json().toString(),
                        text -> text.contains("letter-question-0;"));
        Matcher id = MESSAGE.matcher(seen);
        assertTrue(id.find(), seen);
        asked.call("reply_to_message", "message_id", id.group(), "body", "letter-answer-0;");
        Result answer = asking.result().ok();
        assertEquals("letter-answer-0;", answer.text("/reply/body"), answer::toString);
        assertEquals(List.of(), asker.received());
    }

    @Test
    void anOldHookBesideNewServersAndTheNewHook() throws Exception {
        Member cat = plain("cat", newServer());
        Member ann = claude("ann", newServer(), oldHook);
        Member ben = claude("ben", newServer(), NEW_HOOK);
        Member dan = new Member("dan", UUID.randomUUID().toString(), Optional.of(oldHook), Optional.empty());
        String toldByTheOldOne = dan.hook(oldHook, "SessionStart", "startup");
        assertTrue(toldByTheOldOne.contains("ann") && toldByTheOldOne.contains("ben"), toldByTheOldOne);
        String toldByTheNewOne = ben.turn(NEW_HOOK);
        assertTrue(toldByTheNewOne.contains("ann") && toldByTheNewOne.contains("cat"), toldByTheNewOne);
        assertEverybodySeesEverybody();
        assertMailArrives();
        for (Member each : List.of(ann, ben)) {
            assertAnswers(cat, each);
            assertAnswers(each, cat);
        }
        assertAnswers(ann, ben);
        assertAnswers(ben, ann);

        // What waits while an old hook tells of a /clear follows the session, and so does its new server.
        cat.call("send_message", "target", ann.id, "body", "letter-cat-7;");
        String before = ann.id;
        ann.id = UUID.randomUUID().toString();
        ann.hook(oldHook, "SessionStart", "clear");
        Awaitility.await()
                .untilAsserted(
                        () -> assertEquals(ann.id, ann.call("get_my_session").text("/entry/client_session_id")));
        cat.call("send_message", "target", before, "body", "letter-cat-8;");
        assertEquals(List.of("cat 7", "cat 8"), ann.received());

        // An update replaces the hook of a session that runs.
        cat.call("send_message", "target", ann.id, "body", "letter-cat-9;");
        String seen = ann.turn(NEW_HOOK);
        assertTrue(seen.contains("letter-cat-9;"), seen);
        assertEquals(List.of(), ann.received());
        peers.assertSound();
    }

    @Test
    void anOldServerBesideNewOnesAndBothHooks() throws Exception {
        Member cat = plain("cat", newServer());
        Member oli = plain("oli", oldServer());
        Member ann = claude("ann", oldServer(), oldHook);
        Member ben = claude("ben", oldServer(), NEW_HOOK);
        Member eve = claude("eve", newServer(), oldHook);
        claude("fay", newServer(), NEW_HOOK);
        assertEverybodySeesEverybody();
        assertMailArrives();
        assertAnswers(cat, oli);
        assertAnswers(oli, cat);
        assertAnswers(cat, ann);
        assertAnswers(ben, eve);
        peers.assertSound();

        assertGoesOn(oli, cat, newServer());
        assertGoesOn(oli, cat, oldServer());

        // A command that puts right what it does not know hides nobody.
        parleyOf(OldVersion.distribution(), "check", "--repair");
        parleyOf(Distribution.directory(), "check", "--repair");
        assertEverybodySeesEverybody();
        assertMailArrives();
        parleyOf(OldVersion.distribution(), "gc");
        parleyOf(Distribution.directory(), "gc");
        assertEverybodySeesEverybody();
        peers.assertSound();
    }

    /** An update, or the way back: a server of the other version goes on with the mail and the questions of a session. */
    private void assertGoesOn(Member member, Member peer, Agent.Builder other) throws Exception {
        String request = member.call("ask_peer", "target", peer.id, "body", "letter-question-1;", "timeout_ms", 1)
                .text("/request_id");
        peer.call("send_message", "target", member.id, "body", "letter-" + peer.name + "-0;");

        member.server.orElseThrow().kill();
        Agent agent = peers.keep(other.start());
        member.server = Optional.of(agent);
        member.call("claim_session", "session_id", member.id);

        peer.call("send_message", "target", member.id, "body", "letter-" + peer.name + "-1;");
        Matcher id = MESSAGE.matcher(peer.call("read_my_messages").json().toString());
        assertTrue(id.find());
        peer.call("reply_to_message", "message_id", id.group(), "body", "letter-answer-1;");
        Result answer = member.call("ask_peer", "request_id", request, "timeout_ms", 25_000);
        assertEquals("letter-answer-1;", answer.text("/reply/body"), answer::toString);
        assertEquals(List.of(peer.name + " 0", peer.name + " 1"), member.received());
        assertEverybodySeesEverybody();
    }

    private void parleyOf(Path version, String... arguments) throws Exception {
        List<String> command =
                new ArrayList<>(List.of(version.resolve("bin").resolve("parley").toString()));
        command.addAll(List.of(arguments));
        Map<String, String> environment = Shell.environment(peers.home());
        environment.put("XDG_CACHE_HOME", root.resolve("cache").toString());
        Shell ended = Shell.run(command, environment, peers.project(), "");
        assertTrue(Set.of(0, 4).contains(ended.exit()), ended::toString);
    }
}
