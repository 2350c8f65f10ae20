package dev.parley.setup;

import dev.parley.session.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Looks at what the clients' configuration really says, whoever wrote it. */
public final class ClientDoctor {

    /** Codex gives a server that is not required about so long before it asks its model without the tools. */
    public static final long CODEX_GRACE_MILLIS = 750;

    private static final long SHORT_TIMEOUT_SECONDS = 60;

    private static final String MANAGED_CLAUDE =
            System.getProperty("os.name", "").startsWith("Mac")
                    ? "Library/Application Support/ClaudeCode"
                    : "etc/claude-code";

    private final Places places;
    /** The root of the file system, in which administrators put their settings. */
    private final Path system;

    private final List<Examination> found = new ArrayList<>();

    /** For the clients of one user. */
    public ClientDoctor(Places places) {
        this(places, Path.of("/"));
    }

    ClientDoctor(Places places, Path system) {
        this.places = places;
        this.system = system;
    }

    /** Everything about every client that is there. */
    public List<Examination> examine() {
        Optional<ClientProgram> claude = ClientProgram.find("claude", places.environment());
        Optional<ClientProgram> codex = ClientProgram.find("codex", places.environment());
        claude.ifPresent(program -> guarded("claude-code", program, this::claude));
        codex.ifPresent(program -> guarded("codex", program, this::codex));
        if (claude.isEmpty() && codex.isEmpty()) {
            found.add(Examination.warning(
                    "clients",
                    "neither 'claude' nor 'codex' is on the PATH",
                    "any other MCP client starts 'parley serve'"));
        }
        return List.copyOf(found);
    }

    private interface Look {
        void at(ClientProgram program) throws IOException;
    }

    private void guarded(String client, ClientProgram program, Look look) {
        found.add(Examination.ok(client, program.version() + ", " + program.path()));
        try {
            look.at(program);
        } catch (IOException e) {
            found.add(Examination.failure(
                    client + " configuration",
                    String.valueOf(e.getMessage()),
                    "repair that file; the client cannot read it either"));
        }
    }

    private void claude(ClientProgram program) throws IOException {
        ClaudeSettings settings = new ClaudeSettings(places, system.resolve(MANAGED_CLAUDE));
        Optional<String> plugin = settings.plugin();
        Optional<Map.Entry<String, JsonNode>> entry =
                settings.servers().entrySet().stream().findFirst();
        if (entry.isEmpty() && plugin.isPresent()) {
            found.add(Examination.ok("claude-code server", "by the plug-in " + plugin.get()));
        } else {
            server(
                    "claude-code",
                    entry.map(each -> each.getValue().path("command").asString("")),
                    entry.map(Map.Entry::getKey));
            entry.filter(each -> !ClaudeCodeSetup.isOurs(each.getValue()))
                    .ifPresent(each -> found.add(Examination.failure(
                            "claude-code server",
                            "the server named parley (" + each.getKey() + ") is none of this",
                            "parley setup --client claude-code --force")));
        }
        Map<Path, JsonText> hooks = settings.hooks();
        if (hooks.isEmpty() && plugin.isPresent()) {
            found.add(Examination.ok("claude-code hooks", "by the plug-in " + plugin.get()));
        } else {
            Path user = places.claudeDirectory().resolve("settings.json");
            Path file = hooks.containsKey(user) || hooks.isEmpty()
                    ? user
                    : hooks.keySet().iterator().next();
            JsonText text = hooks.getOrDefault(file, HookEntries.of(Content.empty()));
            boolean shared = HookEntries.places(text).stream().anyMatch(place -> HookEntries.isByName(place.command()));
            Scope scope = shared ? Scope.PROJECT : Scope.USER;
            Places wanted = new Places(places.distribution(), places.environment(), scope, places.project());
            hooks("claude-code", text, new ClaudeCodeSetup(wanted, Optional.of(program)).hooks());
            entry.ifPresent(each -> sameStore(
                    "claude-code",
                    text,
                    each.getValue().path("env").path(Setting.HOME.variable()).asString("")));
        }
        if (!settings.isAllowed() && (entry.isPresent() || plugin.isPresent())) {
            found.add(Examination.warning(
                    "claude-code permissions",
                    "every tool call asks the user",
                    entry.isPresent()
                            ? "parley setup --client claude-code"
                            : "allow mcp__plugin_parley_parley in settings.json"));
        }
        found.addAll(settings.obstacles());
    }

    /** Hooks that look into another store than the server never see its mail. */
    private void sameStore(String client, JsonText hooks, String server) {
        for (HookEntries.Place place : HookEntries.places(hooks)) {
            String home = HookEntries.home(place.command()).orElse("");
            if (!home.equals(server)) {
                found.add(Examination.failure(
                        client + " store",
                        "the server uses " + named(server) + ", the hooks " + named(home) + ": mail is not handed over",
                        "run parley setup --client " + client + " with PARLEY_HOME set as it is meant"));
                return;
            }
        }
    }

    private static String named(String home) {
        return home.isEmpty() ? "the usual store" : home;
    }

    private void codex(ClientProgram program) throws IOException {
        CodexSetup wanted = new CodexSetup(places, Optional.of(program), true);
        Path directory = places.codexDirectory();
        TomlText config =
                TomlText.of(ConfigFile.read(directory.resolve("config.toml")).text());
        Optional<String> command = value(config, "command").map(String::valueOf);
        server("codex", command, Optional.empty());
        if (command.isPresent()) {
            codexServer(config);
        }
        Path hooksFile = directory.resolve("hooks.json");
        String hooksText = ConfigFile.read(hooksFile).text();
        JsonText hooks = HookEntries.of(Content.of(hooksText));
        hooks("codex", hooks, wanted.hooks());
        if (!HookEntries.places(hooks).isEmpty()) {
            trust(program, config, hooksFile, hooksText);
        }
        if (command.isPresent()) {
            sameStore(
                    "codex",
                    hooks,
                    value(config, "env")
                            .flatMap(
                                    env -> config.get(List.of("mcp_servers", "parley", "env", Setting.HOME.variable())))
                            .map(String::valueOf)
                            .orElse(""));
        }
        List<List<String>> tables = HookEntries.places(hooks).stream()
                .map(place -> CodexTrust.table(hooksFile, place))
                .toList();
        found.addAll(new CodexSettings(places, system.resolve("etc/codex")).obstacles(tables));
    }

    private void codexServer(TomlText config) {
        boolean required =
                value(config, "required").filter(Boolean.TRUE::equals).isPresent();
        found.add(
                required
                        ? Examination.ok("codex required", "it waits for the server")
                        : Examination.warning(
                                "codex required",
                                "not set: after " + CODEX_GRACE_MILLIS + " ms the model is asked without the tools",
                                "parley setup --client codex"));
        long limit = value(config, "tool_timeout_sec")
                .filter(Long.class::isInstance)
                .map(Long.class::cast)
                .orElse(300L);
        found.add(
                limit >= SHORT_TIMEOUT_SECONDS
                        ? Examination.ok("codex tool_timeout_sec", limit + " s for an answer")
                        : Examination.warning(
                                "codex tool_timeout_sec",
                                limit + " s: ask_peer is cut short",
                                "set it to 600 in config.toml"));
    }

    private static Optional<Object> value(TomlText config, String key) {
        return config.get(List.of("mcp_servers", "parley", key));
    }

    private void trust(ClientProgram codex, TomlText config, Path hooksFile, String hooksText) {
        try {
            Map<List<String>, String> wanted = CodexTrust.of(codex, places.environment(), hooksFile, hooksText);
            boolean all = wanted.entrySet().stream().allMatch(entry -> {
                List<String> path = new ArrayList<>(entry.getKey());
                path.add("trusted_hash");
                return config.get(path).filter(entry.getValue()::equals).isPresent();
            });
            found.add(
                    all
                            ? Examination.ok("codex trust", "the hooks are trusted")
                            : Examination.failure(
                                    "codex trust",
                                    "Codex skips hooks that it has not been told to trust",
                                    "start codex and choose 'Trust all', or run parley setup --client codex"));
        } catch (IOException e) {
            found.add(Examination.warning(
                    "codex trust", "Codex did not tell: " + e.getMessage(), "start codex: it asks if a review is due"));
        }
    }

    private void server(String client, Optional<String> command, Optional<String> scope) {
        String check = client + " server";
        String where = scope.map(name -> " (" + name + ")").orElse("");
        if (command.isEmpty()) {
            found.add(Examination.failure(check, "not registered", "parley setup --client " + client));
        } else if (command.get().startsWith("/") && !Files.isExecutable(Path.of(command.get()))) {
            found.add(
                    Examination.failure(check, command.get() + " is not a program", "parley setup --client " + client));
        } else {
            found.add(
                    command.get().equals(ServerEntry.NAME) && !places.isOnPath()
                            ? Examination.failure(
                                    check,
                                    "'parley'" + where + " is not on the PATH",
                                    "ln -s " + places.distribution().launcher() + " ~/.local/bin/parley, or another"
                                            + " directory of the PATH")
                            : Examination.ok(check, command.get() + where));
        }
    }

    /** Missing, pointing to nothing, or another than setup would write. */
    private void hooks(String client, JsonText file, Map<String, ObjectNode> wanted) {
        String check = client + " hooks";
        List<HookEntries.Place> present = HookEntries.places(file);
        if (present.isEmpty()) {
            found.add(Examination.warning(
                    check, "none: mail comes only when it is read", "parley setup --client " + client));
            return;
        }
        for (HookEntries.Place place : present) {
            Optional<Path> script = HookEntries.script(place.command());
            boolean runs = HookEntries.isByName(place.command())
                    ? places.isOnPath()
                    : script.filter(Files::isExecutable).isPresent();
            if (!runs) {
                found.add(Examination.failure(
                        check, place.command() + " runs nothing", "parley setup --client " + client));
                return;
            }
        }
        List<String> different = new ArrayList<>();
        try {
            JsonText updated = HookEntries.with(file, wanted);
            Set<String> events = new TreeSet<>(HookEntries.events(file));
            events.addAll(wanted.keySet());
            for (String event : events) {
                if (!updated.get(HookEntries.MEMBER, event).equals(file.get(HookEntries.MEMBER, event))) {
                    different.add(event);
                }
            }
        } catch (NotEditableException e) {
            different.add(String.valueOf(e.getMessage()));
        }
        found.add(
                different.isEmpty()
                        ? Examination.ok(check, String.join(", ", wanted.keySet()))
                        : Examination.warning(
                                check,
                                "not as this Parley writes them: " + String.join(", ", different),
                                "parley setup --client " + client + " (--dry-run shows what it would change)"));
    }
}
