package dev.parley.mcp;

/**
 * What a tool does. Called on a thread of its own for each call, so it may block; many calls may be in flight at once.
 */
@FunctionalInterface
public interface ToolHandler<I extends Record> {
    /**
     * Answers one call.
     *
     * <p>The result is a record, a {@code Map} or a {@code JsonNode} that becomes one JSON object: names in snake_case,
     * fields of a record that are null left out unless they are annotated {@code @JsonInclude(ALWAYS)}. A server that was
     * built with {@link StdioServer.Builder#versionedResults}, as Parley is, puts {@code schema_version} and {@code ok}
     * before them.
     *
     * <p>When the client cancels the call, or goes away, the calling thread is interrupted and nothing that is returned
     * or thrown afterwards is sent.
     *
     * @throws ToolException for a failure that the model should read
     * @throws Exception anything else (an {@link Error} too, and a null result) is answered as {@code internal-error}
     *     and traced to the diagnostics; the server goes on
     */
    Object handle(I input, CallContext call) throws Exception;
}
