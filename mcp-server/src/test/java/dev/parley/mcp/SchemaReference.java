package dev.parley.mcp;

import java.math.BigDecimal;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * What JSON Schema means by the keywords that our schemas use, written down from the specification (draft 2020-12) and
 * not from our code: the oracle for the run-time check.
 */
final class SchemaReference {
    private SchemaReference() {}

    static boolean accepts(JsonNode schema, JsonNode value) {
        return type(schema, value)
                && (!schema.has("enum") || schema.path("enum").valueStream().anyMatch(value::equals))
                && (!value.isString() || text(schema, value.stringValue()))
                && (!value.isNumber() || number(schema, value.decimalValue()))
                && (!value.isArray() || array(schema, value))
                && (!value.isObject() || object(schema, value));
    }

    private static boolean type(JsonNode schema, JsonNode value) {
        return switch (schema.path("type").asString("")) {
            case "string" -> value.isString();
            case "integer" ->
                value.isNumber() && value.decimalValue().stripTrailingZeros().scale() <= 0;
            case "number" -> value.isNumber();
            case "boolean" -> value.isBoolean();
            case "array" -> value.isArray();
            case "object" -> value.isObject();
            default -> throw new IllegalArgumentException("a type the reference does not know: " + schema);
        };
    }

    private static boolean text(JsonNode schema, String text) {
        int characters = text.codePointCount(0, text.length());
        return characters >= schema.path("minLength").asInt(0)
                && characters <= schema.path("maxLength").asInt(Integer.MAX_VALUE)
                && (!schema.has("pattern") || matches(schema.path("pattern").stringValue(), text));
    }

    /** By ECMA-262, whose {@code $} is the very end; Java's would let a line end follow. */
    private static boolean matches(String pattern, String text) {
        String dialect = pattern.endsWith("$") ? pattern.substring(0, pattern.length() - 1) + "\\z" : pattern;
        return Pattern.compile(dialect).matcher(text).find();
    }

    private static boolean number(JsonNode schema, BigDecimal number) {
        return (!schema.has("minimum")
                        || number.compareTo(schema.path("minimum").decimalValue()) >= 0)
                && (!schema.has("maximum")
                        || number.compareTo(schema.path("maximum").decimalValue()) <= 0)
                && (!schema.has("exclusiveMinimum")
                        || number.compareTo(schema.path("exclusiveMinimum").decimalValue()) > 0)
                && (!schema.has("exclusiveMaximum")
                        || number.compareTo(schema.path("exclusiveMaximum").decimalValue()) < 0);
    }

    private static boolean array(JsonNode schema, JsonNode items) {
        return items.size() >= schema.path("minItems").asInt(0)
                && items.size() <= schema.path("maxItems").asInt(Integer.MAX_VALUE)
                && items.valueStream().allMatch(item -> accepts(schema.path("items"), item));
    }

    private static boolean object(JsonNode schema, JsonNode object) {
        return schema.path("required").valueStream().allMatch(name -> object.has(name.stringValue()))
                && schema.path("properties")
                        .propertyStream()
                        .allMatch(property -> !object.has(property.getKey())
                                || accepts(property.getValue(), object.path(property.getKey())));
    }
}
