package dev.parley.mcp;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Checks that arguments have the shape that their schema gives: required fields, types and enum values. Bounds are not
 * its business.
 */
final class Shape {
    private final List<String> problems = new ArrayList<>();

    private Shape() {}

    /** What is wrong, one text for each field, in the order of the schema; empty if nothing is. */
    static List<String> problems(JsonNode schema, ObjectNode arguments) {
        Shape shape = new Shape();
        shape.object(schema, arguments, "");
        return shape.problems;
    }

    private void object(JsonNode schema, JsonNode value, String path) {
        List<String> required = new ArrayList<>();
        schema.path("required").forEach(name -> required.add(name.asString()));
        schema.path("properties").forEachEntry((name, property) -> {
            String here = path.isEmpty() ? name : path + "." + name;
            JsonNode field = value.path(name);
            // Models often send null for what they mean to leave out.
            if (!field.isMissingNode() && !field.isNull()) {
                value(property, field, here);
            } else if (required.contains(name)) {
                problems.add(here + " is required");
            }
        });
    }

    private void value(JsonNode schema, JsonNode value, String path) {
        String type = schema.path("type").asString("");
        if (!hasType(type, value)) {
            problems.add(path + " must be " + article(type) + ", not " + article(kind(value)));
        } else if (schema.has("enum") && !contains(schema.path("enum"), value)) {
            problems.add(path + " must be one of " + schema.path("enum"));
        } else if (type.equals("object")) {
            object(schema, value, path);
        } else if (type.equals("array")) {
            for (int i = 0; i < value.size(); i++) {
                value(schema.path("items"), value.path(i), path + "[" + i + "]");
            }
        }
    }

    private static boolean hasType(String type, JsonNode value) {
        return switch (type) {
            case "string" -> value.isString();
            // 5.0 is an integer, as JSON Schema has it.
            case "integer" -> value.isNumber() && value.canConvertToExactIntegral();
            case "number" -> value.isNumber();
            case "boolean" -> value.isBoolean();
            case "array" -> value.isArray();
            case "object" -> value.isObject();
            default -> true;
        };
    }

    private static boolean contains(JsonNode values, JsonNode value) {
        for (JsonNode one : values) {
            if (one.equals(value)) {
                return true;
            }
        }
        return false;
    }

    private static String kind(JsonNode value) {
        return switch (value.getNodeType()) {
            case STRING -> "string";
            case NUMBER -> "number";
            case BOOLEAN -> "boolean";
            case ARRAY -> "array";
            case OBJECT -> "object";
            default -> "null";
        };
    }

    private static String article(String noun) {
        return switch (noun) {
            case "null" -> "null";
            case "integer", "array", "object" -> "an " + noun;
            default -> "a " + noun;
        };
    }
}
