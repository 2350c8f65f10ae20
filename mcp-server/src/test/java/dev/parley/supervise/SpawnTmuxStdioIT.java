package dev.parley.supervise;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.clients.PrivateTmux;
import dev.parley.clients.TmuxPane;
import dev.parley.fixture.Shell;
import dev.parley.ledger.Retention;
import dev.parley.office.PostOffice;
import dev.parley.peer.Peer;
import dev.parley.peer.Presence.Life;
import dev.parley.peer.Project;
import dev.parley.store.Durability;
import dev.parley.store.Store;
import dev.parley.store.office.FilePostOffice;
import dev.parley.store.process.LocalProcessTable;
import dev.parley.trace.Trace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code parley spawn} in a real tmux, with a client that is a script. */
@Tag("tmux")
final class SpawnTmuxStdioIT {

    private static final String BODY = "the private task";

    @Test
    void theSessionComesInAWindowWithItsNameItsPurposeAndItsMail(@TempDir Path directory) throws Exception {
        Path root = directory.toRealPath();
        Path project = Files.createDirectories(root.resolve("project"));
        Map<String, String> environment = new TreeMap<>(Shell.environment(root.resolve("store")));
        FakeClient.install(root.resolve("programs"), environment);
        try (PrivateTmux tmux = new PrivateTmux()) {
            TmuxPane pane = tmux.open(120, 50, project, environment, List.of("bash", "--norc", "--noprofile"));
            environment.put("TMUX", pane.ask("#{socket_path},#{pid},0"));
            // A window has the environment of tmux, which names no store.
            for (String name : List.of("HOME", "PATH", "PARLEY_JAVA", "XDG_CACHE_HOME")) {
                tmux.run("set-environment", "-g", name, environment.get(name));
            }

            Shell done = Shell.parley(
                            environment,
                            project,
                            BODY,
                            "spawn",
                            "--client",
                            "claude-code",
                            "--name",
                            "reviewer",
                            "--purpose",
                            "reviews diffs",
                            "--message",
                            "-")
                    .exited(0);

            done.says("spawned reviewer in the tmux window ", ", with m-");
            PostOffice office = new FilePostOffice(
                    Store.open(root.resolve("store"), Durability.PROCESS, Trace.NONE),
                    LocalProcessTable.INSTANCE,
                    Retention.DEFAULT);
            String key = Project.of(project).key();
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> office.peers().peersOf(key).stream()
                            .anyMatch(peer -> peer.process().isPresent()));
            List<Peer> peers = office.peers().peersOf(key);
            assertEquals(1, peers.size(), peers::toString);
            Peer peer = peers.get(0);
            assertEquals("reviewer", peer.name());
            assertEquals("reviews diffs", peer.purpose().orElse(""));
            assertEquals(Life.LIVE, office.peers().presence(peer).life());
            assertEquals(1, office.mailbox(peer.id()).waiting());
            ProcessHandle client =
                    ProcessHandle.of(peer.process().orElseThrow().pid()).orElseThrow();
            String words = Files.readString(Path.of("/proc/" + client.pid() + "/cmdline"));
            assertTrue(words.contains("--session-id\0" + peer.id() + "\0Parley: a message from a peer"), words);
            assertFalse(words.contains("private"), words);
            Shell.parley(
                            environment,
                            project,
                            "again",
                            "spawn",
                            "--client",
                            "codex",
                            "--name",
                            "reviewer",
                            "--message",
                            "-")
                    .exited(3)
                    .says("the name reviewer is that of session " + peer.id());
        }
    }
}
