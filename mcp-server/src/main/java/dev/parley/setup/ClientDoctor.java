package dev.parley.setup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Looks at what the clients' configuration really says, whoever wrote it. */
public final class ClientDoctor {

    /** Codex gives a server that is not required about so long before it asks its model without the tools. */
    public static final long CODEX_GRACE_MILLIS = 750;

    private static final long SHORT_TIMEOUT_SECONDS = 60;

    private final Places places;
    private final List<Examination> found = new ArrayList<>();

    /** For the clients of one user. */
    public ClientDoctor(Places places) {
        this.places = places;
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
        ClaudeCodeSetup wanted = new ClaudeCodeSetup(places, Optional.of(program));
        Optional<String> command = json(places.claudeState())
                .get("mcpServers", "parley", "command")
                .map(node -> node.asString(""));
        server("claude-code", command);
        JsonText settings = json(places.claudeDirectory().resolve("settings.json"));
        hooks("claude-code", settings, wanted.hooks());
        boolean allowed = false;
        for (JsonNode rule : settings.get("permissions", "allow").map(List::of).orElse(List.of())) {
            for (JsonNode each : rule) {
                allowed |= each.asString("").startsWith("mcp__parley");
            }
        }
        if (!allowed && command.isPresent()) {
            found.add(Examination.warning(
                    "claude-code permissions", "every tool call asks the user", "parley setup --client claude-code"));
        }
    }

    private void codex(ClientProgram program) throws IOException {
        CodexSetup wanted = new CodexSetup(places, Optional.of(program), true);
        Path directory = places.codexDirectory();
        TomlText config = TomlText.of(ConfigFile.read(directory.resolve("config.toml")));
        Optional<String> command = value(config, "command").map(String::valueOf);
        server("codex", command);
        if (command.isPresent()) {
            codexServer(config);
        }
        Path hooksFile = directory.resolve("hooks.json");
        String hooksText = ConfigFile.read(hooksFile);
        JsonText hooks = JsonText.of(hooksText);
        hooks("codex", hooks, wanted.hooks());
        if (!HookEntries.places(hooks).isEmpty()) {
            trust(program, config, hooksFile, hooksText);
        }
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
                                "set it to 600 in config.toml, or run parley setup --client codex"));
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

    private void server(String client, Optional<String> command) {
        String check = client + " server";
        if (command.isEmpty()) {
            found.add(Examination.failure(check, "not registered", "parley setup --client " + client));
        } else if (command.get().startsWith("/") && !Files.isExecutable(Path.of(command.get()))) {
            found.add(
                    Examination.failure(check, command.get() + " is not a program", "parley setup --client " + client));
        } else {
            found.add(Examination.ok(check, command.get()));
        }
    }

    /** Missing, pointing to nothing, or another than setup would write. */
    private void hooks(String client, JsonText file, Map<String, ? extends JsonNode> wanted) {
        String check = client + " hooks";
        List<HookEntries.Place> present = HookEntries.places(file);
        if (present.isEmpty()) {
            found.add(Examination.warning(
                    check, "none: mail comes only when it is read", "parley setup --client " + client));
            return;
        }
        for (HookEntries.Place place : present) {
            Optional<Path> script = HookEntries.script(place.command());
            if (script.filter(Files::isExecutable).isEmpty()) {
                found.add(Examination.failure(
                        check, place.command() + " runs nothing", "parley setup --client " + client));
                return;
            }
        }
        List<String> different = new ArrayList<>();
        wanted.forEach((event, group) -> {
            boolean same = false;
            for (JsonNode each : file.get("hooks", event).map(List::of).orElse(List.of())) {
                for (JsonNode one : each) {
                    same |= one.equals(group);
                }
            }
            if (!same) {
                different.add(event);
            }
        });
        found.add(
                different.isEmpty()
                        ? Examination.ok(check, String.join(", ", wanted.keySet()))
                        : Examination.warning(
                                check,
                                "not as this Parley writes them: " + String.join(", ", different),
                                "parley setup --client " + client + " (--dry-run shows what it would change)"));
    }

    private static JsonText json(Path file) throws IOException {
        try {
            return JsonText.of(ConfigFile.read(file));
        } catch (NotEditableException e) {
            throw new IOException(file + " " + e.getMessage(), e);
        }
    }
}
