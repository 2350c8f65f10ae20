package dev.parley.cli;

import dev.parley.serve.Release;
import dev.parley.setup.VmOptions;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.McpSyncClient;
import io.modelcontextprotocol.client.transport.ServerParameters;
import io.modelcontextprotocol.client.transport.StdioClientTransport;
import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.json.jackson3.JacksonMcpJsonMapper;
import io.modelcontextprotocol.spec.McpSchema.CallToolRequest;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.Implementation;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One agent of the demonstration: the official MCP client and a server process of its own. */
final class DemoPeer implements AutoCloseable {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final McpSyncClient client;

    private DemoPeer(McpSyncClient client) {
        this.client = client;
    }

    /** Starts a server like this one, with its own store and project, and shakes hands with it. */
    static DemoPeer start(String name, Path home, Path project) {
        McpJsonMapper mapper = new JacksonMcpJsonMapper(JSON);
        ServerParameters parameters = ServerParameters.builder(
                        ProcessHandle.current().info().command().orElse("java"))
                .args(arguments())
                .env(Map.of("PARLEY_HOME", home.toString()))
                .build();
        StdioClientTransport transport = new StdioClientTransport(parameters, mapper) {
            @Override
            protected ProcessBuilder getProcessBuilder() {
                return new ProcessBuilder().directory(project.toFile());
            }
        };
        transport.setStdErrorHandler(line -> {});
        McpSyncClient client = McpClient.sync(transport)
                .clientInfo(Implementation.builder("parley-demo", Release.number())
                        .title(name)
                        .build())
                .requestTimeout(LIMIT)
                .initializationTimeout(LIMIT)
                .jsonSchemaValidator((schema, content) -> {
                    throw new UnsupportedOperationException("no tool of Parley has an output schema");
                })
                .build();
        client.initialize();
        return new DemoPeer(client);
    }

    /** What a VM is given to be a server like this one. */
    static List<String> arguments() {
        List<String> arguments = new ArrayList<>(VmOptions.ofServer());
        arguments.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName(), "serve"));
        return arguments;
    }

    /**
     * Calls a tool and gives its result.
     *
     * @throws IllegalStateException if the tool answered with an error
     */
    JsonNode call(String tool, Map<String, Object> arguments) {
        CallToolResult result = client.callTool(
                CallToolRequest.builder(tool).arguments(arguments).build());
        String text = ((TextContent) result.content().get(0)).text();
        JsonNode answer = JSON.readTree(text);
        if (!answer.path("ok").booleanValue()) {
            throw new IllegalStateException(tool + " answered " + text);
        }
        return answer;
    }

    @Override
    public void close() {
        client.close();
    }
}
