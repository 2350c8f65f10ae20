package dev.parley.setup;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Everything that Claude Code's configuration says of servers, hooks and rules in one project: of the administrator, of the
 * project, of this user in the project and everywhere. What has the last word comes first.
 */
final class ClaudeSettings {

    private static final JsonMapper JSON = new JsonMapper();

    private static final Set<String> MEMBERS = Set.of(
            "disableAllHooks",
            "allowManagedHooksOnly",
            "permissions",
            "disabledMcpjsonServers",
            "enabledMcpjsonServers",
            "enableAllProjectMcpServers",
            "deniedMcpServers",
            "allowedMcpServers",
            "enabledPlugins",
            HookEntries.MEMBER);

    private final Map<Path, JsonText> sources = new LinkedHashMap<>();
    private final Map<String, Path> servers = new LinkedHashMap<>();
    private final Map<String, JsonNode> entries = new LinkedHashMap<>();
    private final List<Examination> found = new ArrayList<>();
    /** What the user has said of servers of {@code .mcp.json}. */
    private final List<Map<String, JsonNode>> approvals = new ArrayList<>();

    private final Places places;

    /**
     * Reads it.
     *
     * @param managed the directory of the administrator's settings
     * @throws IOException if a file cannot be read, or is no JSON
     */
    ClaudeSettings(Places places, Path managed) throws IOException {
        this.places = places;
        for (Path file : managed(managed)) {
            add(file);
        }
        for (Path directory : roots()) {
            add(directory.resolve(".claude/settings.local.json"));
            add(directory.resolve(".claude/settings.json"));
        }
        add(ClaudeCodeSetup.directory(places).resolve("settings.json"));
        Content state = ConfigFile.read(ClaudeCodeSetup.state(places));
        for (Path directory : roots()) {
            Map<String, JsonNode> here = JsonLookup.members(
                    state,
                    List.of("projects", directory.toString()),
                    Set.of("mcpServers", "disabledMcpServers", "disabledMcpjsonServers", "enabledMcpjsonServers"));
            server("local scope", ClaudeCodeSetup.state(places), here.getOrDefault("mcpServers", JSON.missingNode()));
            if (holds(here.getOrDefault("disabledMcpServers", JSON.missingNode()))) {
                failure(
                        "server",
                        "switched off for " + directory + " in " + ClaudeCodeSetup.state(places),
                        "type /mcp in Claude Code and enable parley");
            }
            approvals.add(here);
            Path shared = directory.resolve(".mcp.json");
            server(
                    "project scope",
                    shared,
                    json(shared, Set.of("mcpServers")).get("mcpServers").orElse(JSON.missingNode()));
        }
        server(
                "user scope",
                ClaudeCodeSetup.state(places),
                json(ClaudeCodeSetup.state(places), Set.of("mcpServers"))
                        .get("mcpServers")
                        .orElse(JSON.missingNode()));
        exclusive(managed.resolve("managed-mcp.json"));
    }

    private static List<Path> managed(Path directory) throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> parts =
                Files.newDirectoryStream(directory.resolve("managed-settings.d"), "*.json")) {
            parts.forEach(files::add);
        } catch (NotDirectoryException | NoSuchFileException e) {
            files.clear();
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        files.sort(Comparator.reverseOrder());
        files.add(directory.resolve("managed-settings.json"));
        return files;
    }

    /** The directory, and the top of its repository: the clients keep by either what is of a project. */
    private Set<Path> roots() {
        Set<Path> roots = new TreeSet<>(Comparator.reverseOrder());
        roots.add(places.project());
        for (Path at = places.project(); at != null; at = at.getParent()) {
            if (Files.exists(at.resolve(".git"))) {
                roots.add(at);
                break;
            }
        }
        return roots;
    }

    private void add(Path file) throws IOException {
        if (Files.exists(file)) {
            sources.putIfAbsent(file, json(file, MEMBERS));
        }
    }

    private static JsonText json(Path file, Set<String> members) throws IOException {
        try {
            return JsonText.of(ConfigFile.read(file), members);
        } catch (NotEditableException e) {
            throw new IOException(file + " " + e.getMessage(), e);
        }
    }

    private void server(String scope, Path file, JsonNode all) {
        JsonNode entry = all.path(ServerEntry.NAME);
        if (!entry.isMissingNode() && !entries.containsKey(scope)) {
            servers.put(scope, file);
            entries.put(scope, entry);
        }
    }

    private void exclusive(Path file) throws IOException {
        if (Files.exists(file)
                && json(file, Set.of("mcpServers"))
                        .get("mcpServers", ServerEntry.NAME)
                        .isEmpty()) {
            failure(
                    "server",
                    "only the servers of " + file + " are started",
                    "ask your administrator to add parley there");
        }
    }

    private void failure(String what, String seen, String remedy) {
        found.add(Examination.failure("claude-code " + what, seen, remedy));
    }

    private void warning(String what, String seen, String remedy) {
        found.add(Examination.warning("claude-code " + what, seen, remedy));
    }

    /** Where a server with Parley's name is registered, what counts first: local, project, user. */
    Map<String, JsonNode> servers() {
        return entries;
    }

    /** Parley's plug-in that is switched on; empty if none is. */
    Optional<String> plugin() {
        for (JsonText source : sources.values()) {
            for (Map.Entry<String, JsonNode> each :
                    source.get("enabledPlugins").orElse(JSON.createObjectNode()).properties()) {
                if (each.getKey().startsWith(ServerEntry.NAME + "@")
                        && each.getValue().asBoolean(false)) {
                    return Optional.of(each.getKey());
                }
            }
        }
        return Optional.empty();
    }

    /** The files with hooks of Parley's. */
    Map<Path, JsonText> hooks() {
        Map<Path, JsonText> ours = new LinkedHashMap<>();
        sources.forEach((file, text) -> {
            if (!HookEntries.places(text).isEmpty()) {
                ours.put(file, text);
            }
        });
        return ours;
    }

    /** Whether no tool of Parley's asks the user. */
    boolean isAllowed() {
        return sources.values().stream()
                .anyMatch(source -> rules(source, "allow").stream()
                        .anyMatch(rule -> rule.startsWith("mcp__parley") || rule.startsWith("mcp__plugin_parley")));
    }

    private static List<String> rules(JsonText source, String kind) {
        List<String> rules = new ArrayList<>();
        source.get("permissions", kind).orElse(JSON.createArrayNode()).forEach(rule -> rules.add(rule.asString("")));
        return rules;
    }

    private static boolean holds(JsonNode names) {
        for (JsonNode name : names) {
            if (name.asString("").equals(ServerEntry.NAME)) {
                return true;
            }
        }
        return false;
    }

    /** What keeps what is there from working. */
    List<Examination> obstacles() {
        hooksOff();
        rulesAgainst();
        approval();
        twice();
        return found;
    }

    private void hooksOff() {
        for (Map.Entry<Path, JsonText> source : sources.entrySet()) {
            Optional<JsonNode> off = source.getValue().get("disableAllHooks");
            if (off.isPresent()) {
                if (off.get().asBoolean(false)) {
                    failure(
                            "hooks",
                            source.getKey() + " sets disableAllHooks: no mail is handed over, nobody is woken",
                            "take it out of " + source.getKey());
                }
                // A later one is not heard.
                break;
            }
        }
        sources.forEach((file, text) -> {
            if (text.get("allowManagedHooksOnly")
                    .filter(only -> only.asBoolean(false))
                    .isPresent()) {
                failure(
                        "hooks",
                        file + " allows the administrator's hooks only: no mail is handed over, nobody is woken",
                        "ask your administrator to install Parley's hooks");
            }
        });
    }

    private void rulesAgainst() {
        sources.forEach((file, text) -> {
            for (String kind : List.of("deny", "ask")) {
                List<String> against = rules(text, kind).stream()
                        .filter(rule -> rule.startsWith("mcp__parley") || rule.equals("mcp__*"))
                        .toList();
                if (!against.isEmpty()) {
                    String seen = file + " has " + String.join(", ", against) + " under permissions." + kind;
                    String remedy = "take that out of " + file;
                    if (kind.equals("deny")) {
                        failure("permissions", seen + ": these tools cannot be called", remedy);
                    } else {
                        warning("permissions", seen + ": each call asks the user", remedy);
                    }
                }
            }
            boolean denied = false;
            for (JsonNode each : text.get("deniedMcpServers").orElse(JSON.createArrayNode())) {
                denied |= each.path("serverName").asString("").equals(ServerEntry.NAME);
            }
            boolean allowed = text.get("allowedMcpServers").isEmpty();
            for (JsonNode each : text.get("allowedMcpServers").orElse(JSON.createArrayNode())) {
                allowed |= each.path("serverName").asString("").equals(ServerEntry.NAME)
                        || !each.path("serverCommand").isMissingNode();
            }
            if (denied || !allowed) {
                failure(
                        "server",
                        file
                                + (denied
                                        ? " forbids the server (deniedMcpServers)"
                                        : " does not allow it (allowedMcpServers)"),
                        "ask whoever keeps " + file + " to allow the server parley");
            }
        });
    }

    /** A server of {@code .mcp.json} starts only if the user has said so. */
    private void approval() {
        if (!entries.containsKey("project scope")) {
            return;
        }
        boolean rejected = approvals.stream()
                .anyMatch(each -> holds(each.getOrDefault("disabledMcpjsonServers", JSON.missingNode())));
        boolean approved = approvals.stream()
                .anyMatch(each -> holds(each.getOrDefault("enabledMcpjsonServers", JSON.missingNode())));
        for (JsonText source : sources.values()) {
            rejected |= holds(source.get("disabledMcpjsonServers").orElse(JSON.missingNode()));
            approved |= holds(source.get("enabledMcpjsonServers").orElse(JSON.missingNode()))
                    || source.get("enableAllProjectMcpServers")
                            .filter(all -> all.asBoolean(false))
                            .isPresent();
        }
        if (rejected) {
            failure(
                    "server",
                    "you have rejected the server of " + servers.get("project scope"),
                    "run 'claude mcp reset-project-choices', and allow it at the next start");
        } else if (!approved) {
            warning(
                    "server",
                    "not yet allowed: Claude Code asks about the server of " + servers.get("project scope"),
                    "start claude here and allow it");
        }
    }

    private void twice() {
        Optional<String> plugin = plugin();
        if (plugin.isPresent() && (!entries.isEmpty() || !hooks().isEmpty())) {
            warning(
                    "twice",
                    "both the plug-in " + plugin.get() + " and parley setup are installed: every hook runs twice",
                    "run 'claude plugin uninstall " + plugin.get() + "', or 'parley setup --undo'");
        }
        if (entries.size() > 1) {
            warning(
                    "twice",
                    "a server parley is registered in " + String.join(", ", entries.keySet())
                            + "; the first one counts",
                    "remove those that you do not want: 'claude mcp remove parley --scope local' (or project, user)");
        }
        if (hooks().size() > 1) {
            warning(
                    "twice",
                    "hooks of Parley's are in " + hooks().keySet() + ": every event runs both",
                    "run 'parley setup --undo' or 'parley setup --undo --scope project'");
        }
    }
}
