package dev.parley.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.fixture.Distribution;
import dev.parley.fixture.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code parley bench} of the distribution. */
@Isolated("it measures time")
class BenchStdioIT {

    @TempDir
    Path root;

    private Shell bench(String... arguments) throws Exception {
        Path temporary = Files.createDirectories(root.resolve("tmp"));
        Map<String, String> environment = Shell.environment(root.resolve("home/.parley"));
        environment.put("TMPDIR", temporary.toString());
        environment.put("PARLEY_JVM_OPTS", "-Djava.io.tmpdir=" + temporary);
        List<String> command =
                Stream.concat(Stream.of("bench"), Stream.of(arguments)).toList();
        Shell shell = Shell.parley(environment, root, "", command.toArray(String[]::new));
        try (Stream<Path> left = Files.list(temporary)) {
            assertEquals(
                    List.of(),
                    left.filter(path -> path.getFileName().toString().startsWith("parley-bench"))
                            .toList());
        }
        assertTrue(Files.notExists(root.resolve("home/.parley")), "the user's own store is not touched");
        return shell;
    }

    @Test
    @Tag("slow")
    void itMeasuresItselfAgainstAnotherServerAndLeavesNothingBehind() throws Exception {
        Shell shell = bench("--rounds", "1", "--json", "--against", Distribution.launcher() + " serve")
                .exited(0);
        JsonNode report = new JsonMapper().readTree(shell.out());
        assertEquals(1, report.path("schema_version").asInt());
        JsonNode results = report.path("results");
        for (String kind : List.of(
                "start_initialize",
                "start_tools_list",
                "start_first_call",
                "memory_uss",
                "send",
                "two_forced_writes",
                "ask_answered",
                "read_first",
                "drain")) {
            for (String label : List.of("parley", "against")) {
                JsonNode samples = results.path(kind).path(label);
                assertTrue(samples.path("count").asInt() > 0, () -> kind + " of " + label + ": " + results);
                assertTrue(samples.path("p50").asDouble() <= samples.path("p95").asDouble(), samples::toString);
            }
        }
        assertTrue(results.path("hook_fifty").path("parley").path("p50").asDouble() > 0, results::toString);
        assertTrue(shell.err().lines().allMatch(line -> line.startsWith("bench: ")), shell::err);
    }

    @Test
    void aCommandThatIsNoServerIsNamedWithItsLastWords() throws Exception {
        Shell shell = bench("--rounds", "1", "--against", "sh -c 'echo no such thing >&2; exit 7'");
        shell.exited(1).says("against closed its output instead of answering initialize", "code 7", "no such thing");
        assertEquals("", shell.out());
        bench("--rounds", "1", "--against", "/no/such/server").exited(1).says("against", "/no/such/server");
    }

    @Test
    void interruptedItLeavesNothingBehind() throws Exception {
        Path temporary = Files.createDirectories(root.resolve("tmp"));
        ProcessBuilder builder = new ProcessBuilder(Distribution.launcher().toString(), "bench");
        builder.environment().putAll(Shell.environment(root.resolve("home/.parley")));
        builder.environment().put("PARLEY_JVM_OPTS", "-Djava.io.tmpdir=" + temporary);
        builder.redirectErrorStream(true).redirectOutput(root.resolve("out").toFile());
        Process bench = builder.start();
        try {
            Awaitility.await()
                    .until(() -> Files.readString(root.resolve("out")).contains("bench: start 2/")
                            && measured(temporary)
                            && bench.descendants().findAny().isPresent());
            List<ProcessHandle> servers = bench.descendants().toList();
            assertEquals(
                    0,
                    new ProcessBuilder("kill", Shell.canBeInterrupted() ? "-INT" : "-TERM", Long.toString(bench.pid()))
                            .start()
                            .waitFor());
            assertTrue(bench.waitFor(10, TimeUnit.SECONDS));
            assertEquals(
                    List.of(), servers.stream().filter(ProcessHandle::isAlive).toList());
            assertFalse(measured(temporary), () -> "left in " + temporary);
            String out = Files.readString(root.resolve("out"));
            assertTrue(out.contains("start to initialize answered, ms"), out);
            assertFalse(out.contains("cannot"), out);
        } finally {
            bench.descendants().forEach(ProcessHandle::destroyForcibly);
            bench.destroyForcibly();
        }
    }

    private static boolean measured(Path temporary) throws IOException {
        try (Stream<Path> all = Files.list(temporary)) {
            return all.anyMatch(path -> path.getFileName().toString().startsWith("parley-bench"));
        }
    }

    @Test
    void whatCannotBeMeasuredIsAnErrorOfUsage() throws Exception {
        bench("--rounds", "0").exited(2).says("--rounds takes 1 to 1000, not 0");
        bench("--rounds", "many").exited(2).says("--rounds");
        bench("--servers", "101").exited(2).says("--servers takes 1 to 100, not 101");
        bench("--against", " ").exited(2).says("--against takes the command of a server");
    }
}
