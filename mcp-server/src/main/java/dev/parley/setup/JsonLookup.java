package dev.parley.setup;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStreamReader;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Looks for a few members deep in a JSON text of any length, and keeps nothing else of it in memory. */
final class JsonLookup {

    private static final JsonMapper JSON = new JsonMapper();

    private JsonLookup() {}

    /**
     * The members of these names of the object at a path; of a text that is no JSON, those that stand before the fault.
     */
    static Map<String, JsonNode> members(Content content, List<String> path, Set<String> names) throws IOException {
        Map<String, JsonNode> found = new HashMap<>();
        // Byte by byte, as the outline does: so places are counted in bytes, and names are compared as such.
        try (InputStreamReader bytes = new InputStreamReader(content.from(0), ISO_8859_1);
                JsonParser parser = JsonOutline.JSON.createParser(ObjectReadContext.empty(), bytes)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return found;
            }
            int depth = 0;
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = new String(parser.currentName().getBytes(ISO_8859_1), UTF_8);
                JsonToken value = parser.nextToken();
                if (depth < path.size() && name.equals(path.get(depth)) && value == JsonToken.START_OBJECT) {
                    depth++;
                    continue;
                }
                long start = parser.currentTokenLocation().getCharOffset();
                parser.skipChildren();
                if (depth == path.size() && names.contains(name) && value.isStructStart()) {
                    long end = parser.currentTokenLocation().getCharOffset() + 1;
                    found.put(name, JSON.readTree(content.text(start, end)));
                }
            }
            return found;
        } catch (JacksonException e) {
            return found;
        }
    }
}
