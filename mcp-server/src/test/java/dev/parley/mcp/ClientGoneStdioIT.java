package dev.parley.mcp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.fixture.Distribution;
import dev.parley.fixture.Shell;
import dev.parley.testing.Timing;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server whose client is gone, or does not listen, ends, whatever its streams look like. */
@Timeout(120)
final class ClientGoneStdioIT {
    private static final Duration LIMIT = Duration.ofSeconds(20);
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

    /** The client is a shell; the pipes are held by this test, too, so the server's input never ends. */
    @Test
    void itEndsWithItsClientThoughSomebodyElseHoldsThePipes() throws Exception {
        String client = "exec 3<&0; \"$0\" serve <&3 & echo $! >&2; wait";
        Process shell =
                start(List.of("/bin/sh", "-c", client, Distribution.launcher().toString()));
        try (BufferedReader err = shell.errorReader(UTF_8);
                BufferedReader out = shell.inputReader(UTF_8);
                OutputStream in = shell.getOutputStream()) {
            ProcessHandle server =
                    ProcessHandle.of(Long.parseLong(err.readLine().strip())).orElseThrow();
            try {
                in.write(INITIALIZE.getBytes(UTF_8));
                in.flush();
                assertTrue(out.readLine().contains("serverInfo"));

                long begun = System.nanoTime();
                shell.toHandle().destroyForcibly();

                await().atMost(LIMIT).until(() -> !server.isAlive());
                Timing.assertAtMost(Duration.ofSeconds(3), since(begun), "the end after that of its client");
            } finally {
                server.destroyForcibly();
            }
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
