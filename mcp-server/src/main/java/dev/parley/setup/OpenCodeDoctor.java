package dev.parley.setup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Looks at what OpenCode's configuration really says, whoever wrote it. */
final class OpenCodeDoctor {

    private OpenCodeDoctor() {}

    /** Looks at the server and the plug-in. */
    static void examine(Checkup checkup, ClientProgram program) throws IOException {
        Places places = checkup.places();
        JsonText text =
                JsonText.of(ConfigFile.read(OpenCodeSetup.configuration(places)), OpenCodeSetup.SERVER.members());
        Optional<JsonNode> entry = OpenCodeSetup.SERVER.in(text);
        checkup.server(entry.map(each -> JsonServer.words(each).get(0)), Optional.empty());
        if (entry.isPresent() && !entry.get().path("enabled").asBoolean(true)) {
            checkup.failure("server", "enabled is false: it is not started", "take it out of opencode.json");
        }
        entry.ifPresent(each -> limit(checkup, each.path("timeout").asInt(0)));
        Path plugin = OpenCodeSetup.plugin(places);
        String loader = new OpenCodeSetup(places, Optional.of(program)).loader();
        if (!Files.exists(plugin)) {
            checkup.warning("plug-in", "none: mail comes only when it is read", checkup.setup());
        } else if (ConfigFile.read(plugin).text().equals(loader)) {
            checkup.ok("plug-in", plugin.toString());
        } else {
            checkup.warning(
                    "plug-in",
                    plugin + " is not as this Parley writes it",
                    checkup.setup() + " (--dry-run shows what it would change)");
        }
    }

    /** Where nothing is set, it was seen to end a call after a minute. */
    private static void limit(Checkup checkup, int millis) {
        if (millis < OpenCodeSetup.CALL_LIMIT_MILLIS) {
            checkup.warning(
                    "timeout",
                    (millis == 0 ? "not set" : millis + " ms") + ": a long ask_peer is cut short",
                    "set it to " + OpenCodeSetup.CALL_LIMIT_MILLIS + " in opencode.json");
        } else {
            checkup.ok("timeout", millis + " ms for an answer");
        }
    }
}
