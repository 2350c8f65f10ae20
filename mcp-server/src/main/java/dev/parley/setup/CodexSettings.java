package dev.parley.setup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What Codex' configuration says that keeps a server or hooks that are there from working. */
final class CodexSettings {

    private static final List<String> HOOKS = List.of("hooks", "codex_hooks");

    private final List<Examination> found = new ArrayList<>();
    private final Map<Path, TomlText> sources = new LinkedHashMap<>();

    /**
     * Reads it.
     *
     * @param system the directory of the administrator's files
     * @throws IOException if a file cannot be read, or is no TOML
     */
    CodexSettings(Places places, Path system) throws IOException {
        add(system.resolve("requirements.toml"));
        add(system.resolve("managed_config.toml"));
        for (Path at = places.project(); at != null; at = at.getParent()) {
            add(at.resolve(".codex/config.toml"));
            if (Files.exists(at.resolve(".git"))) {
                break;
            }
        }
        add(CodexSetup.directory(places).resolve("config.toml"));
        add(system.resolve("config.toml"));
    }

    private void add(Path file) throws IOException {
        if (Files.exists(file) && !sources.containsKey(file)) {
            try {
                sources.put(file, TomlText.of(ConfigFile.read(file).text()));
            } catch (NotEditableException e) {
                throw new IOException(file + " " + e.getMessage(), e);
            }
        }
    }

    /** What keeps what is there from working. */
    List<Examination> obstacles(List<List<String>> trustTables) {
        sources.forEach((file, text) -> {
            List<List<String>> features = new ArrayList<>(List.of(List.of("features")));
            text.get(List.of("profile"))
                    .ifPresent(name -> features.add(List.of("profiles", String.valueOf(name), "features")));
            for (List<String> table : features) {
                for (String name : HOOKS) {
                    if (is(text, table, name, false)) {
                        failure(
                                "hooks",
                                file + " sets " + name + " = false under [" + String.join(".", table)
                                        + "]: no mail is handed over",
                                "take it out of " + file);
                    }
                }
            }
            if (is(text, List.of(), "allow_managed_hooks_only", true)) {
                failure(
                        "hooks",
                        file + " allows the administrator's hooks only: no mail is handed over",
                        "ask your administrator to install Parley's hooks");
            }
            server(file, text);
            for (List<String> table : trustTables) {
                if (is(text, table, "enabled", false)) {
                    failure(
                            "hooks",
                            "a hook is switched off: " + table.get(2) + " in " + file,
                            "type /hooks in Codex and switch it on");
                }
            }
        });
        return found;
    }

    private void server(Path file, TomlText text) {
        if (is(text, CodexSetup.SERVER, "enabled", false)) {
            failure(
                    "server",
                    file + " sets enabled = false under [mcp_servers.parley]: it is not started",
                    "take it out of " + file);
        }
        Optional<Object> only = text.meaningOf(below("enabled_tools"));
        Optional<Object> without = text.meaningOf(below("disabled_tools"));
        if (only.isPresent() || without.isPresent()) {
            found.add(Examination.warning(
                    "codex tools",
                    file + (only.isPresent() ? " offers only " + only.get() : " takes away " + without.orElseThrow()),
                    "if that is not meant, take " + (only.isPresent() ? "enabled_tools" : "disabled_tools") + " out of "
                            + file));
        }
        if (file.endsWith("requirements.toml") && text.has(List.of("mcp_servers")) && !text.has(CodexSetup.SERVER)) {
            failure(
                    "server",
                    file + " does not allow it (mcp_servers)",
                    "ask your administrator to allow the server parley");
        }
    }

    private static List<String> below(String key) {
        List<String> path = new ArrayList<>(CodexSetup.SERVER);
        path.add(key);
        return path;
    }

    private static boolean is(TomlText text, List<String> table, String key, boolean value) {
        List<String> path = new ArrayList<>(table);
        path.add(key);
        return text.get(path).filter(Boolean.valueOf(value)::equals).isPresent();
    }

    private void failure(String what, String seen, String remedy) {
        found.add(Examination.failure("codex " + what, seen, remedy));
    }
}
