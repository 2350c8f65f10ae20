package dev.parley.mcp;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.testing.Timing;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** A real process on real pipes. Every test ends by checking that its standard output was JSON-RPC only. */
@Tag("slow")
@Timeout(120)
@Isolated("it measures time")
final class StdioServerStdioIT {
    private static final Duration ONE_SECOND = Timing.patience(Duration.ofSeconds(1));

    private static RawClient fork() {
        return RawClient.fork(SampleServer.class, Map.of());
    }

    private static boolean isAnswered(RawClient client, long id) {
        return client.messages().stream().anyMatch(message -> message.path("id").asLong(-1) == id);
    }

    @Test
    void whoeverPrintsPrintsToStandardErrorAndReadsNothing() {
        try (RawClient client = fork()) {
            client.initialize();

            assertEquals(-1, client.callAndWait(1, "print", "{}").path("read").intValue());

            client.awaitDiagnostics("a stray line");
            assertFalse(client.lines().stream().anyMatch(line -> line.contains("a stray line")));
        }
    }

    @Test
    void survivesItsHandlers() {
        try (RawClient client = fork()) {
            client.initialize();
            long id = 1;
            for (String tool : List.of("crash", "exhaust", "unlinked", "nothing")) {
                assertEquals(
                        "internal-error",
                        client.callAndWait(id++, tool, "{}").path("error").stringValue());
            }
            client.awaitDiagnostics("tool crash failed: java.lang.IllegalStateException: a bug");
            client.awaitDiagnostics("tool exhaust failed: java.lang.OutOfMemoryError");

            assertEquals(
                    "x",
                    client.callAndWait(id, "echo", "{\"text\":\"x\"}")
                            .path("text")
                            .stringValue());
        }
    }

    @Test
    void survivesItsClientsLines() {
        try (RawClient client = fork()) {
            client.request(1, "server/discover", "{\"_meta\":{}}");
            assertEquals(-32601, client.answer(1).path("error").path("code").intValue());
            client.initialize();
            client.send("");
            client.send("[1]");
            client.send("{\"jsonrpc\":");
            client.send("z".repeat(3 * StdioServer.LINE_BYTES));
            client.request(2, "ping", "{}");

            client.answer(2);
            List<Integer> errors = client.messages().stream()
                    .filter(message -> message.path("id").isNull())
                    .map(message -> message.path("error").path("code").intValue())
                    .toList();
            assertEquals(List.of(-32600, -32700, -32600), errors);
        }
    }

    @Test
    void answersAPingAtOnceWhileTwoHundredCallsAreBlocked() {
        try (RawClient client = fork()) {
            client.initialize();
            for (int id = 1; id <= 200; id++) {
                client.call(id, "wait", "{\"label\":\"n" + id + "\"}");
            }
            for (int id = 1; id <= 200; id++) {
                client.awaitDiagnostics("waiting n" + id);
            }

            long sent = System.nanoTime();
            client.request(1000, "ping", "{}");
            client.answer(1000);

            Duration took = Duration.ofNanos(System.nanoTime() - sent);
            Timing.assertAtMost(ONE_SECOND, took, "the ping");
            for (int id = 1; id <= 200; id++) {
                client.cancel(id);
            }
            for (int id = 1; id <= 200; id++) {
                client.awaitDiagnostics("outcome n" + id + " Dropped[reason=CANCELLED]");
            }
            client.endInput();
            assertEquals(0, client.exitCode(ONE_SECOND));
            assertEquals(
                    200,
                    client.diagnostics().stream()
                            .filter(line -> line.contains("outcome n"))
                            .count());
        }
    }

    @Test
    void atTheEndOfInputItExitsWithZeroAndAnswersWhatIsFast() {
        try (RawClient client = fork()) {
            client.initialize();
            client.call(1, "wait", "{\"label\":\"slow\"}");
            client.awaitDiagnostics("waiting slow");
            client.call(3, "linger", "{\"millis\":100}");
            client.awaitDiagnostics("lingering");

            client.endInput();

            assertEquals(0, client.exitCode(ONE_SECOND));
            assertFalse(client.result(3).path("early").booleanValue(true));
            assertFalse(isAnswered(client, 1));
            client.awaitDiagnostics("outcome slow Dropped[reason=SHUTDOWN]");
            client.awaitDiagnostics("samples: shut down");
        }
    }

    @Test
    void anAnswerToALastLineWithoutLineEndIsStillGiven() {
        try (RawClient client = fork()) {
            client.initialize();
            client.sendBytes("{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"ping\"}".getBytes(StandardCharsets.UTF_8));
            client.endInput();

            assertTrue(client.answer(5).has("result"));
        }
    }

    @ParameterizedTest
    @CsvSource({"TERM,143", "INT,130", "HUP,129"})
    void aSignalEndsItAtOnce(String signal, int exitCode) throws IOException, InterruptedException {
        // A build in the background, or under nohup, ignores two of these, and so would all that it starts.
        boolean isGnu = System.getProperty("os.name").equals("Linux");
        List<String> command = new ArrayList<>(isGnu ? List.of("env", "--default-signal=INT,HUP,TERM") : List.of());
        command.addAll(RawClient.command(SampleServer.class));
        try (RawClient client = RawClient.exec(command, Map.of())) {
            client.initialize();
            client.call(1, "wait", "{\"label\":\"w\"}");
            client.awaitDiagnostics("waiting w");

            new ProcessBuilder(
                            "kill", "-" + signal, Long.toString(client.process().pid()))
                    .inheritIO()
                    .start()
                    .waitFor();

            assertEquals(exitCode, client.exitCode(ONE_SECOND));
            client.awaitDiagnostics("outcome w Dropped[reason=SHUTDOWN]");
            client.awaitDiagnostics("samples: shut down");
            assertFalse(isAnswered(client, 1));
        }
    }

    @Test
    void aSignalEndsItAlsoWhenNobodyReadsItsOutput() throws IOException, InterruptedException {
        Process server = new ProcessBuilder(RawClient.command(SampleServer.class))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            byte[] pings = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}\n"
                    .repeat(1000)
                    .getBytes(StandardCharsets.UTF_8);
            // The pipe holds 64 KiB: when that many answers wait in it, the server is stuck in writing the next one.
            Thread writer = new Thread(() -> {
                try {
                    for (int i = 0; i < 100; i++) {
                        server.getOutputStream().write(pings);
                        server.getOutputStream().flush();
                    }
                } catch (IOException ended) {
                    // As it should: the server is gone.
                }
            });
            writer.start();
            await().until(() -> server.getInputStream().available() >= 60_000);

            server.destroy();

            assertTrue(server.waitFor(1, TimeUnit.SECONDS));
            assertEquals(143, server.exitValue());
        } finally {
            server.destroyForcibly();
        }
    }

    @Test
    void endsWhenItsOutputIsClosed() {
        try (RawClient client = fork()) {
            client.initialize();
            client.call(1, "wait", "{\"label\":\"w\"}");
            client.awaitDiagnostics("waiting w");
            client.breakPipe();

            // The pipe is only broken once our own reader has left it, which takes it an answer or two.
            for (int id = 2; !client.hasEndedWithin(Duration.ofMillis(500)); id++) {
                client.request(id, "ping", "{}");
            }

            assertEquals(1, client.exitCode(ONE_SECOND));
            client.awaitDiagnostics("the client does not read any more");
            client.awaitDiagnostics("outcome w Dropped[reason=SHUTDOWN]");
        }
    }

    @Test
    void aCancelledCallIsNotAnsweredAndToldSo() {
        try (RawClient client = fork()) {
            client.initialize();
            client.call(1, "wait", "{\"label\":\"w\"}");
            client.awaitDiagnostics("waiting w");

            client.cancel(1);

            client.awaitDiagnostics("outcome w Dropped[reason=CANCELLED]");
            JsonNode next = client.callAndWait(2, "whoami", "{}");
            assertFalse(next.has("error"), next::toString);
            assertFalse(isAnswered(client, 1));
        }
    }
}
