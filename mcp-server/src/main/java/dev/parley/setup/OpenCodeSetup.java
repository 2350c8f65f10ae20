package dev.parley.setup;

import dev.parley.client.Client;
import dev.parley.client.OpenCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What Parley puts where for OpenCode: the server, and a file that loads the plug-in. */
final class OpenCodeSetup implements ClientSetup {

    static final JsonServer SERVER = new JsonServer("mcp", "environment");

    /** In the order in which OpenCode takes them: what stands in a later one counts. */
    private static final List<String> NAMES = List.of("opencode.json", "opencode.jsonc");

    /** What a file of Parley's says of itself. */
    private static final String OWN_MARK = "written by 'parley setup'";

    /** What OpenCode waits for a call; its own limit is shorter than what a wait for an answer may take. */
    static final int CALL_LIMIT_MILLIS = 660_000;

    private static final JsonMapper JSON = new JsonMapper();

    private final Places places;
    private final Optional<ClientProgram> program;

    OpenCodeSetup(Places places, Optional<ClientProgram> program) {
        this.places = places;
        this.program = program;
    }

    /** Its configuration: the file that has Parley's entry, else the last one that is there. */
    static Path configuration(Places places) {
        Path directory = places.directory(OpenCode.CONFIGURATION);
        Path last = directory.resolve(NAMES.get(0));
        for (String name : NAMES) {
            Path file = directory.resolve(name);
            last = Files.exists(file) ? file : last;
        }
        return last;
    }

    /** The file that loads the plug-in. */
    static Path plugin(Places places) {
        return places.directory(OpenCode.CONFIGURATION).resolve("plugins/parley.js");
    }

    @Override
    public Client client() {
        return OpenCode.CLIENT;
    }

    @Override
    public Optional<ClientProgram> program() {
        return program;
    }

    @Override
    public List<Edit> edits() {
        if (places.scope() == Scope.PROJECT) {
            return List.of();
        }
        return List.of(
                new Edit(configuration(places), this::with, OpenCodeSetup::without),
                Edit.ownFile(plugin(places), OWN_MARK, this::loader));
    }

    private Draft with(Content current) throws IOException {
        ObjectNode required = JsonServer.together(places.serverCommand());
        required.put("type", "local");
        ObjectNode wishes = JSON.createObjectNode().put("timeout", CALL_LIMIT_MILLIS);
        return SERVER.with(JsonText.of(current, SERVER.members()), required, wishes, places.home(), places.force())
                .draft();
    }

    private static Draft without(Content current, Optional<Content> original) throws IOException {
        JsonText text = JsonText.of(current, SERVER.members());
        Optional<JsonText> before =
                original.isPresent() ? Optional.of(JsonText.of(original.get(), SERVER.members())) : Optional.empty();
        return SERVER.restored(text, before).draft();
    }

    /** The text of the file that loads the plug-in of this distribution. */
    String loader() {
        Distribution distribution = places.distribution();
        return "// Hands mail from other agent sessions over; " + OWN_MARK + ", which also takes it out (--undo).\n"
                + "import { parley } from " + quoted(distribution.openCodePlugin()) + ";\n\n"
                + "export const Parley = parley({ hook: " + quoted(distribution.hook()) + ", home: "
                + JSON.writeValueAsString(places.home().orElse("")) + " });\n";
    }

    private static String quoted(Path path) {
        return JSON.writeValueAsString(path.toString());
    }

    @Override
    public List<String> notes() {
        return List.of("OpenCode: sessions that are running now take the change up when they are started again.");
    }
}
