package dev.parley.mcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** A server whose handshake is answered while the rest of it is still being loaded, for as long as the test likes. */
@Timeout(60)
final class DoormanTest {
    private final CountDownLatch loaded = new CountDownLatch(1);

    private RawClient client() {
        return RawClient.of(server -> server.named("sample", "1.2.3")
                .instructions("Say something.")
                .atOnce(rest -> {
                    awaitLoaded();
                    rest.plugins(new SamplePlugin());
                }));
    }

    private void awaitLoaded() {
        try {
            loaded.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean isAnswered(RawClient client, long id) {
        return client.messages().stream().anyMatch(message -> message.path("id").asLong(-1) == id);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25", "2026-07-28"})
    void agreesOnAVersionBeforeAnythingIsLoaded(String version) {
        try (RawClient client = client()) {
            client.request(10, "server/discover", "{}");
            assertEquals(-32601, client.answer(10).path("error").path("code").asInt());
            JsonNode result = client.initialize(version);
            client.request(11, "ping", "{}");
            assertTrue(client.answer(11).has("result"));

            String agreed = version.startsWith("2026") ? "2025-11-25" : version;
            assertEquals(agreed, result.path("protocolVersion").stringValue());
            loaded.countDown();
            JsonNode seen = client.callAndWait(1, "whoami", "{}").path("client");
            assertEquals(agreed, seen.path("protocol_version").stringValue());
            assertEquals("raw", seen.path("name").stringValue());
            assertFalse(client.diagnostics().stream().anyMatch(line -> line.contains("the session refuses")));
        }
    }

    /** What Claude Code 2.1.332 and Codex 0.171.0 were seen to send. What the doorman does not know costs them his speed. */
    @ParameterizedTest
    @ValueSource(strings = {"""
                {"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{"roots":{"listChanged":true},\
                "elicitation":{"form":{},"url":{}}},"clientInfo":{"name":"claude-code","title":"Claude Code","version":"2.1.332",\
                "description":"Anthropic's agentic coding tool","websiteUrl":"https://claude.com/claude-code"}},\
                "jsonrpc":"2.0","id":0}""", """
                {"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":\
                {"experimental":{"codex/auth-change":{}},"elicitation":{"form":{},"url":{}}},\
                "clientInfo":{"name":"codex-mcp-client","title":"Codex","version":"0.171.0"}}}"""})
    void theRealClientsAreAnsweredBeforeAnythingIsLoaded(String greeting) {
        try (RawClient client = client()) {
            client.send(greeting);
            assertTrue(client.answer(0).path("result").has("serverInfo"));
            loaded.countDown();
        }
    }

    @Test
    void whatIsSentMeanwhileIsDoneInOrderOnceAllIsLoaded() {
        try (RawClient client = client()) {
            client.initialize();
            client.call(1, "wait", "{\"label\":\"one\"}");
            client.cancel(1);
            client.request(2, "tools/list", "{}");
            client.call(3, "echo", "{\"text\":\"x\"}");
            client.request(4, "ping", "{}");
            loaded.countDown();

            client.answer(4);
            assertEquals("x", client.result(3).path("text").stringValue());
            assertEquals(10, client.answer(2).path("result").path("tools").size());
            client.callAndWait(5, "echo", "{\"text\":\"y\"}");
            assertFalse(isAnswered(client, 1), "it was cancelled");
        }
    }

    @Test
    void pluginsHearOfWhatWasAnsweredBeforeTheyWereThere() {
        try (RawClient client = client()) {
            client.request(5, "ping", "{}");
            client.initialize();
            client.request(6, "ping", "{}");
            client.answer(6);
            loaded.countDown();

            client.awaitDiagnostics("request initialize after 0 answers");
            List<String> heard = client.diagnostics().stream()
                    .filter(line -> line.contains("request "))
                    .toList();
            assertTrue(heard.get(0).endsWith("request ping after 0 answers"), heard::toString);
            assertTrue(heard.get(1).endsWith("request initialize after 0 answers"), heard::toString);
            client.awaitDiagnostics("request ping after 0 answers");
        }
    }

    @Test
    void pluginsHearThatTheClientWasReadyBeforeTheyWereThere() {
        try (RawClient client = client()) {
            client.initialize("2025-06-18");
            client.send("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}");
            client.send("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}");
            client.request(2, "ping", "{}");
            client.answer(2);
            loaded.countDown();
            client.callAndWait(3, "whoami", "{}");
            assertEquals(
                    1,
                    client.diagnostics().stream()
                            .filter(line -> line.contains("the client is ready"))
                            .count());
        }
    }

    @Test
    void theFirstOfTwoHandshakesCounts() {
        try (RawClient client = client()) {
            client.initialize();
            client.request(1, "initialize", "{}");
            loaded.countDown();

            assertEquals(-32600, client.answer(1).path("error").path("code").asInt());
        }
    }

    @Test
    void aHandshakeThatOnlyTheSessionCanJudgeWaitsForIt() {
        try (RawClient client = client()) {
            client.request(1, "initialize", "{\"protocolVersion\":{}}");
            client.request(2, "ping", "{}");
            loaded.countDown();

            assertTrue(client.answer(1).has("error"));
            assertTrue(client.answer(2).has("result"));
            assertEquals(
                    List.of(1L, 2L),
                    client.messages().stream()
                            .map(m -> m.path("id").longValue())
                            .toList());
            assertEquals(
                    "2025-11-25", client.initialize().path("protocolVersion").stringValue());
        }
    }

    @Test
    void endsWithItsInputWhateverIsStillLoading() {
        RawClient client = client();
        client.initialize();
        client.endInput();

        assertEquals(0, client.exitCode(Duration.ofSeconds(1)));
    }

    @Test
    void whatWasSentBeforeTheInputEndedIsStillAnswered() {
        RawClient client = client();
        client.initialize();
        client.call(1, "echo", "{\"text\":\"x\"}");
        client.endInput();
        loaded.countDown();

        assertEquals(0, client.exitCode(Duration.ofSeconds(10)));
        assertEquals("x", client.result(1).path("text").stringValue());
    }

    @Test
    void aServerThatCannotBeLoadedSaysWhyAndEnds() {
        RawClient client = RawClient.of(server -> server.atOnce(rest -> {
            awaitLoaded();
            throw new IllegalStateException("the disk is on fire");
        }));
        client.initialize();
        client.call(1, "echo", "{}");
        loaded.countDown();

        assertEquals(1, client.exitCode(Duration.ofSeconds(5)));
        client.awaitDiagnostics("the server cannot be loaded: java.lang.IllegalStateException: the disk is on fire");
    }

    @Test
    void classesThatWereNotPackedWithTheirCatalogueAreNotTrusted() {
        PluginSources compiled = new PluginSources(
                Map.of(), List.of(), Optional.of(DoormanTest.class.getClassLoader()), Optional.empty());

        assertTrue(PreparedTools.tools(compiled).isEmpty());
    }
}
