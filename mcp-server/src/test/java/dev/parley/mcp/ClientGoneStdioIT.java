package dev.parley.mcp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.fixture.Distribution;
import dev.parley.fixture.Shell;
import dev.parley.testing.Timing;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server whose client is gone, or does not listen, ends, whatever its streams look like. */
@Timeout(120)
final class ClientGoneStdioIT {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    /** The thread that looks for the client. */
    private static final Set<String> WATCH = Set.of("parley-client");

    /** That, and one of the VM that would look four times a second for what it could free; as Linux shortens their names. */
    private static final Set<String> TIMED = Set.of("parley-client", "Monitor Deflati");

    private static final String INITIALIZE =
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"2025-06-18\","
                    + "\"capabilities\":{},\"clientInfo\":{\"name\":\"test\",\"version\":\"1\"}}}\n";

    @TempDir
    Path root;

    private Process start(List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).directory(root.toFile());
        builder.environment().clear();
        builder.environment().putAll(Shell.environment(Files.createDirectories(root.resolve("home"))));
        return builder.start();
    }

    private static Duration since(long begun) {
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    /** The client is a shell, whose server's input never ends: the server itself holds its other end, as any process may. */
    @Test
    void itEndsWithItsClientThoughSomebodyElseHoldsThePipes() throws Exception {
        Path input = root.resolve("input");
        assertEquals(
                0,
                new ProcessBuilder("mkfifo", input.toString())
                        .inheritIO()
                        .start()
                        .waitFor());
        Path output = root.resolve("output");
        String client = "\"$0\" serve <>'" + input + "' >'" + output + "' & echo $! >&2; wait";
        Process shell =
                start(List.of("/bin/sh", "-c", client, Distribution.launcher().toString()));
        try (BufferedReader err = shell.errorReader(UTF_8)) {
            ProcessHandle server =
                    ProcessHandle.of(Long.parseLong(err.readLine().strip())).orElseThrow();
            try {
                Files.writeString(input, INITIALIZE, StandardOpenOption.APPEND);
                await().atMost(LIMIT).until(() -> Files.readString(output).contains("serverInfo"));

                // Who its client is it sees a moment after its start; with that, the watch has slept twice more.
                long rested = System.nanoTime();
                long all = wakeUps(server, TIMED);
                long own = wakeUps(server, WATCH);
                await().atMost(LIMIT).until(() -> wakeUps(server, WATCH) > own + 1);
                long woken = wakeUps(server, TIMED) - all;
                assertTrue(
                        woken <= 2 + since(rested).toSeconds(),
                        () -> "woken up " + woken + " times in " + since(rested) + " while nobody asked anything");

                long begun = System.nanoTime();
                shell.destroyForcibly();
                await().atMost(LIMIT).until(() -> hasEnded(server));
                Timing.assertAtMost(Duration.ofSeconds(3), since(begun), "the end after that of its client");
            } finally {
                server.destroyForcibly();
            }
        }
    }

    /** Whether it has, though whoever got it from its client may not have taken note. */
    private static boolean hasEnded(ProcessHandle server) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(server.pid()), "stat"))
                    .contains(") Z ");
        } catch (IOException e) {
            return true;
        }
    }

    /** How often threads of these names have gone to sleep so far. */
    private static long wakeUps(ProcessHandle server, Set<String> names) throws IOException {
        try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(server.pid()), "task"))) {
            return threads.mapToLong(thread -> wakeUpsOf(thread, names)).sum();
        }
    }

    private static long wakeUpsOf(Path thread, Set<String> names) {
        try {
            List<String> status = Files.readAllLines(thread.resolve("status"));
            return status.stream()
                    .filter(line -> line.startsWith("voluntary_ctxt_switches:")
                            && names.contains(status.get(0).substring("Name:\t".length())))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .sum();
        } catch (IOException e) {
            // It has ended.
            return 0;
        }
    }

    /** More answers than a pipe holds; then the end of the input, behind what the server could not answer. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"jsonrpc\":\"2.0\",\"id\":%d,\"method\":\"ping\"}",
                "{\"jsonrpc\":\"2.0\",\"id\":%d,\"method\":\"tools/call\",\"params\":{\"name\":\"get_my_session\"}}"
            })
    void itEndsWithItsInputThoughNobodyReadsItsAnswers(String request) throws Exception {
        Process server = start(Distribution.command("serve"));
        try {
            OutputStream in = server.getOutputStream();
            in.write(INITIALIZE.getBytes(UTF_8));
            for (int id = 2; id < 5000; id++) {
                in.write((request.formatted(id) + "\n").getBytes(UTF_8));
            }
            long begun = System.nanoTime();
            in.close();

            assertTrue(server.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS));
            Timing.assertAtMost(Duration.ofSeconds(2), since(begun), "the end after that of its input");
        } finally {
            server.toHandle().destroyForcibly();
        }
    }
}
