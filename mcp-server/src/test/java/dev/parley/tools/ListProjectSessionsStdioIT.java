package dev.parley.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.SessionId;
import dev.parley.fixture.Agent;
import dev.parley.fixture.Peers;
import dev.parley.fixture.Result;
import dev.parley.fixture.Shell;
import dev.parley.peer.Project;
import dev.parley.peer.Registration;
import dev.parley.process.ProcessIdentity;
import dev.parley.store.Durability;
import dev.parley.store.Store;
import dev.parley.store.peer.FilePeerDirectory;
import dev.parley.store.process.LocalProcessTable;
import dev.parley.trace.Trace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Who sees whom. */
@Tag("slow")
class ListProjectSessionsStdioIT {

    private static Path root;
    private static Peers peers;
    private static Agent alice;

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        root = directory.toRealPath();
        peers = new Peers(root);
        Files.createDirectories(peers.project().resolve(".git"));
        alice = peers.join("alice");
    }

    @AfterAll
    static void stop() throws Exception {
        peers.close();
    }

    private static Set<String> seenBy(Agent agent) throws Exception {
        return agent.call("list_project_sessions", "compact", true)
                .ok()
                .at("/sessions")
                .valueStream()
                .map(session -> session.path("name").asString())
                .collect(Collectors.toSet());
    }

    private static Agent at(Path directory, String name) throws Exception {
        Agent agent = peers.keep(peers.agent().at(directory).start());
        agent.call("claim_session", "session_id", name + "-session").ok();
        agent.call("set_my_state", "name", name).ok();
        return agent;
    }

    /** A worktree as git makes it: gitrepository-layout(5). */
    private static Path worktree() throws Exception {
        Path tree = Files.createDirectories(root.resolve("worktree"));
        Path data = Files.createDirectories(peers.project().resolve(".git/worktrees/tree"));
        Files.writeString(tree.resolve(".git"), "gitdir: " + data + "\n");
        Files.writeString(data.resolve("commondir"), "../..\n");
        return tree;
    }

    @Test
    void everyDirectoryAndWorktreeOfARepositoryIsOneProject() throws Exception {
        Path below = Files.createDirectories(peers.project().resolve("src/main"));
        Path link = Files.createSymbolicLink(root.resolve("link"), peers.project());
        Agent deep = at(below, "deep");
        Agent linked = at(link, "linked");
        Agent tree = at(worktree(), "tree");
        Set<String> all = Set.of("alice", "deep", "linked", "tree");
        for (Agent each : List.of(alice, deep, linked, tree)) {
            assertTrue(seenBy(each).containsAll(all), () -> "one is missing");
        }
        tree.call("send_message", "target", "deep", "body", "across worktrees").ok();
        assertEquals("across worktrees", deep.awaitMail().text("/messages/0/body"));
    }

    @Test
    void anotherProjectSeesNothingOfThis() throws Exception {
        Path elsewhere = Files.createDirectories(root.resolve("elsewhere"));
        Agent stranger = at(elsewhere, "stranger");
        assertEquals(Set.of("stranger"), seenBy(stranger));
        assertTrue(!seenBy(alice).contains("stranger"));
        stranger.call("set_my_state", "name", "alice").ok();
        assertEquals(Set.of("alice"), seenBy(stranger), "a name is unique in its project only");
    }

    @Test
    void aSessionThatHasEndedIsNotShown() throws Exception {
        Agent shortLived = at(peers.project(), "short-lived");
        assertTrue(seenBy(alice).contains("short-lived"));
        shortLived.kill();
        assertTrue(!seenBy(alice).contains("short-lived"));
    }

    @Test
    void oneselfIsMarked() throws Exception {
        at(peers.project(), "other");
        for (JsonNode session :
                alice.call("list_project_sessions").ok().at("/sessions").values()) {
            assertEquals(
                    session.path("name").asString().equals("alice"),
                    session.path("self").booleanValue(false),
                    session::toString);
        }
    }

    @Test
    void activityIsWhatTheHooksSay() throws Exception {
        at(peers.project(), "busy-bee");
        Path activity = peers.session("busy-bee-session").resolve("activity");
        Files.writeString(activity, "idle\n");
        JsonNode idle = entry("busy-bee");
        assertEquals("idle", idle.path("activity").asString());
        assertTrue(idle.path("idle_seconds").asLong(-1) >= 0, idle::toString);
        Files.writeString(activity, "busy\n");
        assertEquals("busy", entry("busy-bee").path("activity").asString());
        assertEquals(0, entry("busy-bee").path("idle_seconds").asInt(-1));
        Files.writeString(activity, "?\n");
        assertTrue(entry("busy-bee").has("idle_seconds"), "always there");
        assertTrue(entry("busy-bee").path("idle_seconds").isNull(), "not known");
        Files.writeString(activity, "ended\n");
        assertTrue(!seenBy(alice).contains("busy-bee"));
    }

    private static JsonNode entry(String name) throws Exception {
        return alice.call("list_project_sessions")
                .ok()
                .at("/sessions")
                .valueStream()
                .filter(session -> session.path("name").asString().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** So many sessions of Claude Code, which live or may live, with a purpose as long as one may be. */
    private static void crowd(int living, int perhaps) throws Exception {
        Store store = Store.open(peers.home(), Durability.PROCESS, Trace.NONE);
        FilePeerDirectory directory = new FilePeerDirectory(store, LocalProcessTable.INSTANCE);
        ProcessIdentity here = LocalProcessTable.INSTANCE.self();
        ProcessIdentity elsewhere = new ProcessIdentity(1, 1, "0123456789abn1");
        for (int i = 0; i < living + perhaps; i++) {
            SessionId id = new SessionId(UUID.randomUUID().toString());
            directory.register(new Registration(
                    id,
                    "claude-code",
                    peers.project().toString(),
                    Project.of(peers.project()).key(),
                    Optional.of(i < living ? here : elsewhere),
                    Optional.empty(),
                    Optional.empty(),
                    false));
            directory.update(id, card -> card.withPurpose(Optional.of("p".repeat(200)), Instant.now()));
        }
    }

    @Test
    void aCrowdIsToldInOutlinesAndWithinABudgetLivingFirst() throws Exception {
        try (Peers crowded = new Peers(root.resolve("crowded"))) {
            Peers before = peers;
            peers = crowded;
            try {
                Agent carol = peers.join("carol");
                crowd(30, 40);
                Result list = carol.call("list_project_sessions").ok();
                int length = list.json().toString().length();
                assertTrue(length < 9_000, () -> length + " bytes");
                assertTrue(list.at("/compact").booleanValue(false), list::toString);
                assertEquals("carol", list.text("/sessions/0/name"));
                int shown = list.at("/sessions").size();
                assertTrue(shown > 20, list::toString);
                assertEquals(71, shown + list.at("/omitted").asInt());
                Set<String> living = peersThat("live");
                for (int i = 1; i < Math.min(shown, 31); i++) {
                    assertTrue(living.contains(list.text("/sessions/" + i + "/name")), "the living first");
                }
                Result full =
                        carol.call("list_project_sessions", "compact", false).ok();
                assertTrue(full.at("/sessions/0").has("tmux_session"), "what is asked for counts");
                assertTrue(full.json().toString().length() < 9_000);
                assertEquals(
                        71, full.at("/sessions").size() + full.at("/omitted").asInt());
            } finally {
                peers = before;
            }
        }
    }

    private static Set<String> peersThat(String life) throws Exception {
        String status = Shell.parley(peers, "status", "--json").exited(0).out();
        return JsonMapper.builder()
                .build()
                .readTree(status)
                .path("sessions")
                .valueStream()
                .filter(session -> session.path("life").asString().equals(life))
                .map(session -> session.path("name").asString())
                .collect(Collectors.toSet());
    }

    @Test
    void aDamagedSessionDoesNotHideTheOthers() throws Exception {
        at(peers.project(), "damaged");
        Path inbox = peers.session("damaged-session").resolve("mailbox").resolve("new");
        Files.delete(inbox);
        Result list = alice.call("list_project_sessions").ok();
        assertTrue(entry("damaged").path("unread").isNull(), list::toString);
        assertTrue(seenBy(alice).contains("alice"));
        Files.writeString(peers.session("damaged-session").resolve("session.json"), "{\"v\":1,");
        assertTrue(seenBy(alice).contains("alice"));
        Shell status = Shell.parley(peers, "status").exited(0);
        assertTrue(status.out().lines().anyMatch(line -> line.startsWith("alice ")), status::out);
        assertTrue(status.err().contains("the card of session damaged-session cannot be read: "), status::err);
    }
}
