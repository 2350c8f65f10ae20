package dev.parley.mcp;

import io.modelcontextprotocol.spec.ProtocolVersions;
import java.io.StringWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;

/**
 * What a server says of itself in answer to {@code initialize}.
 *
 * @param name for programs
 * @param title for people
 * @param version its own, not the protocol's
 * @param instructions for the model
 */
record Introduction(String name, String title, String version, String instructions) {
    /** The versions of the protocol that are spoken, the newest last. */
    static final List<String> VERSIONS = List.of(
            ProtocolVersions.MCP_2024_11_05,
            ProtocolVersions.MCP_2025_03_26,
            ProtocolVersions.MCP_2025_06_18,
            ProtocolVersions.MCP_2025_11_25);

    /** The version that is spoken with a client that asks for this one. */
    static String agreed(@Nullable String asked) {
        return asked != null && VERSIONS.contains(asked) ? asked : VERSIONS.get(VERSIONS.size() - 1);
    }

    /** The result of {@code initialize}, in the very bytes in which the SDK gives it. */
    String result(@Nullable String asked) {
        StringWriter out = new StringWriter();
        try (JsonGenerator json = Plain.JSON.createGenerator(ObjectWriteContext.empty(), out)) {
            json.writeStartObject();
            json.writeStringProperty("protocolVersion", agreed(asked));
            json.writeObjectPropertyStart("capabilities");
            // The SDK adds this one by itself.
            json.writeObjectPropertyStart("logging");
            json.writeEndObject();
            json.writeObjectPropertyStart("tools");
            json.writeBooleanProperty("listChanged", false);
            json.writeEndObject();
            json.writeEndObject();
            json.writeObjectPropertyStart("serverInfo");
            json.writeStringProperty("name", name);
            json.writeStringProperty("title", title);
            json.writeStringProperty("version", version);
            json.writeEndObject();
            json.writeStringProperty("instructions", instructions);
            json.writeEndObject();
        }
        return out.toString();
    }
}
