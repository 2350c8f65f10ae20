package dev.parley.mcp;

import jakarta.validation.ConstraintViolation;
import jakarta.validation.Path;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Puts a violated constraint into words: the field, the size of its value, and the limit. */
final class Violation {
    private Violation() {}

    /** Where it is, in the names of the JSON. */
    static String path(ConstraintViolation<?> violation) {
        StringBuilder path = new StringBuilder();
        for (Path.Node node : violation.getPropertyPath()) {
            if (node.getIndex() != null) {
                path.append('[').append(node.getIndex()).append(']');
            }
            String name = node.getName();
            if (name != null && !name.startsWith("<")) {
                path.append(path.length() == 0 ? "" : ".").append(Json.name(name));
            }
        }
        return path.toString();
    }

    /** Which constraint, to sort by. */
    static String rule(ConstraintViolation<?> violation) {
        return violation
                .getConstraintDescriptor()
                .getAnnotation()
                .annotationType()
                .getSimpleName();
    }

    /** The text for the model. */
    static String text(ConstraintViolation<?> violation) {
        String path = path(violation);
        return (path.isEmpty() ? "" : path + " ") + predicate(violation);
    }

    private static String predicate(ConstraintViolation<?> violation) {
        Map<String, Object> limits = violation.getConstraintDescriptor().getAttributes();
        Object value = violation.getInvalidValue();
        if (!violation.getMessageTemplate().startsWith("{") && !rule(violation).equals("Utf8Size")) {
            // Somebody wrote a message of their own for this field.
            return violation.getMessage();
        }
        return switch (rule(violation)) {
            case "Utf8Size" -> utf8Size(limits, value);
            case "Size" -> "has " + size(value) + ", allowed are " + range(limits);
            case "NotBlank" -> "must have a character that is not white space";
            case "NotEmpty" -> "must not be empty";
            case "Pattern" -> "(" + size(value) + ") must match " + limits.get("regexp");
            case "Min", "DecimalMin" -> "is " + value + ", must be at least " + limits.get("value");
            case "Max", "DecimalMax" -> "is " + value + ", must be at most " + limits.get("value");
            default -> violation.getMessage() + (value instanceof Number number ? ", is " + number : "");
        };
    }

    private static String utf8Size(Map<String, Object> limits, @Nullable Object value) {
        long bytes = value instanceof CharSequence text ? Utf8SizeValidator.bytes(text) : 0;
        if (bytes == Utf8SizeValidator.NOT_ENCODABLE) {
            return "has an unpaired surrogate (half of a character), which cannot be written as UTF-8";
        }
        return "has " + bytes + " bytes of UTF-8, allowed are " + range(limits);
    }

    private static String range(Map<String, Object> limits) {
        return Integer.valueOf(Integer.MAX_VALUE).equals(limits.get("max"))
                ? limits.get("min") + " or more"
                : limits.get("min") + " to " + limits.get("max");
    }

    private static String size(@Nullable Object value) {
        if (value instanceof CharSequence text) {
            int characters = SizeInCharacters.count(text);
            return characters + (characters == 1 ? " character" : " characters");
        }
        if (value instanceof Collection<?> items) {
            return items.size() + (items.size() == 1 ? " item" : " items");
        }
        return "the value " + value;
    }
}
