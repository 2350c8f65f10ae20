package dev.parley.store.peer;

import dev.parley.address.SessionId;
import dev.parley.peer.Binding;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * The file form of a {@link Binding}: an object in a card, and the whole of what a hook notes; the table of members is in {@code
 * docs/FORMAT.md}. None of them has the name of a card's member: a hook looks for those without regard to objects.
 */
final class BindingCodec {

    /** The longest text, in UTF-16 units, as in cards. */
    static final int MAX_TEXT = 4096;

    private static final String SESSION = "session";
    private static final String PROGRAM = "program";
    private static final String DIRECTORY = "directory";
    private static final String CONFIG_HOME = "config_home";
    private static final String PERMISSION_MODE = "permission_mode";
    private static final String SANDBOX = "sandbox";
    private static final String MODEL = "model";
    private static final String TRANSCRIPT = "written_to";
    private static final JsonFactory JSON = new JsonFactory();

    private BindingCodec() {}

    /** Writes it as the value of a member; a text that is too long is left out. */
    static void write(JsonGenerator json, Binding binding) {
        json.writeStartObject();
        text(json, SESSION, binding.session().map(SessionId::value));
        text(json, PROGRAM, binding.program());
        text(json, DIRECTORY, binding.directory());
        text(json, CONFIG_HOME, binding.configHome());
        text(json, PERMISSION_MODE, binding.permissionMode());
        text(json, SANDBOX, binding.sandbox());
        text(json, MODEL, binding.model());
        text(json, TRANSCRIPT, binding.transcript());
        json.writeEndObject();
    }

    private static void text(JsonGenerator json, String name, Optional<String> value) {
        value.filter(text -> text.length() <= MAX_TEXT).ifPresent(text -> json.writeStringProperty(name, text));
    }

    /** Reads the object that begins at this token; what it does not know, and what is no text, is passed over. */
    static Binding read(JsonParser json) {
        Map<String, String> members = new HashMap<>();
        while (json.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = json.currentName();
            JsonToken token = json.nextToken();
            if (token == JsonToken.VALUE_STRING) {
                members.put(name, json.getString());
            } else {
                json.skipChildren();
            }
        }
        return new Binding(
                member(members, SESSION).filter(SessionId::isValid).map(SessionId::new),
                member(members, PROGRAM),
                member(members, DIRECTORY),
                member(members, CONFIG_HOME),
                member(members, PERMISSION_MODE),
                member(members, SANDBOX),
                member(members, MODEL),
                member(members, TRANSCRIPT));
    }

    private static Optional<String> member(Map<String, String> members, String name) {
        return Optional.ofNullable(members.get(name)).filter(text -> !text.isEmpty() && text.length() <= MAX_TEXT);
    }

    /** What a hook noted; empty if it is no such note, or only the beginning of one. */
    static Optional<Binding> parse(String note) {
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), note)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return Optional.empty();
            }
            Binding binding = read(json);
            return json.currentToken() == JsonToken.END_OBJECT && json.nextToken() == null
                    ? Optional.of(binding)
                    : Optional.empty();
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }
}
