package dev.parley.mcp;

import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The one shape that every result of a tool has: one text item that holds a minified JSON object.
 *
 * @param versioned whether each begins with {@code schema_version} and {@code ok}
 */
record Results(boolean versioned) {
    static final String INVALID_ARGUMENTS = "invalid-arguments";
    static final String INTERNAL_ERROR = "internal-error";
    static final String OVERLOADED = "overloaded";

    private static final int SCHEMA_VERSION = 1;

    /**
     * What a handler returned, as a success.
     *
     * @throws IllegalArgumentException when it is null or not a JSON object
     */
    CallToolResult success(@Nullable Object value) {
        if (value instanceof Map<?, ?> fields) {
            Map<Object, Object> result = new LinkedHashMap<>();
            if (versioned) {
                result.put("schema_version", SCHEMA_VERSION);
                result.put("ok", true);
            }
            result.putAll(fields);
            Optional<String> text = Plain.text(result);
            if (text.isPresent()) {
                return item(text.get(), false);
            }
        }
        JsonNode tree = Json.tools().valueToTree(value);
        if (!(tree instanceof ObjectNode fields)) {
            throw new IllegalArgumentException("a tool must return a JSON object, not "
                    + (value == null ? "null" : value.getClass().getName()));
        }
        return item(begun(true).setAll(fields), false);
    }

    /** A failure that the handler told. */
    CallToolResult failure(ToolException failure) {
        ObjectNode result = failed(failure.code(), failure.message());
        JsonNode details = Json.tools().valueToTree(failure.details());
        details.forEachEntry(result::set);
        return item(result, true);
    }

    /** A failure of the handler itself. */
    CallToolResult internalError(Throwable cause) {
        String kind = cause.getClass().getSimpleName();
        return item(failed(INTERNAL_ERROR, "the tool failed (" + kind + "); details are in the server's log"), true);
    }

    /** There are as many calls in flight as the server takes. */
    CallToolResult overloaded() {
        return item(
                failed(OVERLOADED, "too many calls are in flight: wait for one to be answered, or cancel one"), true);
    }

    private ObjectNode failed(String code, String message) {
        return begun(false).put("error", code).put("message", message);
    }

    private ObjectNode begun(boolean ok) {
        ObjectNode result = Json.object();
        return versioned ? result.put("schema_version", SCHEMA_VERSION).put("ok", ok) : result;
    }

    private static CallToolResult item(ObjectNode result, boolean isError) {
        return item(result.toString(), isError);
    }

    private static CallToolResult item(String text, boolean isError) {
        return CallToolResult.builder(List.of(TextContent.builder(text).build()))
                .isError(isError)
                .build();
    }
}
