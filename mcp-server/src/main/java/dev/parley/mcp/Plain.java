package dev.parley.mcp;

import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Writes simple JSON objects, of maps, lists, strings, integers and booleans, with Jackson's streams and without its trees: they take
 * longer to load than a handshake may take, and a large answer would be gone through once more. What is not simple is not
 * written at all.
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
