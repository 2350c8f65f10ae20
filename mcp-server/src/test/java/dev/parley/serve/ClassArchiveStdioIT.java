package dev.parley.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.fixture.Agent;
import dev.parley.fixture.Distribution;
import dev.parley.fixture.Peers;
import dev.parley.fixture.Shell;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** The archive that makes a start fast: a server makes it when it has nothing else to do, and the next one has it. */
@Tag("slow")
@Isolated("it waits for a server that has nothing to do")
class ClassArchiveStdioIT {

    /** What this java keeps: from 25 on a cache. */
    private static final String ENDING = Runtime.version().feature() < 25 ? ".jsa" : ".aot";

    private static final String OPTION = Runtime.version().feature() < 25 ? "-XX:SharedArchiveFile=" : "-XX:AOTCache=";

    private static Agent start(Peers peers, Path cache) throws Exception {
        return peers.agent().with("XDG_CACHE_HOME", cache.toString()).start();
    }

    private static List<String> commandLine(Agent agent) throws Exception {
        return List.of(Files.readString(Path.of("/proc/" + agent.server().pid() + "/cmdline"))
                .split("\0"));
    }

    private static boolean hasMapped(Agent agent, Path archive) throws Exception {
        return Files.readString(Path.of("/proc/" + agent.server().pid() + "/maps"))
                .contains(archive.toString());
    }

    private static List<Path> files(Path directory, String ending) throws Exception {
        if (!Files.exists(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(ending)).toList();
        }
    }

    @Test
    void oneServerMakesItAndTheNextHasItUnlessItIsBroken(@TempDir Path root) throws Exception {
        Path cache = Files.createDirectory(root.toRealPath().resolve("cache"));
        Path ours = cache.resolve("parley");
        Path litter = Files.createDirectories(ours.resolve(".making-before/home"));
        Files.setLastModifiedTime(
                litter.getParent(), FileTime.from(Instant.now().minus(Duration.ofHours(1))));
        try (Peers peers = new Peers(root)) {
            Agent first = peers.keep(start(peers, cache));
            assertFalse(commandLine(first).toString().contains(OPTION));
            Awaitility.await()
                    .atMost(Duration.ofSeconds(90))
                    .until(() -> !files(ours, ENDING + ".stamp").isEmpty());
            Path archive = files(ours, ENDING).get(0);
            assertEquals(List.of(), files(ours, "making-before"), "what was left behind is gone");

            Agent second = peers.keep(start(peers, cache));
            assertTrue(commandLine(second).contains(OPTION + archive));
            assertTrue(hasMapped(second, archive));
            second.call("get_my_session").ok();

            assertEquals(List.of(), loadedFromJars(peers, cache, root.resolve("loaded")));

            Path stamp = archive.resolveSibling(archive.getFileName() + ".stamp");
            String stamped = Files.readString(stamp);
            dieOfIt(root, cache, archive);
            assertFalse(Files.exists(stamp), "the next start does not get what a VM has died of");
            Files.writeString(stamp, stamped);

            byte[] whole = Files.readAllBytes(archive);
            replace(archive, Arrays.copyOf(whole, whole.length / 2));
            Agent third = peers.keep(start(peers, cache));
            assertFalse(commandLine(third).toString().contains(OPTION), "it is shorter than its stamp says");
            third.call("get_my_session").ok();
            assertEquals("", third.server().errors());

            // The same size, and nothing in it: what no launcher sees, the VM does, and the server has it remade.
            replace(archive, new byte[whole.length]);
            Agent fourth = peers.keep(start(peers, cache));
            assertTrue(commandLine(fourth).contains(OPTION + archive));
            assertFalse(hasMapped(fourth, archive));
            fourth.call("get_my_session").ok();
            Awaitility.await()
                    .atMost(Duration.ofSeconds(90))
                    .until(() -> files(ours, ENDING).stream().allMatch(ClassArchiveStdioIT::isMade));
            Agent fifth = peers.keep(start(peers, cache));
            assertTrue(hasMapped(fifth, archive));
            assertEquals(List.of(), files(ours, "making-"), "nothing is left of the making");
        }
    }

    @Test
    void anArchiveOfOtherJarsIsIgnoredAndRemade(@TempDir Path root) throws Exception {
        Path cache = Files.createDirectory(root.toRealPath().resolve("cache"));
        Path ours = cache.resolve("parley");
        Path copy = root.toRealPath().resolve("copy");
        assertEquals(
                0,
                new ProcessBuilder("cp", "-r", Distribution.directory().toString(), copy.toString())
                        .start()
                        .waitFor());
        Map<String, String> environment = Map.of(
                "HOME", root.toString(),
                "PATH", System.getenv("PATH"),
                "PARLEY_HOME", root.resolve("store").toString(),
                "PARLEY_JAVA", Distribution.java().toString(),
                "XDG_CACHE_HOME", cache.toString());
        List<String> setup = List.of(copy.resolve("bin/parley").toString(), "setup", "--client", "codex", "--no-trust");
        Shell.run(setup, environment, root, "").exited(0).says("made the class archive");
        Path archive = files(ours, ENDING).get(0);
        FileTime made = Files.getLastModifiedTime(archive);
        Shell.run(setup, environment, root, "").exited(0);
        assertEquals(made, Files.getLastModifiedTime(archive), "it is up to date");

        try (Stream<Path> jars = Files.list(copy.resolve("lib"))) {
            Path jar = jars.filter(file -> file.toString().contains("mcp-server"))
                    .findFirst()
                    .orElseThrow();
            Files.setLastModifiedTime(jar, FileTime.from(Instant.now()));
        }
        Shell stale = Shell.run(
                List.of(copy.resolve("bin/parley").toString(), "serve"),
                environment,
                root,
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}\n");
        assertEquals(
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}\n",
                stale.exited(0).out());
        Shell.run(setup, environment, root, "").exited(0).says("made the class archive");
        assertEquals(List.of(), files(ours, "making-"), "nothing is left of the making");
    }

    @Test
    void aServerThatEndsTakesTheChildWithItThatMakesOne(@TempDir Path root) throws Exception {
        Path cache = Files.createDirectory(root.toRealPath().resolve("cache"));
        try (Peers peers = new Peers(root)) {
            Agent agent = start(peers, cache);
            ProcessHandle server = ProcessHandle.of(agent.server().pid()).orElseThrow();
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> server.children().findAny().isPresent());
            ProcessHandle child = server.children().findAny().orElseThrow();

            agent.close();

            Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> !child.isAlive());
        }
    }

    @Test
    void itIsNotMadeWhileRequestsCome(@TempDir Path root) throws Exception {
        Path cache = Files.createDirectory(root.toRealPath().resolve("cache"));
        try (Peers peers = new Peers(root)) {
            Agent agent = peers.keep(start(peers, cache));
            ProcessHandle server = ProcessHandle.of(agent.server().pid()).orElseThrow();

            Instant end = Instant.now().plus(Lull.QUIET).plusSeconds(3);
            while (Instant.now().isBefore(end)) {
                agent.call("get_my_session").ok();
                assertEquals(0, server.children().count());
            }

            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> server.children().findAny().isPresent());
        }
    }

    /** The classes of Parley that a session's first calls take from somewhere else, although there is an archive. */
    private static List<String> loadedFromJars(Peers peers, Path cache, Path log) throws Exception {
        try (Agent agent = peers.agent()
                .with("XDG_CACHE_HOME", cache.toString())
                .with("PARLEY_JVM_OPTS", "-Xlog:class+load:file=" + log)
                .start()) {
            agent.call("list_project_sessions").ok();
        }
        List<String> loaded = Files.readAllLines(log);
        assertTrue(loaded.size() > 1_000, "the VM has told of them");
        return loaded.stream()
                .filter(line -> line.contains(" dev.parley.") && line.contains("source: file:"))
                .toList();
    }

    /** A server whose VM dies of a fault, as of a damaged archive. What it then says is not the protocol's. */
    private static void dieOfIt(Path root, Path cache, Path archive) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(Distribution.command("serve"))
                .directory(root.toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("XDG_CACHE_HOME", cache.toString());
        builder.environment().put("PARLEY_HOME", root.resolve("store").toString());
        builder.environment().put("PARLEY_JAVA", Distribution.java().toString());
        Process server = builder.start();
        try {
            Path maps = Path.of("/proc/" + server.pid() + "/maps");
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> Files.readString(maps).contains(archive.toString()));
            assertEquals(
                    0,
                    new ProcessBuilder("kill", "-SEGV", Long.toString(server.pid()))
                            .start()
                            .waitFor());
            assertTrue(server.waitFor(30, TimeUnit.SECONDS));
        } finally {
            server.destroyForcibly();
        }
    }

    private static void replace(Path archive, byte[] content) throws Exception {
        Path other = archive.resolveSibling("other");
        Files.write(other, content);
        Files.move(other, archive, StandardCopyOption.REPLACE_EXISTING);
    }

    private static boolean isMade(Path archive) {
        try (InputStream in = Files.newInputStream(archive)) {
            return in.read() != 0;
        } catch (IOException e) {
            return false;
        }
    }
}
