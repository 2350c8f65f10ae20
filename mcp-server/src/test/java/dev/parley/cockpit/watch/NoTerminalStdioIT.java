package dev.parley.cockpit.watch;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.fixture.Agent;
import dev.parley.fixture.Distribution;
import dev.parley.fixture.Peers;
import dev.parley.fixture.Shell;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a server has of the view, which is nothing, and the view where there is no terminal. */
class NoTerminalStdioIT {

    @TempDir
    private Path root;

    @Test
    void aServerNeitherLoadsTheViewNorHasTheTerminalLibraryOnItsClassPath() throws Exception {
        Path log = root.resolve("classes");
        try (Peers peers = new Peers(root)) {
            Agent agent = peers.keep(peers.agent()
                    .with("PARLEY_JVM_OPTS", "-Xlog:class+load=info:file=" + log)
                    .start());
            agent.call("claim_session", "session_id", "one").ok();
            agent.call("list_project_sessions").ok();
            agent.call("read_my_messages").ok();
            String classPath =
                    Files.readString(Path.of("/proc/" + agent.server().pid() + "/cmdline"));
            assertFalse(classPath.contains("jline"), classPath);
            await().until(() -> Files.readString(log).contains("dev.parley.tools.ReadMyMessages"));
            List<String> loaded = Files.readAllLines(log).stream()
                    .filter(line -> line.contains("org.jline") || line.contains("dev.parley.cockpit"))
                    .toList();
            assertEquals(List.of(), loaded);
        }
    }

    @Test
    void theTerminalLibraryIsThereWithoutItsNativeCode() throws Exception {
        try (Stream<Path> jars = Files.list(Distribution.directory().resolve("lib/watch"))) {
            List<String> names = jars.map(jar -> jar.getFileName().toString().replaceAll("-[0-9.]+\\.jar", ""))
                    .sorted()
                    .toList();
            assertEquals(List.of("jline-terminal", "jline-terminal-ffm"), names);
        }
        try (Stream<Path> jars = Files.list(Distribution.directory().resolve("lib"))) {
            assertTrue(jars.noneMatch(jar -> jar.getFileName().toString().contains("jline")));
        }
    }

    /** Without a terminal the lines come by themselves. */
    @Test
    void whereNoTerminalIsTheViewIsPlainAndEndsWithItsReader() throws Exception {
        try (Peers peers = new Peers(root)) {
            peers.join("alice");
            Map<String, String> environment = Shell.environment(peers.home());
            ProcessBuilder builder = new ProcessBuilder(Distribution.command("watch"))
                    .directory(peers.project().toFile());
            builder.environment().clear();
            builder.environment().putAll(environment);
            Process watch = builder.redirectErrorStream(true).start();
            try {
                var lines = watch.inputReader();
                String first = lines.readLine();
                assertEquals("watching " + peers.project() + "; Ctrl-C ends it", first);
                String second = lines.readLine();
                assertTrue(second.endsWith(" alice: running"), second);
                lines.close();
                Agent bob = peers.join("bob");
                await().atMost(Duration.ofSeconds(30)).until(() -> {
                    bob.call("send_message", "target", "alice", "body", "x").ok();
                    return !watch.isAlive();
                });
            } finally {
                watch.destroy();
            }
        }
    }

    @Test
    void aProgramForNoticesThatIsNoneIsRefusedAtOnce() throws Exception {
        Map<String, String> environment = Shell.environment(root.resolve("home"));
        environment.put("PARLEY_NOTIFY", "/no/such/program");
        Shell.parley(environment, root, "", "watch", "--plain", "--notify")
                .exited(1)
                .says("PARLEY_NOTIFY names no program that can be run: '/no/such/program'");
        Shell.parley(environment, root, "", "watch", "--plain", "--notify=loudly")
                .exited(2);
    }
}
