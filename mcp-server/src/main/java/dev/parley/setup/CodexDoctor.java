package dev.parley.setup;

import dev.parley.session.Setting;
import dev.parley.trace.Why;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Looks at what Codex' configuration really says, whoever wrote it. */
final class CodexDoctor {

    private static final long SHORT_TIMEOUT_SECONDS = 60;

    private CodexDoctor() {}

    /** Looks at the server, the hooks and whether they are trusted. */
    static void examine(Checkup checkup, ClientProgram program) throws IOException {
        Places places = checkup.places();
        CodexSetup wanted = new CodexSetup(places, Optional.of(program), true);
        Path directory = CodexSetup.directory(places);
        TomlText config =
                TomlText.of(ConfigFile.read(directory.resolve("config.toml")).text());
        Optional<String> command = value(config, "command").map(String::valueOf);
        checkup.server(command, Optional.empty());
        if (command.isPresent()) {
            server(checkup, config);
        }
        Path hooksFile = directory.resolve("hooks.json");
        String hooksText = ConfigFile.read(hooksFile).text();
        JsonText hooks = HookEntries.of(Content.of(hooksText));
        checkup.hooks(hooks, wanted.hooks());
        if (!HookEntries.places(hooks).isEmpty()) {
            trust(checkup, program, config, hooksFile, hooksText);
        }
        if (command.isPresent()) {
            checkup.sameStore(
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
        checkup.addAll(new CodexSettings(places, checkup.system().resolve("etc/codex")).obstacles(tables));
    }

    private static void server(Checkup checkup, TomlText config) {
        if (value(config, "required").filter(Boolean.TRUE::equals).isPresent()) {
            checkup.ok("required", "it waits for the server");
        } else {
            checkup.warning(
                    "required",
                    "not set: after " + ClientDoctor.CODEX_GRACE_MILLIS + " ms the model is asked without the tools",
                    checkup.setup());
        }
        long limit = value(config, "tool_timeout_sec")
                .filter(Long.class::isInstance)
                .map(Long.class::cast)
                .orElse(300L);
        if (limit >= SHORT_TIMEOUT_SECONDS) {
            checkup.ok("tool_timeout_sec", limit + " s for an answer");
        } else {
            checkup.warning("tool_timeout_sec", limit + " s: ask_peer is cut short", "set it to 600 in config.toml");
        }
    }

    private static Optional<Object> value(TomlText config, String key) {
        return config.get(List.of("mcp_servers", "parley", key));
    }

    private static void trust(Checkup checkup, ClientProgram codex, TomlText config, Path hooksFile, String hooksText) {
        try {
            Map<List<String>, String> wanted =
                    CodexTrust.of(codex, checkup.places().environment(), hooksFile, hooksText);
            boolean all = wanted.entrySet().stream().allMatch(entry -> {
                List<String> path = new ArrayList<>(entry.getKey());
                path.add("trusted_hash");
                return config.get(path).filter(entry.getValue()::equals).isPresent();
            });
            if (all) {
                checkup.ok("trust", "the hooks are trusted");
            } else {
                checkup.failure(
                        "trust",
                        "Codex skips hooks that it has not been told to trust",
                        "start codex and choose 'Trust all', or run " + checkup.setup());
            }
        } catch (IOException e) {
            checkup.warning("trust", "Codex did not tell: " + Why.of(e), "start codex: it asks if a review is due");
        }
    }
}
