package dev.parley.mcp;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.io.JsonStringEncoder;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads and writes simple JSON objects as maps, lists, strings, longs, booleans and nulls, without Jackson's trees: they
 * take longer to load than a handshake may take, and a large answer would be gone through three times more.
 *
 * <p>What is not simple (a fraction, a name that is there twice, an integer over 64 bits) is not read or written at all, so
 * that nobody who does it in another way can understand something else.
 */
final class Plain {
    static final JsonFactory JSON = new JsonFactory();

    private static final class NotSimple extends Exception {
        private static final long serialVersionUID = 1L;

        NotSimple() {
            super(null, null, false, false);
        }
    }

    private Plain() {}

    /** The object that this text is, if it is one and simple. */
    static Optional<Map<String, @Nullable Object>> object(String text) {
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), text)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return Optional.empty();
            }
            Map<String, @Nullable Object> object = object(json);
            return json.nextToken() == null ? Optional.of(object) : Optional.empty();
        } catch (JacksonException | NotSimple e) {
            return Optional.empty();
        }
    }

    private static Map<String, @Nullable Object> object(JsonParser json) throws NotSimple {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        for (String name = json.nextName(); name != null; name = json.nextName()) {
            if (object.containsKey(name)) {
                throw new NotSimple();
            }
            object.put(name, value(json, json.nextToken()));
        }
        return object;
    }

    private static @Nullable Object value(JsonParser json, @Nullable JsonToken token) throws NotSimple {
        if (token == JsonToken.VALUE_STRING) {
            return json.getString();
        } else if (token == JsonToken.START_OBJECT) {
            return object(json);
        } else if (token == JsonToken.START_ARRAY) {
            List<@Nullable Object> list = new ArrayList<>();
            for (JsonToken item = json.nextToken(); item != JsonToken.END_ARRAY; item = json.nextToken()) {
                list.add(value(json, item));
            }
            return list;
        } else if (token == JsonToken.VALUE_TRUE || token == JsonToken.VALUE_FALSE) {
            return token == JsonToken.VALUE_TRUE;
        } else if (token == JsonToken.VALUE_NULL) {
            return null;
        } else if (token == JsonToken.VALUE_NUMBER_INT && json.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
            return json.getLongValue();
        }
        throw new NotSimple();
    }

    /**
     * The minified text of an object, as Jackson writes it; empty if something in it is not simple. An unpaired surrogate
     * becomes a question mark.
     */
    static Optional<String> text(Map<?, ?> object) {
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            write(object, out);
            return Optional.of(out.toString(UTF_8));
        } catch (NotSimple e) {
            return Optional.empty();
        }
    }

    private static void write(@Nullable Object value, ByteArrayOutputStream out) throws NotSimple {
        if (value instanceof String text) {
            quote(text, out);
        } else if (value instanceof Map<?, ?> object) {
            char before = '{';
            for (Map.Entry<?, ?> field : object.entrySet()) {
                out.write(before);
                if (!(field.getKey() instanceof String name)) {
                    throw new NotSimple();
                }
                quote(name, out);
                out.write(':');
                write(field.getValue(), out);
                before = ',';
            }
            out.writeBytes(ascii(object.isEmpty() ? "{}" : "}"));
        } else if (value instanceof List<?> list) {
            char before = '[';
            for (Object item : list) {
                out.write(before);
                write(item, out);
                before = ',';
            }
            out.writeBytes(ascii(list.isEmpty() ? "[]" : "]"));
        } else if (value instanceof Integer || value instanceof Long || value instanceof Boolean) {
            out.writeBytes(ascii(value.toString()));
        } else {
            throw new NotSimple();
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(US_ASCII);
    }

    /** Writes a text as a JSON string, quotes included. An unpaired surrogate becomes a question mark. */
    static void quote(String text, ByteArrayOutputStream out) {
        byte[] bytes = text.getBytes(UTF_8);
        out.write('"');
        int unwritten = 0;
        for (int i = 0; i < bytes.length; i++) {
            byte b = bytes[i];
            // Below zero are the parts of longer characters, which need no escape.
            if (b == '"' || b == '\\' || (b >= 0 && b < ' ')) {
                out.write(bytes, unwritten, i - unwritten);
                if (b < ' ') {
                    out.writeBytes(JsonStringEncoder.getInstance().quoteAsUTF8(String.valueOf((char) b)));
                    unwritten = i + 1;
                } else {
                    out.write('\\');
                    unwritten = i;
                }
            }
        }
        out.write(bytes, unwritten, bytes.length - unwritten);
        out.write('"');
    }
}
