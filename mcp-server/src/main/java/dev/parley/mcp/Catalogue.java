package dev.parley.mcp;

import io.modelcontextprotocol.spec.McpSchema;
import java.io.IOException;
import java.io.InputStream;
import java.security.CodeSource;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The tools of one plug-in as {@code tools/list} tells them, prepared when the plug-in is built and kept as a resource
 * beside it, because to make the schemas at run time would cost every start about 100 ms.
 *
 * <p>A prepared entry of a plug-in in a jar is used as it is: what is in one jar was built together. Any other is used only if
 * all of it but the schema is what the tool says now; else the schema is made anew.
 */
final class Catalogue {
    private static final String FOLDER = "META-INF/parley/tools/";

    private final ArrayNode prepared;
    /** Made in one build with the tools. */
    private final boolean packed;

    private Catalogue(ArrayNode prepared, boolean packed) {
        this.prepared = prepared;
        this.packed = packed;
    }

    /** What was prepared for this plug-in; nothing if there is none, or if it cannot be read. */
    static Catalogue of(Class<?> plugin) {
        ClassLoader loader = plugin.getClassLoader();
        try (InputStream in = loader == null ? null : loader.getResourceAsStream(resource(plugin))) {
            if (in != null && Json.WIRE.readTree(in) instanceof ArrayNode entries) {
                return new Catalogue(entries, isPacked(plugin));
            }
        } catch (IOException | JacksonException unreadable) {
            // As if it were not there: the schemas are made at run time.
        }
        return new Catalogue(JsonNodeFactory.instance.arrayNode(), false);
    }

    /** The name of the resource that holds a plug-in's prepared tools. */
    static String resource(Class<?> plugin) {
        return FOLDER + plugin.getName() + ".json";
    }

    /** Whether a class is in a jar. */
    static boolean isPacked(Class<?> type) {
        return jar(type).endsWith(".jar");
    }

    /** Where a class is from: its jar, or the folder that it was compiled into; empty if that is not known. */
    static String jar(Class<?> type) {
        CodeSource source = type.getProtectionDomain().getCodeSource();
        return source == null || source.getLocation() == null
                ? ""
                : source.getLocation().getPath();
    }

    /** The tools of a plug-in, with schemas made now. What the resource should hold. */
    static ArrayNode fresh(ToolPlugin plugin) {
        ArrayNode entries = JsonNodeFactory.instance.arrayNode();
        for (Tool<?> tool : plugin.tools()) {
            entries.add(entry(tool, Schemas.of(tool.input())));
        }
        return entries;
    }

    /** The schema of the tool: the prepared one if it is up to date, else a new one. */
    ObjectNode schema(Tool<?> tool) {
        return preparedSchema(tool).orElseGet(() -> Schemas.of(tool.input()));
    }

    /** The prepared schema, if the entry it is in tells the same of the tool as the tool itself. */
    Optional<ObjectNode> preparedSchema(Tool<?> tool) {
        for (JsonNode entry : prepared) {
            if (entry.path("inputSchema") instanceof ObjectNode schema && fits(entry, tool, schema)) {
                return Optional.of(schema);
            }
        }
        return Optional.empty();
    }

    private boolean fits(JsonNode entry, Tool<?> tool, ObjectNode schema) {
        // To write the entry anew takes a fresh process tens of milliseconds.
        return packed ? entry.path("name").asString("").equals(tool.name()) : entry.equals(entry(tool, schema));
    }

    /** The tool as the SDK announces it. */
    static McpSchema.Tool announced(BoundTool<?> bound) {
        Tool<?> tool = bound.tool();
        McpSchema.ToolAnnotations.Builder annotations = McpSchema.ToolAnnotations.builder()
                .readOnlyHint(tool.readOnly())
                .destructiveHint(false)
                .openWorldHint(false);
        Map<String, Object> schema =
                Json.WIRE.convertValue(bound.schema(), new TypeReference<Map<String, Object>>() {});
        McpSchema.Tool.Builder announced =
                McpSchema.Tool.builder(tool.name(), schema).description(tool.description());
        // What a client takes for granted is left out: every byte is paid for in every session.
        if (!tool.title().equals(tool.name())) {
            announced.title(tool.title());
        }
        if (tool.idempotent()) {
            annotations.idempotentHint(true);
        }
        if (!tool.meta().isEmpty()) {
            announced.meta(tool.meta());
        }
        return announced.annotations(annotations.build()).build();
    }

    private static ObjectNode entry(Tool<?> tool, ObjectNode schema) {
        return Json.WIRE.valueToTree(announced(new BoundTool<>(tool, schema)));
    }
}
