package dev.parley.setup;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What Parley puts where for Claude Code. The reason for each event is in {@code docs/CLIENTS.md}. */
final class ClaudeCodeSetup implements ClientSetup {

    /** The first version that knows FileChanged: a client that watches the doorbell needs no hook on every tool call. */
    private static final String WATCHES_FILES = "2.1.83";

    private static final String OWN_MARK = "Parley";
    private static final JsonMapper JSON = new JsonMapper();

    private final Places places;
    private final Optional<ClientProgram> program;

    ClaudeCodeSetup(Places places, Optional<ClientProgram> program) {
        this.places = places;
        this.program = program;
    }

    @Override
    public String client() {
        return "claude-code";
    }

    @Override
    public Optional<ClientProgram> program() {
        return program;
    }

    @Override
    public List<Edit> edits() throws IOException {
        List<String> command = places.serverCommand();
        boolean project = places.scope() == Scope.PROJECT;
        Path own = project ? places.project().resolve(".claude") : places.claudeDirectory();
        return List.of(
                new Edit(
                        project ? places.project().resolve(".mcp.json") : places.claudeState(),
                        current -> withServer(current, command),
                        ClaudeCodeSetup::withoutServer),
                new Edit(own.resolve("settings.json"), this::withHooks, ClaudeCodeSetup::withoutHooks),
                Edit.ownFile(
                        own.resolve("commands/parley.md"),
                        OWN_MARK,
                        places.distribution().slashCommand()));
    }

    private String withServer(String current, List<String> command) throws NotEditableException {
        ObjectNode server = JSON.createObjectNode();
        server.put("type", "stdio");
        server.put("command", command.get(0));
        ArrayNode arguments = server.putArray("args");
        command.subList(1, command.size()).forEach(arguments::add);
        ObjectNode environment = server.putObject("env");
        places.home().ifPresent(home -> environment.put("PARLEY_HOME", home));
        // Else the tools hide behind a search, and a message that says "call
        // reply_to_message" means nothing to a model.
        server.put("alwaysLoad", true);
        return JsonText.of(current)
                .with(List.of("mcpServers", "parley"), server)
                .toString();
    }

    private static String withoutServer(String current) throws NotEditableException {
        return current.isEmpty()
                ? current
                : JsonText.of(current).without(List.of("mcpServers", "parley")).toString();
    }

    private String withHooks(String current) throws NotEditableException {
        JsonText text = HookEntries.with(JsonText.of(current), hooks());
        return text.withElement(
                        List.of("permissions", "allow"), JSON.getNodeFactory().stringNode("mcp__parley"))
                .toString();
    }

    /** One group per event. */
    Map<String, ObjectNode> hooks() {
        Map<String, ObjectNode> hooks = new LinkedHashMap<>();
        hooks.put("SessionStart", group(10));
        hooks.put("UserPromptSubmit", group(10));
        hooks.put("Stop", group(10));
        hooks.put("SessionEnd", group(3));
        if (program.map(p -> p.isAtLeast(WATCHES_FILES)).orElse(true)) {
            ObjectNode bell = group(10);
            ObjectNode command = (ObjectNode) bell.path("hooks").path(0);
            command.put("asyncRewake", true);
            command.put("rewakeMessage", "Parley:");
            command.put("rewakeSummary", "Parley: mail");
            hooks.put("FileChanged", bell.put("matcher", "doorbell"));
            hooks.put("PermissionRequest", group(3));
        } else {
            hooks.put("PostToolUse", group(10));
        }
        return hooks;
    }

    private ObjectNode group(int timeoutSeconds) {
        return HookEntries.group(places.hookCommand(client()), timeoutSeconds);
    }

    private static String withoutHooks(String current) throws NotEditableException {
        if (current.isEmpty()) {
            return current;
        }
        JsonText text = HookEntries.without(JsonText.of(current));
        return text.withoutElements(
                        List.of("permissions", "allow"),
                        rule -> rule.isString() && rule.asString("").equals("mcp__parley"))
                .withoutEmpty(List.of("permissions"))
                .toString();
    }

    @Override
    public List<String> notes() {
        return List.of("Claude Code: sessions that are running now take the change up when they are started again.");
    }
}
