package dev.parley.hooks;

import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** What a client writes to a hook: the fields in the order in which Claude Code 2.1.332 was seen to write them. */
final class HookInput {

    private static final JsonFactory JSON = new JsonFactory();

    private final Map<String, Object> fields = new LinkedHashMap<>();

    private HookInput() {}

    static HookInput of(String event, String session, String cwd) {
        return new HookInput()
                .with("session_id", session)
                .with("transcript_path", cwd + "/transcript.jsonl")
                .with("cwd", cwd)
                .with("prompt_id", "11111111-1111-4111-8111-aaaaaaaaaaaa")
                .with("permission_mode", "default")
                .with("hook_event_name", event);
    }

    /** Sets a field in its place, or adds it at the end. Values are text or truth values. */
    HookInput with(String name, Object value) {
        fields.put(name, value);
        return this;
    }

    HookInput turn(String name) {
        return with("prompt_id", "11111111-1111-4111-8111-" + name);
    }

    HookInput without(String name) {
        fields.remove(name);
        return this;
    }

    @Override
    public String toString() {
        StringWriter out = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
            json.writeStartObject();
            fields.forEach((name, value) -> {
                json.writeName(name);
                if (value instanceof Boolean truth) {
                    json.writeBoolean(truth);
                } else {
                    json.writeString(value.toString());
                }
            });
            json.writeEndObject();
        }
        return out.toString();
    }
}
