package dev.parley.mcp;

import io.modelcontextprotocol.server.McpServerFeatures.AsyncToolSpecification;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** Runs handlers for the SDK's session: whatever a handler does becomes a result. */
final class ToolRunner {
    private final Results results;
    private final Diagnostics diagnostics;

    ToolRunner(Results results, Diagnostics diagnostics) {
        this.results = results;
        this.diagnostics = diagnostics;
    }

    /** The tool as the SDK wants it. Its handler answers on the calling thread: see {@link SdkSession}. */
    AsyncToolSpecification specification(BoundTool<?> tool) {
        return AsyncToolSpecification.builder()
                .tool(Catalogue.announced(tool))
                .callHandler((exchange, ignored) -> Mono.deferContextual(context -> {
                    Pending pending = context.get(Pending.class);
                    JsonNode arguments = pending.request().params().path("arguments");
                    return Mono.just(run(tool, arguments, pending.call().orElseThrow()));
                }))
                .build();
    }

    private CallToolResult run(BoundTool<?> tool, JsonNode arguments, Call call) {
        try {
            return results.success(tool.call(arguments, call));
        } catch (ToolException failure) {
            return results.failure(failure);
        } catch (Throwable t) {
            // A handler that was interrupted because its call was cancelled has done as it should.
            if (!call.cancelled()) {
                diagnostics.report("tool " + tool.tool().name() + " failed", t);
            }
            return results.internalError(t);
        }
    }
}
