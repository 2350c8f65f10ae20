package dev.parley.mcp;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.spec.McpSchema;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.lang.reflect.Type;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The SDK's JSON mapper, with a short way for the three messages that every session begins with: a handshake and a call that
 * are as they should be, and the result of one of Parley's tools. To have Jackson find out how the SDK's records are read and
 * written takes a fresh process tens of milliseconds, and memory for good. All else goes the long way, and a test compares
 * the two.
 */
final class SessionMapper implements McpJsonMapper {
    private static final McpSchema.ClientCapabilities NONE_THAT_WE_USE =
            McpSchema.ClientCapabilities.builder().build();

    private final McpJsonMapper longWay;

    SessionMapper(McpJsonMapper longWay) {
        this.longWay = longWay;
    }

    @Override
    public <T> T convertValue(Object from, TypeRef<T> type) {
        Object known = known(from, type.getType());
        if (known != null) {
            @SuppressWarnings("unchecked") // it is of that type
            T value = (T) known;
            return value;
        }
        return longWay.convertValue(from, type);
    }

    /**
     * A call as the SDK is given it: only the name of the tool, for its handler takes the arguments from the request itself.
     * Empty if the parameters are not as they should be, and the SDK is to say what is wrong with them.
     */
    static Optional<McpSchema.CallToolRequest> call(ObjectNode params) {
        return params.path("name").isString()
                        && isObjectOrAbsent(params.path("arguments"))
                        && isObjectOrAbsent(params.path("_meta"))
                ? Optional.of(
                        McpSchema.CallToolRequest.builder(params.path("name").stringValue())
                                .arguments(Map.of())
                                .build())
                : Optional.empty();
    }

    private static boolean isObjectOrAbsent(JsonNode value) {
        return value.isObject() || value.isMissingNode() || value.isNull();
    }

    private static @Nullable Object known(Object from, Type type) {
        if (type == McpSchema.CallToolRequest.class && from instanceof McpSchema.CallToolRequest) {
            return from;
        }
        if (type == McpSchema.InitializeRequest.class
                && from instanceof Map<?, ?> params
                && params.get("clientInfo") instanceof Map<?, ?> client) {
            Optional<String> version = Greeting.version(params);
            if (version.isPresent()
                    && client.get("name") instanceof String name
                    && client.get("version") instanceof String clientVersion) {
                McpSchema.Implementation info =
                        McpSchema.Implementation.builder(name, clientVersion).build();
                return McpSchema.InitializeRequest.builder(version.get(), NONE_THAT_WE_USE, info)
                        .build();
            }
        }
        return null;
    }

    /** The line of a message. An unpaired surrogate becomes a question mark, so the line is always UTF-8. */
    byte[] line(Object message) throws IOException {
        if (message instanceof McpSchema.JSONRPCResponse response
                && response.error() == null
                && response.result() instanceof McpSchema.CallToolResult result
                && result.structuredContent() == null
                && result.meta() == null
                && result.content().size() == 1
                && result.content().get(0) instanceof McpSchema.TextContent text
                && text.annotations() == null
                && text.meta() == null) {
            return line(response.id(), text.text(), Boolean.TRUE.equals(result.isError()));
        }
        return Plain.line(longWay.writeValueAsString(message));
    }

    /** Straight to bytes: the text may be as long as fifty messages. */
    private static byte[] line(Object id, String text, boolean isError) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(text.length() + text.length() / 8 + 256);
        // Through a writer: the generator's own encoder refuses an unpaired surrogate.
        try (Writer out = new OutputStreamWriter(line, UTF_8);
                JsonGenerator json = Plain.JSON.createGenerator(ObjectWriteContext.empty(), out)) {
            json.writeStartObject();
            json.writeStringProperty("jsonrpc", "2.0");
            json.writeName("id");
            if (id instanceof Long number) {
                json.writeNumber(number);
            } else {
                json.writeString(id.toString());
            }
            json.writeObjectPropertyStart("result");
            json.writeArrayPropertyStart("content");
            json.writeStartObject();
            json.writeStringProperty("type", "text");
            json.writeStringProperty("text", text);
            json.writeEndObject();
            json.writeEndArray();
            json.writeBooleanProperty("isError", isError);
            json.writeEndObject();
            json.writeEndObject();
        }
        line.write('\n');
        return line.toByteArray();
    }

    @Override
    public String writeValueAsString(Object value) throws IOException {
        return longWay.writeValueAsString(value);
    }

    @Override
    public byte[] writeValueAsBytes(Object value) throws IOException {
        return longWay.writeValueAsBytes(value);
    }

    @Override
    public <T> T convertValue(Object from, Class<T> type) {
        return longWay.convertValue(from, type);
    }

    @Override
    public <T> T readValue(String content, Class<T> type) throws IOException {
        return longWay.readValue(content, type);
    }

    @Override
    public <T> T readValue(byte[] content, Class<T> type) throws IOException {
        return longWay.readValue(content, type);
    }

    @Override
    public <T> T readValue(String content, TypeRef<T> type) throws IOException {
        return longWay.readValue(content, type);
    }

    @Override
    public <T> T readValue(byte[] content, TypeRef<T> type) throws IOException {
        return longWay.readValue(content, type);
    }
}
