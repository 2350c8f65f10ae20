package dev.parley.setup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.setup.Examination.Level;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Gemini CLI and OpenCode, set up, examined and undone. */
class MoreClientsSetupTest {

    private static final String GEMINI = ".gemini/settings.json";
    private static final String OPENCODE = ".config/opencode/opencode.jsonc";
    private static final String PLUGIN = ".config/opencode/plugins/parley.js";
    private static final Distribution DISTRIBUTION =
            new Distribution(Path.of("..", "assets").toAbsolutePath().normalize());

    private SetupHome home;

    @BeforeEach
    void home(@TempDir Path root) throws IOException {
        home = new SetupHome(root);
        home.clients = Set.of("gemini-cli", "opencode");
    }

    private Map<String, Examination> examined() throws IOException {
        Path bin = Files.createDirectories(home.root.resolve("bin"));
        for (String name : List.of("gemini", "opencode")) {
            Files.writeString(bin.resolve(name), "#!/bin/sh\necho 1.2.3\n");
            assertTrue(bin.resolve(name).toFile().setExecutable(true));
        }
        Places places = new Places(
                DISTRIBUTION,
                Map.of("HOME", home.user.toString(), "PATH", bin + ":" + System.getenv("PATH")),
                Scope.USER,
                home.user);
        Map<String, Examination> found = new TreeMap<>();
        new ClientDoctor(places, home.root.resolve("system"))
                .examine()
                // The worst of what is said of one thing.
                .forEach(each -> found.merge(
                        each.check(), each, (one, other) -> one.level().compareTo(other.level()) > 0 ? one : other));
        return found;
    }

    private void assertLevel(Level level, String check) throws IOException {
        Map<String, Examination> found = examined();
        assertTrue(found.containsKey(check), found::toString);
        assertEquals(level, found.get(check).level(), found::toString);
    }

    @Test
    void commentsAndOrderStayAndUndoRestoresExactly() throws Exception {
        home.write(GEMINI, "{ // mine\n\t\"theme\": \"x\", /* and */ \"hooks\": {\"AfterTool\": []},\n}");
        home.write(
                OPENCODE,
                "{\n    // mine\n    \"model\": \"a/b\", // why\n    \"mcp\": {\"x\": {\"enabled\": false}},\n}\n");
        Map<String, String> before = home.everything();

        home.install();
        assertTrue(
                home.text(OPENCODE).startsWith("{\n    // mine\n    \"model\": \"a/b\", // why\n"),
                home.text(OPENCODE));
        assertTrue(home.text(GEMINI).startsWith("{ // mine\n\t\"theme\": \"x\", /* and */ "), home.text(GEMINI));
        Map<String, String> once = home.everything();
        home.install();
        assertEquals(once, home.everything(), "a second time changes nothing");

        home.undo();
        assertEquals(before, home.everything());
    }

    @Test
    void whatIsWrittenIsWhatTheClientsRead() throws Exception {
        home.install();

        JsonNode gemini = SetupHome.json(home.text(GEMINI));
        assertEquals(
                DISTRIBUTION.launcher().toString(),
                gemini.at("/mcpServers/parley/command").asString());
        assertTrue(gemini.at("/mcpServers/parley/trust").asBoolean());
        assertEquals(6, gemini.path("hooks").size());
        assertEquals(10_000, gemini.at("/hooks/BeforeAgent/0/hooks/0/timeout").asInt());
        assertEquals(
                DISTRIBUTION.hook() + " gemini-cli",
                gemini.at("/hooks/AfterAgent/0/hooks/0/command").asString());
        JsonNode open = SetupHome.json(home.text(".config/opencode/opencode.json"));
        assertEquals("local", open.at("/mcp/parley/type").asString());
        assertEquals("serve", open.at("/mcp/parley/command/1").asString());
        assertEquals(660_000, open.at("/mcp/parley/timeout").asInt());
        String plugin = home.text(PLUGIN);
        assertTrue(plugin.contains("\"" + DISTRIBUTION.hook() + "\""), plugin);
        assertTrue(Files.exists(DISTRIBUTION.openCodePlugin()), "what it loads is there");
    }

    @Test
    void whatYouAddedToTheEntriesStays() throws Exception {
        home.write(GEMINI, "{\n  \"theme\": \"x\"\n}\n");
        home.install();
        home.edit(GEMINI, "\"trust\": true", "\"trust\": false, \"timeout\": 5");
        home.edit(".config/opencode/opencode.json", "660000", "1");
        Map<String, String> changed = home.everything();
        home.install();
        assertEquals(changed, home.everything());
        home.undo();
        assertFalse(home.text(GEMINI).contains("parley"), "in a file that was changed since, what setup put in goes");
    }

    @Test
    void aServerOfThatNameThatIsAnotherIsRefused() throws Exception {
        home.write(OPENCODE, "{\"mcp\": {\"parley\": {\"type\": \"local\", \"command\": [\"mine\", \"x\"]}}}");
        Map<String, String> before = home.everything();
        Exception refused = assertThrows(IOException.class, home::install);
        assertTrue(String.valueOf(refused.getMessage()).contains("mine x"), refused::toString);
        assertEquals(before, home.everything());
        home.force = true;
        home.install();
        home.undo();
        assertEquals(before, home.everything());
    }

    @Test
    void theDoctorSeesWhatIsThereAndWhatKeepsItFromWorking() throws Exception {
        assertLevel(Level.FAILURE, "gemini-cli server");
        assertLevel(Level.WARNING, "opencode plug-in");
        home.install();
        for (String check : List.of("gemini-cli server", "gemini-cli hooks", "opencode server", "opencode plug-in")) {
            assertLevel(Level.OK, check);
        }

        home.edit(".config/opencode/opencode.json", "660000", "5000");
        assertLevel(Level.WARNING, "opencode timeout");
        home.edit(PLUGIN, "parley-hook", "other-hook");
        assertLevel(Level.WARNING, "opencode plug-in");
        home.edit(GEMINI, "\"trust\": true", "\"trust\": false");
        assertLevel(Level.WARNING, "gemini-cli trust");
        home.edit(GEMINI, "\"mcpServers\"", "\"hooksConfig\": {\"enabled\": false}, \"mcpServers\"");
        assertLevel(Level.FAILURE, "gemini-cli hooks");
    }

    /** Some take seconds to say what version they are. */
    @Test
    void onlyTheClientsThatAreMeantAreAsked() throws Exception {
        Path bin = Files.createDirectories(home.root.resolve("bin"));
        for (String name : List.of("claude", "codex", "gemini", "opencode")) {
            Files.writeString(bin.resolve(name), "#!/bin/sh\n: >'" + bin + "/asked-" + name + "'\necho 1.2.3\n");
            assertTrue(bin.resolve(name).toFile().setExecutable(true));
        }
        Places places = new Places(
                DISTRIBUTION,
                Map.of("HOME", home.user.toString(), "PATH", bin + ":" + System.getenv("PATH")),
                Scope.USER,
                home.user);

        Setup setup = new Setup(places, home.root.resolve("store"), Set.of("opencode"), true);

        assertEquals("opencode", setup.clients().get(0).name());
        assertTrue(Files.exists(bin.resolve("asked-opencode")));
        for (String other : List.of("claude", "codex", "gemini")) {
            assertFalse(Files.exists(bin.resolve("asked-" + other)), other);
        }
    }
}
