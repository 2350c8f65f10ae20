package dev.parley.mcp;

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
import tools.jackson.core.json.JsonFactory;

/**
 * Reads simple JSON objects as maps, lists, strings, longs, booleans and nulls, with the streaming parser only, because
 * Jackson's trees take longer to load than a handshake may take.
 *
 * <p>What is not simple (a fraction, a name that is there twice, an integer over 64 bits) is not read at all, so that nobody
 * who reads it in another way can understand something else.
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
}
