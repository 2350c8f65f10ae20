package dev.parley.mcp;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.ServerParameters;
import io.modelcontextprotocol.client.transport.StdioClientTransport;
import io.modelcontextprotocol.json.jackson3.JacksonMcpJsonMapper;
import io.modelcontextprotocol.json.schema.JsonSchemaValidator;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The official Java client against a real process: that our transport is one to somebody who did not write it. */
@Timeout(60)
final class OfficialClientStdioIT {
    private final List<Double> progress = new CopyOnWriteArrayList<>();
    private McpSyncClient client;

    @BeforeEach
    void connect() {
        ServerParameters server = ServerParameters.builder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString())
                .args("-Xlog:disable", "-cp", System.getProperty("java.class.path"), SampleServer.class.getName())
                .build();
        StdioClientTransport transport = new StdioClientTransport(server, new JacksonMcpJsonMapper(Json.WIRE));
        transport.setStdErrorHandler(line -> {});
        client = McpClient.sync(transport)
                .requestTimeout(Duration.ofSeconds(20))
                .initializationTimeout(Duration.ofSeconds(20))
                .jsonSchemaValidator(
                        (schema, content) -> JsonSchemaValidator.ValidationResponse.asValid("not checked here"))
                .progressConsumer(told -> progress.add(told.progress()))
                .build();
        client.initialize();
    }

    @AfterEach
    void disconnect() {
        assertTrue(client.closeGracefully());
    }

    private static String text(McpSchema.CallToolResult result) {
        return ((McpSchema.TextContent) result.content().get(0)).text();
    }

    @Test
    void shakesHandsAndLists() {
        assertEquals("sample", client.getServerInfo().name());
        assertEquals("Say something.", client.getServerInstructions());
        McpSchema.Tool echo = client.listTools().tools().get(0);
        assertEquals("echo", echo.name());
        assertEquals(true, echo.annotations().readOnlyHint());
        assertEquals(false, echo.annotations().openWorldHint());
        assertEquals(Map.of("anthropic/alwaysLoad", true), echo.meta());
        client.ping();
    }

    @Test
    void callsWithProgress() {
        McpSchema.CallToolResult result = client.callTool(McpSchema.CallToolRequest.builder("echo")
                .arguments(Map.of("text", "ho ", "times", 3))
                .meta(Map.of("progressToken", "p"))
                .build());

        assertEquals("{\"text\":\"ho ho ho \",\"times\":3}", text(result));
        // This client handles what it is told concurrently, so the order is not for it to say.
        await().until(() -> Set.copyOf(progress).equals(Set.of(1.0, 2.0, 3.0)));
    }

    @Test
    void seesToolFaultsAsResultsAndProtocolFaultsAsErrors() {
        McpSchema.CallToolResult refused =
                client.callTool(McpSchema.CallToolRequest.builder("refuse").build());
        assertEquals(true, refused.isError());
        assertTrue(text(refused).contains("not-today"));

        assertThrows(
                McpError.class,
                () -> client.callTool(
                        McpSchema.CallToolRequest.builder("no_such").build()));
    }
}
