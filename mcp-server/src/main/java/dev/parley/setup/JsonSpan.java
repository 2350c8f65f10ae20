package dev.parley.setup;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;

/**
 * Where a value stands in a JSON text, and what is inside of it. Comments and trailing commas are allowed, as the clients
 * allow them.
 *
 * @param kind what it is
 * @param start where its first character stands
 * @param end where the character behind its last one stands
 * @param children the members of an object, or the elements of an array, in order
 */
record JsonSpan(Kind kind, int start, int end, List<Child> children) {

    /** What a value is. */
    enum Kind {
        OBJECT,
        ARRAY,
        SCALAR
    }

    /**
     * A member or an element.
     *
     * @param name the member's name; empty for an element
     * @param start where it begins: at its name, if it has one
     * @param value its value
     */
    record Child(String name, int start, JsonSpan value) {
        int end() {
            return value.end();
        }
    }

    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
            .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    /**
     * The whole document.
     *
     * @throws NotEditableException if something follows it
     * @throws JacksonException if it is not valid
     */
    static JsonSpan parse(String text) throws NotEditableException {
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), text)) {
            parser.nextToken();
            JsonSpan root = value(parser, text);
            if (parser.nextToken() != null) {
                throw new NotEditableException("is not one JSON value");
            }
            return root;
        }
    }

    private static JsonSpan value(JsonParser parser, String text) {
        int start = offset(parser);
        JsonToken token = parser.currentToken();
        List<Child> children = new ArrayList<>();
        if (token == JsonToken.START_OBJECT) {
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                int nameStart = offset(parser);
                String name = parser.currentName();
                parser.nextToken();
                children.add(new Child(name, nameStart, value(parser, text)));
            }
            return new JsonSpan(Kind.OBJECT, start, offset(parser) + 1, children);
        }
        if (token == JsonToken.START_ARRAY) {
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                JsonSpan element = value(parser, text);
                children.add(new Child("", element.start(), element));
            }
            return new JsonSpan(Kind.ARRAY, start, offset(parser) + 1, children);
        }
        return new JsonSpan(Kind.SCALAR, start, scalarEnd(text, start), List.of());
    }

    private static int offset(JsonParser parser) {
        return (int) parser.currentTokenLocation().getCharOffset();
    }

    /** The parser has accepted it, so all that is left is to find its end. */
    private static int scalarEnd(String text, int start) {
        int at = start + 1;
        if (text.charAt(start) == '"') {
            while (text.charAt(at) != '"') {
                at += text.charAt(at) == '\\' ? 2 : 1;
            }
            return at + 1;
        }
        while (at < text.length() && isInScalar(text.charAt(at))) {
            at++;
        }
        return at;
    }

    private static boolean isInScalar(char c) {
        return Character.isLetterOrDigit(c) || c == '+' || c == '-' || c == '.';
    }

    Optional<Child> child(String name) {
        return children.stream().filter(child -> child.name().equals(name)).findFirst();
    }

    String in(String text) {
        return text.substring(start, end);
    }
}
