package dev.parley.mcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.testing.ThreadPerTask;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The conduct of a server, in this process; {@link StdioServerStdioIT} repeats what only a real process shows. */
@Timeout(60)
final class StdioServerTest {
    private static RawClient client() {
        return RawClient.of(server ->
                server.named("sample", "1.2.3").instructions("Say something.").plugins(new SamplePlugin()));
    }

    private static int errorCode(JsonNode answer) {
        return answer.path("error").path("code").asInt(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"})
    void agreesOnEachVersion(String version) {
        try (RawClient client = client()) {
            JsonNode result = client.initialize(version);

            assertEquals(version, result.path("protocolVersion").stringValue());
            assertEquals("sample", result.path("serverInfo").path("name").stringValue());
            assertEquals("Say something.", result.path("instructions").stringValue());
            assertEquals(
                    version,
                    client.callAndWait(1, "whoami", "{}")
                            .path("client")
                            .path("protocol_version")
                            .stringValue());
        }
    }

    @Test
    void offersItsNewestVersionToAClientFromTheFuture() {
        try (RawClient client = client()) {
            assertEquals(
                    "2025-11-25",
                    client.initialize("2026-07-28").path("protocolVersion").stringValue());
        }
    }

    @Test
    void answersBeforeTheHandshake() {
        try (RawClient client = client()) {
            client.request(1, "server/discover", "{}");
            client.request(2, "ping", "{}");
            client.request(3, "tools/list", "{}");
            client.call(4, "echo", "{\"text\":\"x\"}");

            assertEquals(-32601, errorCode(client.answer(1)));
            assertEquals(0, client.answer(2).path("result").size());
            assertEquals(-32600, errorCode(client.answer(3)));
            assertEquals(-32600, errorCode(client.answer(4)));
            assertEquals(
                    "send initialize first",
                    client.answer(4).path("error").path("message").stringValue());
        }
    }

    @Test
    void answersBeforeTheClientSaysThatItIsInitialized() {
        try (RawClient client = client()) {
            client.request(
                    1,
                    "initialize",
                    "{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{},"
                            + "\"clientInfo\":{\"name\":\"x\",\"version\":\"1\"}}");
            client.request(2, "tools/list", "{}");
            client.call(3, "echo", "{\"text\":\"x\"}");

            assertEquals(10, client.answer(2).path("result").path("tools").size());
            assertEquals("x", client.result(3).path("text").stringValue());
        }
    }

    @Test
    void isInitializedOnceAndMayBeAskedAgainAfterAFailure() {
        try (RawClient client = client()) {
            client.request(7, "initialize", "{\"protocolVersion\":{}}");
            assertNotEquals(0, errorCode(client.answer(7)));

            assertEquals(
                    "2025-11-25", client.initialize().path("protocolVersion").stringValue());
            client.request(8, "initialize", "{}");

            assertEquals(-32600, errorCode(client.answer(8)));
        }
    }

    @Test
    void goesOnAfterWhateverAClientSends() {
        List<String> lines = List.of(
                "",
                "   \t ",
                "{",
                "[]",
                "[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}]",
                "{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"ping\"}",
                "{\"jsonrpc\":\"2.0\",\"id\":5,\"result\":{}}",
                "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/nonsense\",\"params\":{}}",
                "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\"}",
                "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":\"nobody\"}}",
                "x".repeat(StdioServer.LINE_BYTES + 1));
        try (RawClient client = client()) {
            client.initialize();
            lines.forEach(client::send);
            client.sendBytes(new byte[] {'"', (byte) 0xff, '"', '\r', '\n'});
            client.request(99, "ping", "{}");

            client.answer(99);
            List<Integer> errors = client.messages().stream()
                    .filter(message -> message.path("id").isNull())
                    .map(StdioServerTest::errorCode)
                    .toList();
            assertEquals(List.of(-32700, -32600, -32600, -32600, -32600, -32700), errors);
        }
    }

    @Test
    void aRequestOverTheLimitIsAnsweredWithItsIdUnlessThatIsInFlight() {
        try (RawClient client = client()) {
            client.initialize();
            String text = "y".repeat(StdioServer.LINE_BYTES);
            client.send("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"x\":\"" + text + "\"}}");
            client.send("{\"method\":\"tools/call\",\"params\":{\"x\":\"" + text
                    + "\"},\"jsonrpc\":\"2.0\",\"id\":\"two\"}");
            assertEquals(-32600, errorCode(client.answer(1)));
            client.request(99, "ping", "{}");
            client.answer(99);
            assertTrue(client.messages().stream()
                    .anyMatch(
                            message -> message.path("id").asString("").equals("two") && errorCode(message) == -32600));
        }
    }

    @Test
    void aLineOfTheGreatestLengthIsTaken() {
        try (RawClient client = client()) {
            client.initialize();
            String head = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"params\":{\"x\":\"";
            String tail = "\"}}";
            client.send(head + "y".repeat(StdioServer.LINE_BYTES - head.length() - tail.length()) + tail);

            assertTrue(client.answer(1).has("result"));
        }
    }

    @Test
    void anUnknownMethodOrToolIsAnError() {
        try (RawClient client = client()) {
            client.initialize();
            client.request(1, "no/such", "{}");
            client.call(2, "no_such", "{}");
            client.request(3, "tools/call", "{}");
            client.request(4, "resources/list", "{}");

            assertEquals(-32601, errorCode(client.answer(1)));
            assertEquals(-32602, errorCode(client.answer(2)));
            assertTrue(client.answer(2).toString().contains("there is no tool 'no_such'; the tools are echo, wait"));
            assertEquals(-32602, errorCode(client.answer(3)));
            assertEquals(-32601, errorCode(client.answer(4)));
        }
    }

    @Test
    void whateverAHandlerDoesIsAnAnswer() {
        try (RawClient client = client()) {
            client.initialize();

            assertEquals(
                    "HIHI",
                    client.callAndWait(1, "echo", "{\"text\":\"hi\",\"times\":2,\"letter_case\":\"upper\"}")
                            .path("text")
                            .stringValue());
            assertEquals(
                    "not-today",
                    client.callAndWait(2, "refuse", "{}").path("error").stringValue());
            assertEquals(
                    1, client.callAndWait(3, "refuse", "{}").path("retry_days").intValue());
            long id = 4;
            for (String tool : List.of("crash", "exhaust", "unlinked", "nothing")) {
                assertEquals(
                        "internal-error",
                        client.callAndWait(id, tool, "{}").path("error").stringValue());
                assertTrue(client.answer(id).path("result").path("isError").booleanValue());
                client.awaitDiagnostics("sample: tool " + tool + " failed: ");
                id++;
            }
            assertEquals(
                    "text must have a character that is not white space; "
                            + "text has 0 bytes of UTF-8, allowed are 1 to 64; times is 4, must be at most 3",
                    client.callAndWait(id, "echo", "{\"text\":\"\",\"times\":4}")
                            .path("message")
                            .stringValue());
            assertFalse(client.callAndWait(20, "whoami", "{}").has("error"));
        }
    }

    @Test
    void resultsAreTheHandlersOwnUnlessTheServerVersionsThem() {
        for (boolean versioned : List.of(false, true)) {
            try (RawClient client = RawClient.of(server -> {
                server.plugins(new SamplePlugin());
                return versioned ? server.versionedResults() : server;
            })) {
                client.initialize();
                String begin = versioned ? "{\"schema_version\":1,\"ok\":%s," : "{";

                assertEquals(
                        String.format(Locale.ROOT, begin, true) + "\"text\":\"x\",\"times\":1}",
                        client.callAndWait(1, "echo", "{\"text\":\"x\"}").toString());
                assertEquals(
                        String.format(Locale.ROOT, begin, false)
                                + "\"error\":\"not-today\",\"message\":\"come back tomorrow\",\"retry_days\":1}",
                        client.callAndWait(2, "refuse", "{}").toString());
                String refused =
                        client.callAndWait(3, "echo", "{\"text\":\"\"}").toString();
                assertTrue(
                        refused.startsWith(
                                String.format(Locale.ROOT, begin, false) + "\"error\":\"invalid-arguments\","),
                        refused);
                String failed = client.callAndWait(4, "crash", "{}").toString();
                assertTrue(
                        failed.startsWith(String.format(Locale.ROOT, begin, false) + "\"error\":\"internal-error\","),
                        failed);
            }
        }
    }

    @Test
    void aHandlerSeesItsClientAndTheMetaOfTheRequest() {
        try (RawClient client = client()) {
            client.initialize();
            client.request(
                    1, "tools/call", "{\"name\":\"whoami\",\"_meta\":{\"threadId\":\"t-1\",\"progressToken\":9}}");

            ObjectNode result = client.result(1);
            assertEquals("t-1", result.path("meta").path("threadId").stringValue());
            assertEquals("raw", result.path("client").path("name").stringValue());
            assertTrue(result.path("wants_progress").booleanValue());
        }
    }

    @Test
    void tellsProgressBeforeTheAnswerAndOnlyWhenAsked() {
        try (RawClient client = client()) {
            client.initialize();
            client.callAndWait(1, "echo", "{\"text\":\"a\",\"times\":2}");
            client.request(
                    2,
                    "tools/call",
                    "{\"name\":\"echo\",\"arguments\":{\"text\":\"a\",\"times\":2},\"_meta\":{\"progressToken\":\"p\"}}");
            client.answer(2);

            List<JsonNode> told = client.messages();
            List<JsonNode> last = told.subList(told.size() - 3, told.size());
            assertEquals(
                    2, told.stream().filter(message -> message.has("method")).count());
            assertEquals("p", last.get(0).path("params").path("progressToken").stringValue());
            assertEquals(2.0, last.get(1).path("params").path("progress").doubleValue());
            assertEquals(2, last.get(2).path("id").intValue());
        }
    }

    @Test
    void aCancelledCallIsInterruptedAndNotAnswered() {
        try (RawClient client = client()) {
            client.initialize();
            client.call(1, "wait", "{\"label\":\"one\"}");
            client.awaitDiagnostics("waiting one");

            client.cancel(1);

            client.awaitDiagnostics("cancel action one");
            client.awaitDiagnostics("outcome one Dropped[reason=CANCELLED]");
            client.callAndWait(2, "echo", "{\"text\":\"x\"}");
            assertFalse(client.messages().stream()
                    .anyMatch(message -> message.path("id").asInt(0) == 1));
            assertFalse(client.diagnostics().stream().anyMatch(line -> line.contains("tool wait failed")));
        }
    }

    @Test
    void aCancellationThatComesAfterTheAnswerDiscardsIt() {
        try (RawClient client = client()) {
            client.initialize();
            client.callWatched(1, "late");
            client.answer(1);

            client.cancel(1);
            client.cancel(1);

            client.awaitDiagnostics("discarded late");
            client.callAndWait(2, "echo", "{\"text\":\"next\"}");
            assertEquals(
                    1,
                    client.diagnostics().stream()
                            .filter(line -> line.contains("discarded"))
                            .count());
        }
    }

    /** Some clients cancel at the end of a turn, or when their user interrupts it, what they were answered in it long before. */
    @ParameterizedTest
    @ValueSource(strings = {"\"result\":{}", "\"error\":{\"code\":-32601,\"message\":\"no such method\"}"})
    void aCancellationDiscardsNothingThatTheClientIsKnownToHaveRead(String response) {
        try (RawClient client = client()) {
            client.initialize();
            client.callWatched(1, "read");
            client.callWatched(2, "unread");
            client.answer(2);
            client.send("{\"jsonrpc\":\"2.0\",\"id\":\"" + client.ping(1) + "\"," + response + "}");

            client.cancel(1);
            client.cancel(2);

            // One after the other: the first would be told by now.
            client.awaitDiagnostics("discarded unread");
            assertFalse(client.diagnostics().stream().anyMatch(line -> line.endsWith("discarded read")));
        }
    }

    @Test
    void anIdThatIsUsedAgainIsNotTakenForTheOneThatWasRead() {
        try (RawClient client = client()) {
            client.initialize();
            client.callWatched(1, "first");
            String first = client.ping(1);
            client.callWatched(1, "second");
            client.awaitMessage(
                    "the second answer", message -> message.toString().contains("second"));

            client.send("{\"jsonrpc\":\"2.0\",\"id\":\"" + first + "\",\"result\":{}}");
            client.cancel(1);

            client.awaitDiagnostics("discarded second");
        }
    }

    @Test
    void asksTheClientNothing() {
        try (RawClient client = client()) {
            client.initialize();
            client.send("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/roots/list_changed\"}");
            client.request(1, "ping", "{}");

            client.answer(1);
            assertFalse(client.messages().stream().anyMatch(message -> message.has("method")));
        }
    }

    @Test
    void anIdInFlightCannotBeUsedAgainUntilItIsFree() {
        try (RawClient client = client()) {
            client.initialize();
            client.call(1, "wait", "{\"label\":\"one\"}");
            client.awaitDiagnostics("waiting one");
            client.call(1, "echo", "{\"text\":\"again\"}");

            JsonNode refusal = client.awaitMessage(
                    "the refusal", message -> message.path("id").isNull());
            assertEquals(-32600, errorCode(refusal));
            client.cancel(1);
            client.awaitDiagnostics("outcome one");

            assertEquals(
                    "again",
                    client.callAndWait(1, "echo", "{\"text\":\"again\"}")
                            .path("text")
                            .stringValue());
        }
    }

    @Test
    void moreCallsThanTheLimitAreOverloadAndPingIsStillAnswered() {
        try (RawClient client = client()) {
            client.initialize();
            for (int id = 1; id <= StdioServer.CALLS; id++) {
                client.call(id, "wait", "{\"label\":\"n" + id + "\"}");
            }
            for (int id = 1; id <= StdioServer.CALLS; id++) {
                client.awaitDiagnostics("waiting n" + id);
            }
            client.request(1000, "ping", "{}");
            assertTrue(client.answer(1000).has("result"));
            assertEquals(
                    "overloaded",
                    client.callAndWait(1001, "echo", "{\"text\":\"x\"}")
                            .path("error")
                            .stringValue());

            client.cancel(1);
            client.awaitDiagnostics("outcome n1 ");

            // The thread is free a moment after the outcome was told.
            long id = 1002;
            while (client.callAndWait(id, "echo", "{\"text\":\"x\"}").has("error")) {
                id++;
            }
            assertEquals("x", client.result(id).path("text").stringValue());
        }
    }

    @Test
    void tellsRequestsOnArrivalAndHowManyAnswersWereOutBefore() {
        try (RawClient client = client()) {
            client.initialize();
            client.awaitDiagnostics("request initialize after 0 answers");
            client.callAndWait(1, "echo", "{\"text\":\"a\"}");
            client.request(2, "ping", "{}");
            client.awaitDiagnostics("request ping after 1 answers");

            // Sent together with the call: whenever it is read, it was sent before that call was answered.
            client.send("{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"tools/call\","
                    + "\"params\":{\"name\":\"echo\",\"arguments\":{\"text\":\"a\"}}}\n"
                    + "{\"jsonrpc\":\"2.0\",\"id\":4,\"method\":\"tools/list\"}");
            client.answer(3);

            client.awaitDiagnostics("request tools/list after 1 answers");
            client.request(5, "ping", "{}");
            client.awaitDiagnostics("request ping after 2 answers");
        }
    }

    @Test
    void atTheEndOfInputAFastCallIsAnsweredAndASlowOneInterrupted() {
        RawClient client = client();
        client.initialize();
        client.call(1, "wait", "{\"label\":\"slow\"}");
        client.awaitDiagnostics("waiting slow");
        client.call(2, "linger", "{\"millis\":100}");
        client.awaitDiagnostics("lingering");

        client.endInput();

        assertEquals(0, client.exitCode(Duration.ofSeconds(1)));
        client.close();
        assertFalse(client.result(2).path("early").booleanValue(true));
        assertFalse(client.messages().stream()
                .anyMatch(message -> message.path("id").asInt(0) == 1));
        client.awaitDiagnostics("outcome slow Dropped[reason=SHUTDOWN]");
        client.awaitDiagnostics("samples: shut down");
    }

    @Test
    void endsWhenTheClientReadsNoMore() {
        RawClient client = client();
        client.initialize();
        client.call(1, "wait", "{\"label\":\"w\"}");
        client.awaitDiagnostics("waiting w");
        client.breakPipe();

        client.request(2, "ping", "{}");

        assertEquals(1, client.exitCode(Duration.ofSeconds(1)));
        client.awaitDiagnostics("the client does not read any more: Broken pipe");
        client.awaitDiagnostics("outcome w Dropped[reason=SHUTDOWN]");
        client.close();
    }

    @Test
    void endsWhenItsInputFails() {
        for (Throwable failure : List.of(new IOException("gone"), new OutOfMemoryError("no room"))) {
            ByteArrayOutputStream err = new ByteArrayOutputStream();
            InputStream in = new InputStream() {
                @Override
                public int read() throws IOException {
                    if (failure instanceof IOException e) {
                        throw e;
                    }
                    throw (Error) failure;
                }

                @Override
                public int read(byte[] into, int from, int length) throws IOException {
                    return read();
                }
            };
            int code = StdioServer.on(
                            in, OutputStream.nullOutputStream(), new PrintStream(err, true, StandardCharsets.UTF_8))
                    .build()
                    .run();

            assertEquals(failure instanceof IOException ? 0 : 1, code);
            assertTrue(err.toString(StandardCharsets.UTF_8).contains(failure.getMessage()), err::toString);
        }
    }

    @Test
    void stopsWhenItIsTold() {
        StdioServer server = StdioServer.on(
                        new BytePipe().in,
                        OutputStream.nullOutputStream(),
                        new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8))
                .plugins(new SamplePlugin())
                .build();
        CompletableFuture<Integer> code = CompletableFuture.supplyAsync(server::run, ThreadPerTask.EXECUTOR);

        server.stop();
        server.stop();

        assertEquals(0, code.orTimeout(1, TimeUnit.SECONDS).join());
        assertEquals("echo", server.toolNames().get(0));
        assertEquals(List.of(), server.problems());
    }

    @Test
    void endsInTimeWhateverHandlersAndShutdownActionsDo() {
        CountDownLatch never = new CountDownLatch(1);
        CompletableFuture<PluginContext> context = new CompletableFuture<>();
        ToolPlugin stubborn = new ToolPlugin() {
            @Override
            public void start(PluginContext started) {
                context.complete(started);
                started.onShutdown(() -> started.report("the first registered runs last"));
                started.onShutdown(() -> {
                    throw new IllegalStateException("a broken action");
                });
                started.onShutdown(() -> started.report("the last registered runs first"));
            }

            @Override
            public List<Tool<?>> tools() {
                return List.of(Tool.of("hang", SamplePlugin.Nothing.class, (input, call) -> {
                    call.afterAnswer(answer -> context.join().report("told " + answer));
                    while (true) {
                        try {
                            never.await();
                        } catch (InterruptedException e) {
                            // This is what makes it stubborn.
                        }
                    }
                }));
            }
        };
        RawClient client = RawClient.of(server -> server.plugins(stubborn));
        client.initialize();
        client.call(1, "hang", "{}");
        client.request(2, "ping", "{}");
        client.answer(2);

        client.endInput();

        assertEquals(0, client.exitCode(Duration.ofSeconds(1)));
        client.close();
        client.awaitDiagnostics("told Dropped[reason=SHUTDOWN]");
        List<String> said = new ArrayList<>(client.diagnostics());
        said.removeIf(line -> !line.contains("registered"));
        assertEquals(2, said.size());
        assertTrue(said.get(0).endsWith("the last registered runs first"));
        assertTrue(client.diagnostics().stream().anyMatch(line -> line.contains("a broken action")));
    }

    @Test
    void listsItsToolsAsTheCatalogueHasThem() {
        try (RawClient client = client()) {
            client.initialize();
            client.request(1, "tools/list", "{}");

            ArrayNode expected = Catalogue.fresh(new SamplePlugin());
            assertEquals(
                    Json.WIRE.readTree(expected.toString()),
                    client.answer(1).path("result").path("tools"));
        }
    }

    @Test
    void pluginsShareOneService() {
        record Counter(List<String> names) {}
        record Uses(String name) implements ToolPlugin {
            @Override
            public void start(PluginContext context) {
                context.shared(Counter.class, () -> new Counter(new ArrayList<>()))
                        .names()
                        .add(name);
            }

            @Override
            public List<Tool<?>> tools() {
                return List.of();
            }
        }
        record Reads() implements ToolPlugin {
            @Override
            public void start(PluginContext context) {
                context.report("shared by "
                        + context.shared(Counter.class).orElseThrow().names());
                context.report("not shared: " + context.shared(String.class));
                context.report("variable " + context.environment().get("SAMPLE"));
                context.report("client " + context.client());
            }

            @Override
            public List<Tool<?>> tools() {
                return List.of();
            }
        }
        try (RawClient client = RawClient.of(server ->
                server.environment(Map.of("SAMPLE", "seen")).plugins(new Uses("a"), new Uses("b"), new Reads()))) {
            client.awaitDiagnostics("shared by [a, b]");
            client.awaitDiagnostics("not shared: Optional.empty");
            client.awaitDiagnostics("variable seen");
            client.awaitDiagnostics("client Optional.empty");
        }
    }
}
