package dev.parley.setup;

import dev.parley.client.ClaudeCode;
import dev.parley.client.Client;
import dev.parley.client.HookEvent;
import dev.parley.session.Setting;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What Parley puts where for Claude Code. The reason for each event is in {@code docs/CLIENTS.md}. */
final class ClaudeCodeSetup implements ClientSetup {

    private static final String OWN_MARK = "Parley";
    private static final String HOME = Setting.HOME.variable();
    private static final String SERVERS = "mcpServers";
    private static final List<String> ENTRY = List.of(SERVERS, ServerEntry.NAME);
    private static final List<String> ALLOWED = List.of("permissions", "allow");
    private static final String RULE = "mcp__parley";
    private static final Set<String> SETTINGS = Set.of(HookEntries.MEMBER, "permissions");
    private static final JsonMapper JSON = new JsonMapper();

    private final Places places;
    private final Optional<ClientProgram> program;

    ClaudeCodeSetup(Places places, Optional<ClientProgram> program) {
        this.places = places;
        this.program = program;
    }

    /** Claude Code's directory. */
    static Path directory(Places places) {
        return places.directory(ClaudeCode.CONFIGURATION);
    }

    /** The file in which Claude Code keeps its state, the servers of user scope among it. */
    static Path state(Places places) {
        return ClaudeCode.CONFIGURATION
                .named(places.environment())
                .orElse(places.user())
                .resolve(".claude.json");
    }

    @Override
    public Client client() {
        return ClaudeCode.CLIENT;
    }

    @Override
    public Optional<ClientProgram> program() {
        return program;
    }

    @Override
    public List<Edit> edits() {
        boolean project = places.scope() == Scope.PROJECT;
        Path own = project ? places.project().resolve(".claude") : directory(places);
        return List.of(
                new Edit(
                        project ? places.project().resolve(".mcp.json") : state(places),
                        this::withServer,
                        ClaudeCodeSetup::withoutServer),
                new Edit(own.resolve("settings.json"), this::withHooks, ClaudeCodeSetup::withoutHooks),
                Edit.ownFile(
                        own.resolve("commands/parley.md"),
                        OWN_MARK,
                        () -> places.distribution().slashCommand()));
    }

    private Draft withServer(Content current) throws IOException {
        List<String> command = places.serverCommand();
        ObjectNode server = JSON.createObjectNode();
        server.put("type", "stdio");
        server.put("command", command.get(0));
        ArrayNode arguments = server.putArray("args");
        command.subList(1, command.size()).forEach(arguments::add);
        // Else the tools hide behind a search, and a message that says "call
        // reply_to_message" means nothing to a model.
        server.put("alwaysLoad", true);
        JsonText text = JsonText.of(current, Set.of(SERVERS));
        JsonNode present = text.get(SERVERS, ServerEntry.NAME).orElse(JSON.missingNode());
        if (!present.isMissingNode() && !isOurs(present) && !places.force()) {
            throw ServerEntry.foreign(
                    present.path("command").asString(present.path("url").asString("nothing")));
        }
        if (!isOurs(present)) {
            ObjectNode environment = JSON.createObjectNode();
            places.home().ifPresent(home -> environment.put(HOME, home));
            server.set("env", environment);
            return text.with(ENTRY, server).draft();
        }
        for (Map.Entry<String, JsonNode> own : server.properties()) {
            text = text.with(below(own.getKey()), own.getValue());
        }
        if (places.home().isPresent()) {
            text = text.with(
                    below("env", HOME),
                    JSON.getNodeFactory().stringNode(places.home().get()));
        } else if (text.get(SERVERS, ServerEntry.NAME, "env", HOME).isPresent()) {
            text = text.without(below("env", HOME));
        }
        return text.draft();
    }

    private static List<String> below(String... names) {
        return Stream.concat(ENTRY.stream(), Stream.of(names)).toList();
    }

    /** Whether a server is a Parley, whoever wrote it down. */
    static boolean isOurs(JsonNode server) {
        List<String> arguments = new ArrayList<>();
        server.path("args").forEach(argument -> arguments.add(argument.asString("")));
        return ServerEntry.isOurs(server.path("command").asString(""), arguments);
    }

    private static Draft withoutServer(Content current, Optional<Content> original) throws IOException {
        JsonText text = JsonText.of(current, Set.of(SERVERS));
        JsonNode present = text.get(SERVERS, ServerEntry.NAME).orElse(JSON.missingNode());
        if (!isOurs(present)
                || (original.isEmpty() && !present.path("alwaysLoad").asBoolean(false))) {
            return Draft.unchanged(current);
        }
        JsonText before = JsonText.of(original.orElse(Content.empty()), Set.of(SERVERS));
        if (before.get(SERVERS, ServerEntry.NAME).isPresent()) {
            return text.withThatOf(before, ENTRY).draft();
        }
        JsonText rest = text.without(ENTRY);
        return (before.get(SERVERS).isPresent() ? rest : rest.withoutEmpty(List.of(SERVERS))).draft();
    }

    private Draft withHooks(Content current) throws IOException {
        JsonText text = HookEntries.with(JsonText.of(current, SETTINGS), hooks());
        return text.withElement(ALLOWED, JSON.getNodeFactory().stringNode(RULE)).draft();
    }

    /** One group per event. */
    Map<String, ObjectNode> hooks() {
        Map<String, ObjectNode> hooks = new LinkedHashMap<>();
        client().hookEvents(version ->
                        program.map(known -> known.isAtLeast(version)).orElse(true))
                .forEach(event -> hooks.put(event.name(), group(event)));
        return hooks;
    }

    private ObjectNode group(HookEvent event) {
        ObjectNode group = HookEntries.group(places.hookCommand(client()), event.timeoutSeconds());
        event.watched().ifPresent(file -> {
            ObjectNode command = (ObjectNode) group.path("hooks").path(0);
            command.put("asyncRewake", true);
            command.put("rewakeMessage", "Parley:");
            command.put("rewakeSummary", "Parley: mail");
            group.put("matcher", file);
        });
        return group;
    }

    private static Draft withoutHooks(Content current, Optional<Content> original) throws IOException {
        JsonText now = JsonText.of(current, SETTINGS);
        JsonText before = JsonText.of(original.orElse(Content.empty()), SETTINGS);
        JsonText text = HookEntries.restored(now, before);
        if (holdsRule(before) || (original.isEmpty() && text == now)) {
            return text.draft();
        }
        JsonNode rules = text.get("permissions", "allow").orElse(JSON.createArrayNode());
        JsonText rest = text.withElements(
                ALLOWED,
                i -> Optional.of(rules.path(i))
                        .filter(rule -> !rule.asString("").equals(RULE)));
        if (rest != text && before.get("permissions", "allow").isEmpty()) {
            rest = rest.withoutEmpty(ALLOWED);
            rest = before.get("permissions").isEmpty() ? rest.withoutEmpty(List.of("permissions")) : rest;
        }
        return rest.draft();
    }

    private static boolean holdsRule(JsonText settings) {
        for (JsonNode rule : settings.get("permissions", "allow").orElse(JSON.createArrayNode())) {
            if (rule.asString("").equals(RULE)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public List<String> notes() {
        return List.of("Claude Code: sessions that are running now take the change up when they are started again.");
    }
}
