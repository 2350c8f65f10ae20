package dev.parley.setup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Setting up and undoing, in a home without clients. */
class SetupTest {

    private static final Distribution DISTRIBUTION =
            new Distribution(Path.of("..", "assets").toAbsolutePath().normalize());

    private Path root;
    private Path user;
    private Path store;

    @BeforeEach
    void home(@TempDir Path root) throws IOException {
        this.root = root;
        user = Files.createDirectories(root.resolve("user"));
        store = Files.createDirectories(root.resolve("store"));
    }

    private Setup setup(Scope scope) {
        Places places = new Places(DISTRIBUTION, Map.of("HOME", user.toString()), scope, user.resolve("project"));
        return new Setup(places, store, Set.of("claude-code", "codex"), true);
    }

    private void install() throws IOException {
        Setup setup = setup(Scope.USER);
        setup.install(setup.plan());
    }

    private void undo() throws IOException {
        Setup setup = setup(Scope.USER);
        setup.undo(setup.planUndo());
    }

    private Path write(String name, String text) throws IOException {
        Path file = user.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    private Map<String, String> everything() throws IOException {
        Map<String, String> all = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(user)) {
            for (Path path : paths.toList()) {
                all.put(
                        user.relativize(path).toString(),
                        Files.isDirectory(path) ? "directory" : Files.readString(path));
            }
        }
        return all;
    }

    @Test
    void undoRestoresExactly() throws Exception {
        write(".claude.json", "{\"mcpServers\":{\"a\":{}} , \"n\":1}");
        write(".claude/settings.json", "{ // mine\n\t\"hooks\": {},\n\t\"permissions\": {\"allow\": []}\n}");
        write(".codex/config.toml", "model = 'x'");
        Files.createDirectories(user.resolve(".claude/commands"));
        Map<String, String> before = everything();

        install();
        assertFalse(before.equals(everything()));
        for (String part : List.of("setup", "setup/before")) {
            assertEquals(
                    "rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(store.resolve(part))));
        }
        undo();

        assertEquals(before, everything());
        assertFalse(Files.exists(store.resolve("setup")));
    }

    @Test
    void anEmptyHomeIsEmptyAgainAfterwards() throws Exception {
        Map<String, String> before = everything();
        install();
        undo();
        assertEquals(before, everything());
    }

    @Test
    void anEmptyFileStays() throws Exception {
        write(".codex/config.toml", "");
        Map<String, String> before = everything();
        install();
        undo();
        assertEquals(before, everything());
    }

    @Test
    void asSecondTimeChangesNothing() throws Exception {
        install();
        assertEquals(List.of(), setup(Scope.USER).plan());
    }

    @Test
    void whatTheUserChangedSinceStays() throws Exception {
        write(".claude/settings.json", "{\n  \"model\": \"a\"\n}\n");
        install();
        Path settings = user.resolve(".claude/settings.json");
        Files.writeString(settings, Files.readString(settings).replace("\"model\": \"a\"", "\"model\": \"b\""));

        undo();

        assertEquals("{\n  \"model\": \"b\"\n}\n", Files.readString(settings));
    }

    @Test
    void anUpdateKeepsTheOriginal() throws Exception {
        Path settings = write(".claude/settings.json", "{\"model\": \"a\"}");
        Map<String, String> before = everything();
        install();
        Files.writeString(settings, Files.readString(settings).replace("/hooks/parley-hook", "/old/hooks/parley-hook"));
        // As if an older setup had written that.
        Setup update = setup(Scope.USER);
        update.install(update.plan());
        assertFalse(Files.readString(settings).contains("/old/"));

        undo();

        assertEquals(before, everything());
    }

    @Test
    void undoWithoutAJournalTakesOutWhatIsOurs() throws Exception {
        write(".claude/settings.json", "{\n  \"model\": \"a\"\n}\n");
        write(".codex/config.toml", "model = \"x\"\n");
        Map<String, String> before = everything();
        install();
        Files.delete(store.resolve("setup/journal.json"));

        undo();

        Map<String, String> after = everything();
        assertEquals(before.get(".claude/settings.json"), after.get(".claude/settings.json"));
        assertEquals(before.get(".codex/config.toml"), after.get(".codex/config.toml"));
        assertFalse(after.containsKey(".claude/commands/parley.md"));
        assertFalse(String.join("", after.values()).contains("parley-hook"));
    }

    @Test
    void aFileThatIsNotUnderstoodStopsEverythingBeforeAnythingChanges() throws Exception {
        write(".codex/config.toml", "model = \n");
        Map<String, String> before = everything();

        IOException refused = assertThrows(IOException.class, this::install);

        assertTrue(String.valueOf(refused.getMessage()).contains(".codex/config.toml is not valid TOML"));
        assertEquals(before, everything());
    }

    @Test
    void aForeignCommandOfTheSameNameIsNotOverwritten() throws Exception {
        write(".claude/commands/parley.md", "my own notes\n");
        assertThrows(IOException.class, this::install);
        assertEquals("my own notes\n", Files.readString(user.resolve(".claude/commands/parley.md")));
    }

    @Test
    void linksAndPermissionsStay() throws Exception {
        Path real = Files.createDirectories(root.resolve("dotfiles")).resolve("settings.json");
        Files.writeString(real, "{}\n");
        Files.setPosixFilePermissions(real, PosixFilePermissions.fromString("rw-r--r--"));
        Files.createDirectories(user.resolve(".claude"));
        Path link = Files.createSymbolicLink(user.resolve(".claude/settings.json"), real);

        install();

        assertTrue(Files.isSymbolicLink(link));
        assertTrue(Files.readString(real).contains("parley-hook"));
        assertEquals("rw-r--r--", PosixFilePermissions.toString(Files.getPosixFilePermissions(real)));
        assertEquals(
                "rw-------",
                PosixFilePermissions.toString(Files.getPosixFilePermissions(user.resolve(".codex/hooks.json"))));
    }

    @Test
    void aFileThatChangesInBetweenIsNotOverwritten() throws Exception {
        Setup setup = setup(Scope.USER);
        List<Change> plan = setup.plan();
        write(".claude.json", "{\"new\": true}");

        assertThrows(IOException.class, () -> setup.install(plan));

        assertEquals("{\"new\": true}", Files.readString(user.resolve(".claude.json")));
    }

    @Test
    void aProjectIsSetUpInItsOwnFiles() throws Exception {
        Setup setup = setup(Scope.PROJECT);
        setup.install(setup.plan());

        assertEquals(
                Set.of(".mcp.json", ".claude/settings.json", ".claude/commands/parley.md"),
                everything().entrySet().stream()
                        .filter(entry -> !entry.getValue().equals("directory"))
                        .map(entry -> entry.getKey().substring("project/".length()))
                        .collect(java.util.stream.Collectors.toSet()));
        assertTrue(setup.notes().toString().contains("per user only"));
    }

    @Test
    void anOlderClientGetsAHookOnToolCallsInstead() {
        Places places = new Places(DISTRIBUTION, Map.of("HOME", user.toString()), Scope.USER, user);
        Path program = Path.of("/bin/claude");
        assertEquals(
                Set.of("SessionStart", "UserPromptSubmit", "Stop", "SessionEnd", "PostToolUse"),
                new ClaudeCodeSetup(places, java.util.Optional.of(new ClientProgram(program, "2.1.82")))
                        .hooks()
                        .keySet());
        for (String version : List.of("2.1.83", "2.2.0", "10.0.0", "")) {
            assertTrue(new ClaudeCodeSetup(places, java.util.Optional.of(new ClientProgram(program, version)))
                    .hooks()
                    .containsKey("FileChanged"));
        }
    }

    @Test
    void anotherLauncherIsWrittenAndTakenOutAgainByteForByte() throws Exception {
        write(".claude.json", "{\"mcpServers\":{\"a\":{}} , \"n\":1}");
        write(".codex/config.toml", "model = 'x'");
        Path base = Files.createDirectories(root.resolve("dist"));
        for (String part : List.of("bin", "hooks", "commands", "codex-skill", "jbang")) {
            Files.createDirectories(base.resolve(part));
        }
        Files.writeString(base.resolve("commands/parley.md"), "Parley");
        Files.writeString(base.resolve("codex-skill/SKILL.md"), "name: parley");
        Path jar = Files.writeString(base.resolve("parley-all.jar"), "a jar");
        Path jbang = Files.writeString(
                Files.createDirectories(root.resolve("programs")).resolve("jbang"), "#!/bin/sh");
        assertTrue(jbang.toFile().setExecutable(true));
        Map<String, String> before = everything();
        Map<String, String> environment = Map.of("HOME", user.toString(), "PATH", "relative:" + jbang.getParent());
        for (Launcher launcher : Launcher.values()) {
            Places places = new Places(new Distribution(base), environment, Scope.USER, user, launcher);
            Setup setup = new Setup(places, store, Set.of("claude-code", "codex"), false);
            setup.install(setup.plan());
            List<String> command = places.serverCommand();
            for (String word : command) {
                assertTrue(everything().get(".claude.json").contains("\"" + word + "\""), word);
                assertTrue(everything().get(".codex/config.toml").contains("\"" + word + "\""), word);
            }
            assertEquals(List.of(), setup.plan(), "doing it again changes nothing");
            assertEquals("serve", command.get(command.size() - 1));
            switch (launcher) {
                case DIST -> assertEquals(base.resolve("bin/parley").toString(), command.get(0));
                case JAR -> assertTrue(command.containsAll(List.of("-jar", jar.toString())), command::toString);
                case JBANG ->
                    assertEquals(
                            List.of(jbang.toString(), "--quiet", "parley@" + base.resolve("jbang"), "serve"),
                            command.subList(command.size() - 4, command.size()));
            }
            setup.undo(setup.planUndo());
            assertEquals(before, everything());
        }
    }

    /** What the launcher does for itself, the command does for the other two; and the client stays the server's parent. */
    @Test
    void withoutTheLauncherTheCommandSeesToLocaleAndOptions() throws Exception {
        Path base = Files.createDirectories(root.resolve("dist"));
        Files.writeString(base.resolve("parley-all.jar"), "a jar");
        Places places =
                new Places(new Distribution(base), Map.of("HOME", user.toString()), Scope.USER, user, Launcher.JAR);

        List<String> command = places.serverCommand();

        assertEquals("/usr/bin/env", command.get(0));
        for (String variable : List.of("JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS")) {
            assertEquals("-u", command.get(command.indexOf(variable) - 1));
        }
        assertTrue(command.contains("LC_ALL=C.UTF-8"), command::toString);
    }

    @Test
    void theDirectoriesThatItMakesAreTheUsersAlone() throws IOException {
        install();

        for (String directory : List.of(".claude", ".claude/commands", ".codex")) {
            assertEquals(
                    "rwx------",
                    PosixFilePermissions.toString(Files.getPosixFilePermissions(user.resolve(directory))),
                    directory);
        }
    }

    @Test
    void aHomeThatIsNotAbsoluteIsRefusedWithWhatToSet() {
        for (String home : List.of("relative", "~", "?")) {
            Places places = new Places(DISTRIBUTION, Map.of("HOME", home), Scope.USER, user);
            String why = assertThrows(UncheckedIOException.class, places::user).getMessage();
            assertTrue(why.contains("set HOME"), why);
        }
    }

    @Test
    void aLauncherThatIsNotThereChangesNothing() throws Exception {
        Places places = new Places(
                new Distribution(root), Map.of("HOME", user.toString(), "PATH", ""), Scope.USER, user, Launcher.JBANG);
        Setup setup = new Setup(places, store, Set.of("claude-code", "codex"), false);
        assertTrue(assertThrows(IOException.class, setup::plan).getMessage().contains("jbang"));
        assertEquals(Map.of("", "directory"), everything());
    }

    @Test
    void anotherStoreIsToldToEveryProcess() throws Exception {
        Places places =
                new Places(DISTRIBUTION, Map.of("HOME", user.toString(), "PARLEY_HOME", "/my store"), Scope.USER, user);
        Setup setup = new Setup(places, store, Set.of("claude-code", "codex"), false);
        setup.install(setup.plan());

        Map<String, String> files = everything();
        assertTrue(files.get(".claude.json").contains("\"PARLEY_HOME\": \"/my store\""));
        assertTrue(files.get(".claude/settings.json").contains("PARLEY_HOME='/my store' "));
        assertTrue(files.get(".codex/hooks.json").contains("PARLEY_HOME='/my store' "));
        assertTrue(files.get(".codex/config.toml").contains("env = { PARLEY_HOME = \"/my store\" }"));
        assertTrue(setup.notes().toString().contains("Trust all"));
    }
}
