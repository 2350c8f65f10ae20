package dev.parley.store;

import dev.parley.trace.Why;
import java.io.StringWriter;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** One JSON object on a line whose values are texts and numbers, as many files of the store have it. */
public final class FlatJson {

    private static final JsonFactory JSON = new JsonFactory();

    private FlatJson() {}

    /**
     * The line, without a newline.
     *
     * @param fields in this order; whole numbers, and texts
     */
    public static String write(Map<String, ?> fields) {
        StringWriter out = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
            json.writeStartObject();
            fields.forEach((name, value) -> {
                if (value instanceof Number number) {
                    json.writeNumberProperty(name, number.longValue());
                } else {
                    json.writeStringProperty(name, value.toString());
                }
            });
            json.writeEndObject();
        }
        return out.toString();
    }

    /**
     * The fields of a line, numbers as they are written. Those that hold more than one value are left out.
     *
     * @throws IllegalArgumentException if it is not one JSON object, or has a field twice
     */
    public static Map<String, String> read(String line) {
        Map<String, String> fields = new HashMap<>();
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), line)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new IllegalArgumentException("it is no JSON object");
            }
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = json.currentName();
                if (json.nextToken().isScalarValue()) {
                    if (fields.put(name, json.getValueAsString("")) != null) {
                        throw new IllegalArgumentException("it has a field twice");
                    }
                } else {
                    json.skipChildren();
                }
            }
            if (json.currentToken() != JsonToken.END_OBJECT || json.nextToken() != null) {
                throw new IllegalArgumentException("it is not one JSON object");
            }
        } catch (JacksonException e) {
            throw new IllegalArgumentException(Why.of(e), e);
        }
        return fields;
    }
}
