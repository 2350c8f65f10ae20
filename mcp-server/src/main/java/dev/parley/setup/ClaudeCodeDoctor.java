package dev.parley.setup;

import dev.parley.session.Setting;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Looks at what Claude Code's configuration really says, whoever wrote it. */
final class ClaudeCodeDoctor {

    private static final String MANAGED = System.getProperty("os.name", "").startsWith("Mac")
            ? "Library/Application Support/ClaudeCode"
            : "etc/claude-code";

    private ClaudeCodeDoctor() {}

    /** Looks at the server, the hooks and the rules, wherever they were written down. */
    static void examine(Checkup checkup, ClientProgram program) throws IOException {
        Places places = checkup.places();
        ClaudeSettings settings = new ClaudeSettings(places, checkup.system().resolve(MANAGED));
        Optional<String> plugin = settings.plugin();
        Optional<Map.Entry<String, JsonNode>> entry =
                settings.servers().entrySet().stream().findFirst();
        if (entry.isEmpty() && plugin.isPresent()) {
            checkup.ok("server", "by the plug-in " + plugin.get());
        } else {
            checkup.server(
                    entry.map(each -> each.getValue().path("command").asString("")), entry.map(Map.Entry::getKey));
            entry.filter(each -> !ClaudeCodeSetup.isOurs(each.getValue()))
                    .ifPresent(each -> checkup.failure(
                            "server",
                            "the server named parley (" + each.getKey() + ") is none of this",
                            checkup.setup() + " --force"));
        }
        Map<Path, JsonText> hooks = settings.hooks();
        if (hooks.isEmpty() && plugin.isPresent()) {
            checkup.ok("hooks", "by the plug-in " + plugin.get());
        } else {
            Path user = ClaudeCodeSetup.directory(places).resolve("settings.json");
            Path file = hooks.containsKey(user) || hooks.isEmpty()
                    ? user
                    : hooks.keySet().iterator().next();
            JsonText text = hooks.getOrDefault(file, HookEntries.of(Content.empty()));
            boolean shared = HookEntries.places(text).stream().anyMatch(place -> HookEntries.isByName(place.command()));
            Scope scope = shared ? Scope.PROJECT : Scope.USER;
            Places wanted = new Places(places.distribution(), places.environment(), scope, places.project());
            checkup.hooks(text, new ClaudeCodeSetup(wanted, Optional.of(program)).hooks());
            entry.ifPresent(each -> checkup.sameStore(
                    text,
                    each.getValue().path("env").path(Setting.HOME.variable()).asString("")));
        }
        if (!settings.isAllowed() && (entry.isPresent() || plugin.isPresent())) {
            checkup.warning(
                    "permissions",
                    "every tool call asks the user",
                    entry.isPresent() ? checkup.setup() : "allow mcp__plugin_parley_parley in settings.json");
        }
        checkup.addAll(settings.obstacles());
    }
}
