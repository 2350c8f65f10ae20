package example.wordcount;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.ServerParameters;
import io.modelcontextprotocol.client.transport.StdioClientTransport;
import io.modelcontextprotocol.json.jackson3.JacksonMcpJsonMapper;
import io.modelcontextprotocol.json.schema.JsonSchemaValidator;
import io.modelcontextprotocol.spec.McpSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** The built distribution, with this plug-in's jar put into its folder, as a user would. */
@Timeout(120)
final class WordCountStdioIT {
    @TempDir
    private Path home;

    private final List<String> standardError = new CopyOnWriteArrayList<>();
    private McpSyncClient client;

    @BeforeEach
    void install() throws IOException {
        Path plugins = Files.createDirectories(home.resolve("parley/plugins"));
        Files.setPosixFilePermissions(home.resolve("parley"), PosixFilePermissions.fromString("rwx------"));
        Path jar = Files.copy(Path.of(System.getProperty("example.jar")), plugins.resolve("word-count.jar"));
        Files.setPosixFilePermissions(jar, PosixFilePermissions.fromString("rw-------"));
        Path parley = Path.of(System.getProperty("parley.dist"), "bin", "parley");
        ServerParameters server = ServerParameters.builder(parley.toString())
                .args("serve")
                .env(Map.of(
                        "HOME", home.toString(),
                        "PARLEY_HOME", home.resolve("parley").toString(),
                        "PARLEY_JAVA",
                                Path.of(System.getProperty("java.home"), "bin", "java")
                                        .toString()))
                .build();
        StdioClientTransport transport = new StdioClientTransport(
                server, new JacksonMcpJsonMapper(JsonMapper.builder().build()));
        transport.setStdErrorHandler(standardError::add);
        client = McpClient.sync(transport)
                .requestTimeout(Duration.ofSeconds(20))
                .initializationTimeout(Duration.ofSeconds(20))
                .jsonSchemaValidator((schema, content) -> JsonSchemaValidator.ValidationResponse.asValid("not checked"))
                .build();
        client.initialize();
    }

    @AfterEach
    void disconnect() {
        assertTrue(client.closeGracefully());
    }

    private String call(Map<String, Object> arguments) {
        McpSchema.CallToolResult result = client.callTool(McpSchema.CallToolRequest.builder("word_count")
                .arguments(arguments)
                .build());
        return ((McpSchema.TextContent) result.content().get(0)).text();
    }

    @Test
    void isOfferedBesideTheServersOwnToolsAndChecked() {
        List<String> names =
                client.listTools().tools().stream().map(McpSchema.Tool::name).toList();
        assertTrue(names.contains("word_count") && names.contains("send_message"), names::toString);

        assertEquals(
                "{\"schema_version\":1,\"ok\":true,\"words\":3,\"times_found\":2}",
                call(Map.of("text", "yes, yes, no", "word", "yes")));
        assertEquals(
                "{\"schema_version\":1,\"ok\":false,\"error\":\"invalid-arguments\","
                        + "\"message\":\"text has 0 bytes of UTF-8, allowed are 1 to 65536\"}",
                call(Map.of("text", "")));
        assertEquals(List.of(), standardError);
    }
}
