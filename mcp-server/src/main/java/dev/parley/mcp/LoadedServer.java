package dev.parley.mcp;

import io.modelcontextprotocol.json.jackson3.JacksonMcpJsonMapper;
import io.modelcontextprotocol.server.McpServer;
import io.modelcontextprotocol.spec.McpSchema;
import java.util.LinkedHashSet;
import java.util.List;

/** All of a server that takes time to load: the plug-ins, their tools, and the session of the SDK. */
final class LoadedServer {
    private final Reception reception;
    private final List<PluginProblem> problems;
    private final List<String> toolNames;

    /**
     * What a server has before it is loaded, from the first moment on: a way out, and the calls that are yet to come.
     *
     * @param outbox the way out
     * @param calls those in flight
     * @param pool their threads
     * @param shutdown how it ends
     * @param diagnostics where it reports
     */
    record Connection(Outbox outbox, Calls calls, CallPool pool, Shutdown shutdown, Diagnostics diagnostics) {}

    /** Loads and starts the plug-ins, and builds the SDK's server. */
    LoadedServer(Introduction introduction, PluginSources sources, Results results, Connection connection) {
        Diagnostics diagnostics = connection.diagnostics();
        SessionMapper mapper = new SessionMapper(new JacksonMcpJsonMapper(Json.WIRE));
        SdkSession session = new SdkSession(mapper, connection.outbox(), connection.calls(), diagnostics);
        PluginHost host = new PluginHost(sources.environment(), session::client, diagnostics);
        connection.shutdown().shutsDown(host);

        PluginLoader plugins = new PluginLoader(host, diagnostics);
        sources.given().forEach(plugins::add);
        sources.classPath().ifPresent(plugins::addFromClassPath);
        sources.folder().ifPresent(plugins::addFromFolder);
        problems = List.copyOf(plugins.problems());
        if (!problems.isEmpty()) {
            diagnostics.report("the other tools are offered all the same");
        }
        toolNames = plugins.tools().stream().map(bound -> bound.tool().name()).toList();

        ToolRunner runner = new ToolRunner(results, diagnostics);
        var unused = McpServer.async(session)
                .serverInfo(McpSchema.Implementation.builder(introduction.name(), introduction.version())
                        .title(introduction.title())
                        .build())
                .instructions(introduction.instructions())
                .capabilities(
                        McpSchema.ServerCapabilities.builder().tools(false).build())
                .jsonMapper(mapper)
                .jsonSchemaValidator((schema, content) -> {
                    throw new UnsupportedOperationException("inputs are checked by their constraints");
                })
                .validateToolInputs(false)
                .tools(plugins.tools().stream().map(runner::specification).toList())
                .build();
        reception = new Reception(
                connection.outbox(),
                session,
                connection.calls(),
                connection.pool(),
                host,
                new LinkedHashSet<>(toolNames),
                results,
                diagnostics);
    }

    /** Takes what the client sends. */
    Reception reception() {
        return reception;
    }

    /** The plug-ins that were skipped, and why. */
    List<PluginProblem> problems() {
        return problems;
    }

    /** The names of the tools, in the order in which they are listed. */
    List<String> toolNames() {
        return toolNames;
    }
}
