package dev.parley.mcp;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Locale;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** How this library reads and writes JSON: one mapper for the protocol, one for the records of tools. */
final class Json {
    /** JSON-RPC lines. Plain: the SDK's own types carry their names. */
    static final JsonMapper WIRE = JsonMapper.builder().build();

    /** The mapper for inputs and results of tools; apart, because two threads make the two while a server starts. */
    private static final class Tools {
        static final JsonMapper MAPPER = JsonMapper.builder()
                .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .enumNamingStrategy((config, type, constant) -> constant.toLowerCase(Locale.ROOT))
                .changeDefaultPropertyInclusion(
                        inclusion -> inclusion.withValueInclusion(JsonInclude.Include.NON_ABSENT))
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .build();
    }

    /** Jackson's own strategy, so that schemas and messages name what the reader will look for. */
    private static final class SnakeCase extends PropertyNamingStrategies.SnakeCaseStrategy {
        private static final long serialVersionUID = 1L;

        String apply(String name) {
            return translate(name);
        }
    }

    private static final SnakeCase SNAKE_CASE = new SnakeCase();

    private Json() {}

    /** Inputs and results of tools: snake_case names, lower case enums, no nulls, nothing coerced. */
    static JsonMapper tools() {
        return Tools.MAPPER;
    }

    /** The JSON name of a record component. */
    static String name(String component) {
        return SNAKE_CASE.apply(component);
    }

    /** A new, empty object. */
    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** The object under this name, or an empty one. */
    static ObjectNode objectAt(JsonNode node, String name) {
        return node.path(name) instanceof ObjectNode object ? object : object();
    }
}
