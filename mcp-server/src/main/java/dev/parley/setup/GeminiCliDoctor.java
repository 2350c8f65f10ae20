package dev.parley.setup;

import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Looks at what Gemini CLI's configuration really says, whoever wrote it. */
final class GeminiCliDoctor {

    private static final String NAME = ServerEntry.NAME;

    private GeminiCliDoctor() {}

    /** Looks at the server, the hooks, and what would switch them off. */
    static void examine(Checkup checkup, ClientProgram program) throws IOException {
        Places places = checkup.places();
        JsonText text = JsonText.of(
                ConfigFile.read(GeminiCliSetup.settings(places)),
                Set.of("mcpServers", HookEntries.MEMBER, "hooksConfig", "mcp"));
        Optional<JsonNode> entry = GeminiCliSetup.SERVER.in(text);
        checkup.server(entry.map(each -> JsonServer.words(each).get(0)), Optional.empty());
        checkup.hooks(text, new GeminiCliSetup(places, Optional.of(program)).hooks());
        if (entry.isPresent()) {
            checkup.sameStore(text, GeminiCliSetup.SERVER.home(entry.get()));
            if (!entry.get().path("trust").asBoolean(false)) {
                checkup.warning("trust", "every tool call asks the user", "set trust to true for it in settings.json");
            }
        }
        if (text.get("hooksConfig", "enabled")
                .filter(value -> !value.asBoolean(true))
                .isPresent()) {
            checkup.failure("hooks", "hooksConfig.enabled is false: no mail is handed over", "take it out");
        }
        if (text.get("mcp", "excluded").filter(GeminiCliDoctor::namesParley).isPresent()
                || text.get("mcp", "allowed")
                        .filter(names -> !namesParley(names))
                        .isPresent()) {
            checkup.failure("server", "mcp.excluded or mcp.allowed keeps it from being started", "change that list");
        }
    }

    private static boolean namesParley(JsonNode names) {
        for (JsonNode name : names) {
            if (name.asString("").equals(NAME)) {
                return true;
            }
        }
        return false;
    }
}
