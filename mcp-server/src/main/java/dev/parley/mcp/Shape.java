package dev.parley.mcp;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Checks that arguments have the shape that their schema gives: required fields, types and enum values. Bounds are not
 * its business.
 */
final class Shape {
    /** What may be shown as it is. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]{1,40}");

    private static final int MAX_STRANGERS = 8;

    private final List<String> problems = new ArrayList<>();

    private Shape() {}

    /** What is wrong, one text for each field, in the order of the schema; empty if nothing is. */
    static List<String> problems(JsonNode schema, ObjectNode arguments) {
        Shape shape = new Shape();
        shape.object(schema, arguments, "");
        return shape.problems;
    }

    /**
     * What was perhaps meant by arguments that nobody knows, if one that is required is missing: models take names from other
     * tools. Empty if there is nothing to say; else it follows on the problems.
     */
    static String unmeant(JsonNode schema, JsonNode arguments) {
        List<String> missing = new ArrayList<>();
        for (JsonNode name : schema.path("required")) {
            JsonNode given = arguments.path(name.asString());
            if (given.isMissingNode() || given.isNull()) {
                missing.add(name.asString());
            }
        }
        List<String> unknown = missing.isEmpty() ? List.of() : strangers(schema, arguments);
        return unknown.isEmpty()
                ? ""
                : "; unknown: " + String.join(", ", unknown) + "; did you mean " + String.join(", ", missing) + "?";
    }

    /** The arguments that nobody knows, and those that there are; empty if all are known, else it follows on a refusal. */
    static String unknown(JsonNode schema, JsonNode arguments) {
        List<String> unknown = strangers(schema, arguments);
        return unknown.isEmpty()
                ? ""
                : "; unknown: " + String.join(", ", unknown) + "; known are "
                        + String.join(", ", schema.path("properties").propertyNames());
    }

    private static List<String> strangers(JsonNode schema, JsonNode arguments) {
        List<String> strangers = new ArrayList<>();
        for (String name : arguments.propertyNames()) {
            if (!schema.path("properties").has(name)) {
                strangers.add(NAME.matcher(name).matches() ? name : "one that is no name");
            }
        }
        if (strangers.size() > MAX_STRANGERS) {
            int more = strangers.size() - MAX_STRANGERS;
            strangers = new ArrayList<>(strangers.subList(0, MAX_STRANGERS));
            strangers.add(more + " more");
        }
        return strangers;
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
