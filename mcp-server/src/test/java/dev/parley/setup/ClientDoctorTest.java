package dev.parley.setup;

import static org.junit.jupiter.api.Assertions.assertEquals;
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

/** What the doctor sees in the clients' configuration. */
class ClientDoctorTest {

    private Path user;
    private Places places;

    @BeforeEach
    void home(@TempDir Path root) throws IOException {
        user = Files.createDirectories(root.resolve("user"));
        Path bin = Files.createDirectories(root.resolve("bin"));
        program(bin.resolve("claude"), "echo '2.1.328 (Claude Code)'");
        // Told nothing but its version, it cannot tell fingerprints.
        program(bin.resolve("codex"), "[ \"$1\" = --version ] && echo 'codex-cli 0.169.0'");
        places = new Places(
                new Distribution(Path.of("..", "assets").toAbsolutePath().normalize()),
                Map.of("HOME", user.toString(), "PATH", bin + ":" + System.getenv("PATH")),
                Scope.USER,
                user);
    }

    private static void program(Path file, String line) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + line + "\n");
        assertTrue(file.toFile().setExecutable(true));
    }

    private Map<String, Examination> examined() {
        Map<String, Examination> found = new TreeMap<>();
        new ClientDoctor(places).examine().forEach(examination -> found.put(examination.check(), examination));
        return found;
    }

    private void setUp() throws IOException {
        Setup setup = new Setup(places, user.resolve(".parley"), Set.of(), false);
        setup.install(setup.plan());
    }

    private static void assertLevel(Level level, Map<String, Examination> found, String check) {
        Examination examination = found.get(check);
        assertTrue(examination != null, () -> check + " not in " + found.keySet());
        assertEquals(level, examination.level(), examination::toString);
        assertEquals(level != Level.OK, !examination.remedy().isEmpty(), examination::toString);
    }

    @Test
    void beforeSetup() {
        Map<String, Examination> found = examined();
        assertEquals("2.1.328", found.get("claude-code").seen().split(",", 2)[0]);
        for (String client : List.of("claude-code", "codex")) {
            assertLevel(Level.FAILURE, found, client + " server");
            assertLevel(Level.WARNING, found, client + " hooks");
        }
    }

    @Test
    void afterSetup() throws Exception {
        setUp();
        Map<String, Examination> found = examined();
        for (String check : List.of(
                "claude-code server",
                "claude-code hooks",
                "codex server",
                "codex hooks",
                "codex required",
                "codex tool_timeout_sec")) {
            assertLevel(Level.OK, found, check);
        }
        assertLevel(Level.WARNING, found, "codex trust");
    }

    @Test
    void whatHasDriftedSince() throws Exception {
        setUp();
        edit(".claude/settings.json", "\"timeout\": 10", "\"timeout\": 11");
        edit(".claude/settings.json", "\"mcp__parley\"", "\"other\"");
        edit(".codex/config.toml", "required = true", "required = false");
        edit(".codex/config.toml", "tool_timeout_sec = 600", "tool_timeout_sec = 20");

        Map<String, Examination> found = examined();

        for (String check :
                List.of("claude-code hooks", "claude-code permissions", "codex required", "codex tool_timeout_sec")) {
            assertLevel(Level.WARNING, found, check);
        }
    }

    @Test
    void whatPointsToNothing() throws Exception {
        setUp();
        edit(".claude.json", "/bin/parley", "/gone/parley");
        edit(".codex/hooks.json", "/hooks/parley-hook", "/gone it is/parley-hook");

        Map<String, Examination> found = examined();

        assertLevel(Level.FAILURE, found, "claude-code server");
        assertLevel(Level.FAILURE, found, "codex hooks");
    }

    @Test
    void aFileThatNobodyCanRead() throws Exception {
        setUp();
        Files.writeString(user.resolve(".codex/config.toml"), "a = \n");
        Files.writeString(user.resolve(".claude.json"), "{");

        Map<String, Examination> found = examined();

        assertLevel(Level.FAILURE, found, "claude-code configuration");
        assertLevel(Level.FAILURE, found, "codex configuration");
    }

    private void edit(String name, String from, String to) throws IOException {
        Path file = user.resolve(name);
        String text = Files.readString(file);
        assertTrue(text.contains(from), text);
        Files.writeString(file, text.replace(from, to));
    }

    @Test
    void theScriptOfACommandIsFound() {
        assertEquals(
                "/a/parley-hook",
                HookEntries.script("/a/parley-hook codex").orElseThrow().toString());
        assertEquals(
                "/it's/a b/parley-hook",
                HookEntries.script("PARLEY_HOME='/x y' '/it'\\''s/a b/parley-hook' codex")
                        .orElseThrow()
                        .toString());
        assertTrue(HookEntries.script("echo parley-hooks").isEmpty());
    }
}
