package dev.parley.setup;

import dev.parley.client.Client;
import dev.parley.client.GeminiCli;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What Parley puts where for Gemini CLI. The reason for each event is in {@code docs/CLIENTS.md}. */
final class GeminiCliSetup implements ClientSetup {

    static final JsonServer SERVER = new JsonServer("mcpServers", "env");
    static final Set<String> MEMBERS = Set.of("mcpServers", HookEntries.MEMBER);

    private static final int MILLIS = 1000;

    private final Places places;
    private final Optional<ClientProgram> program;

    GeminiCliSetup(Places places, Optional<ClientProgram> program) {
        this.places = places;
        this.program = program;
    }

    /** The file that holds the servers and the hooks. */
    static Path settings(Places places) {
        Path directory = places.scope() == Scope.PROJECT
                ? places.project().resolve(GeminiCli.CONFIGURATION.inHome())
                : places.directory(GeminiCli.CONFIGURATION);
        return directory.resolve("settings.json");
    }

    @Override
    public Client client() {
        return GeminiCli.CLIENT;
    }

    @Override
    public Optional<ClientProgram> program() {
        return program;
    }

    @Override
    public List<Edit> edits() {
        return List.of(new Edit(settings(places), this::with, GeminiCliSetup::without));
    }

    private Draft with(Content current) throws IOException {
        // Else it asks the user at each call.
        ObjectNode wishes = new JsonMapper().createObjectNode().put("trust", true);
        JsonText text = SERVER.with(
                JsonText.of(current, MEMBERS),
                JsonServer.apart(places.serverCommand()),
                wishes,
                places.home(),
                places.force());
        return HookEntries.with(text, hooks()).draft();
    }

    /** One group per event. Its time limits are in milliseconds. */
    Map<String, ObjectNode> hooks() {
        Map<String, ObjectNode> hooks = new LinkedHashMap<>();
        client().hookEvents(version -> true)
                .forEach(event -> hooks.put(
                        event.name(),
                        HookEntries.group(places.hookCommand(client()), event.timeoutSeconds() * MILLIS)));
        return hooks;
    }

    private static Draft without(Content current, Optional<Content> original) throws IOException {
        JsonText text = JsonText.of(current, MEMBERS);
        JsonText before = JsonText.of(original.orElse(Content.empty()), MEMBERS);
        JsonText rest = HookEntries.restored(text, before);
        return SERVER.restored(rest, rest == text && original.isEmpty() ? Optional.empty() : Optional.of(before))
                .draft();
    }

    @Override
    public List<String> notes() {
        return List.of(
                "Gemini CLI: it starts servers and hooks in folders only that you trust; it asks when it is started"
                        + " in one, and takes '/permissions trust' later. Sessions that are running now take the change up when they"
                        + " are started again.");
    }
}
