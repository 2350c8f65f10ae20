package dev.parley.mcp;

import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads simple JSON objects as maps, lists, strings, longs, booleans and nulls, and writes those without nulls, with Jackson's
 * streams and without its trees: they take longer to load than a handshake may take, and a large answer would be gone through once more.
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

    /** The bytes of one line. An unpaired surrogate becomes a question mark, so the line is always UTF-8. */
    static byte[] line(String json) {
        return json.concat("\n").getBytes(StandardCharsets.UTF_8);
    }

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

    /** The minified text of an object; empty if something in it is not simple. */
    static Optional<String> text(Map<?, ?> object) {
        StringWriter out = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
            write(object, json);
        } catch (NotSimple e) {
            return Optional.empty();
        }
        return Optional.of(out.toString());
    }

    private static void write(@Nullable Object value, JsonGenerator json) throws NotSimple {
        if (value instanceof String text) {
            json.writeString(text);
        } else if (value instanceof Map<?, ?> object) {
            json.writeStartObject();
            for (Map.Entry<?, ?> field : object.entrySet()) {
                if (!(field.getKey() instanceof String name)) {
                    throw new NotSimple();
                }
                json.writeName(name);
                write(field.getValue(), json);
            }
            json.writeEndObject();
        } else if (value instanceof List<?> list) {
            json.writeStartArray();
            for (Object item : list) {
                write(item, json);
            }
            json.writeEndArray();
        } else if (value instanceof Integer || value instanceof Long) {
            json.writeNumber(((Number) value).longValue());
        } else if (value instanceof Boolean truth) {
            json.writeBoolean(truth);
        } else {
            throw new NotSimple();
        }
    }
}
