package dev.parley.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.SessionId;
import dev.parley.fixture.Distribution;
import dev.parley.fixture.Shell;
import dev.parley.peer.Peer;
import dev.parley.peer.Project;
import dev.parley.peer.Registration;
import dev.parley.store.Durability;
import dev.parley.store.Store;
import dev.parley.store.peer.FilePeerDirectory;
import dev.parley.store.process.LocalProcessTable;
import dev.parley.trace.Trace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code parley doctor} as a user calls it, in a home that {@code parley setup} has set up, whole and broken. */
@Tag("slow")
class DoctorStdioIT {

    private Path user;
    private Path project;
    private Map<String, String> environment;

    @BeforeEach
    void setUp(@TempDir Path root) throws Exception {
        user = Files.createDirectories(root.resolve("user")).toRealPath();
        project = Files.createDirectories(root.resolve("project"));
        Path bin = Files.createDirectories(root.resolve("bin"));
        script(bin.resolve("claude"), "echo '2.1.328 (Claude Code)'");
        environment = new TreeMap<>(Shell.environment(user.resolve(".parley")));
        environment.remove("PARLEY_HOME");
        environment.put("PATH", bin + ":/usr/bin:/bin");
        parley("setup", "--client", "claude-code").exited(0);
    }

    private static void script(Path file, String text) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + text + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Shell parley(String... arguments) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Distribution.checkout().resolve("assets/bin/parley").toString());
        command.addAll(List.of(arguments));
        return Shell.run(command, environment, project, "");
    }

    /** What it says as JSON, by check; every remedy is one line, and there is one where something is wrong. */
    private Map<String, JsonNode> examined(int exit) throws Exception {
        Shell shell = parley("doctor", "--json").exited(exit);
        assertEquals("", shell.err());
        JsonNode said = JsonMapper.builder().build().readTree(shell.out());
        assertEquals(1, said.path("schema_version").asInt());
        Map<String, JsonNode> checks = new TreeMap<>();
        for (JsonNode check : said.path("checks")) {
            String level = check.path("level").asString();
            assertTrue(List.of("ok", "warning", "failure").contains(level), check::toString);
            assertFalse(check.path("seen").asString().isEmpty(), check::toString);
            assertEquals(level.equals("ok"), check.path("remedy").isNull(), check::toString);
            assertFalse(check.path("remedy").asString("").contains("\n"), check::toString);
            checks.put(check.path("check").asString(), check);
        }
        return checks;
    }

    private static void assertWrong(Map<String, JsonNode> checks, String name, String level, String remedy) {
        JsonNode check = checks.get(name);
        assertNotNull(check, () -> name + " is not in " + checks.keySet());
        assertEquals(level, check.path("level").asString(), check::toString);
        assertTrue(check.path("remedy").asString().contains(remedy), check::toString);
    }

    private void edit(String name, String from, String to) throws IOException {
        Path file = user.resolve(name);
        String text = Files.readString(file);
        assertTrue(text.contains(from), text);
        Files.writeString(file, text.replace(from, to));
    }

    @Test
    void aHealthyHomeIsWellForPeopleAndPrograms() throws Exception {
        Shell shell = parley("doctor").exited(0);
        assertEquals("", shell.err());
        List<String> marks = shell.out()
                .lines()
                .filter(line -> line.matches("(ok  |warn|FAIL)  .*"))
                .toList();
        for (String check : List.of("java", "claude-code server", "claude-code hooks", "store")) {
            assertTrue(marks.stream().anyMatch(line -> line.startsWith("ok    " + check + ": ")), shell::out);
        }
        assertFalse(shell.out().contains("FAIL"), shell::out);
        // How fast it starts is this machine's; whether that is well is told by the same check.
        assertTrue(shell.out().matches("(?s).*answers initialize after \\d+ ms, the second time after \\d+ ms.*"));

        Map<String, JsonNode> checks = examined(0);
        assertEquals(marks.size(), checks.size());
        assertTrue(checks.containsKey("disk space") && checks.containsKey("tmux") && checks.containsKey("locks"));
    }

    @Test
    void whatIsBrokenIsNamedWithWhatToDo() throws Exception {
        edit(".claude/settings.json", "\"Stop\"", "\"SubagentStop\"");
        edit(".claude.json", "/bin/parley", "/gone/parley");
        Files.setPosixFilePermissions(user.resolve(".parley"), PosixFilePermissions.fromString("rwxrwxrwx"));

        Map<String, JsonNode> checks = examined(1);

        assertWrong(checks, "claude-code hooks", "warning", "parley setup");
        assertWrong(checks, "claude-code server", "failure", "parley setup");
        assertWrong(checks, "store", "failure", "PARLEY_HOME");
        assertTrue(checks.get("store").path("seen").asString().contains("chmod go-w"), checks::toString);
        Shell shell = parley("doctor").exited(1);
        assertTrue(shell.out().contains("FAIL  claude-code server: "), shell::out);
        assertTrue(shell.out().contains("\n      -> "), shell::out);
    }

    @Test
    void aPlugInThatIsNotTakenIsNamed() throws Exception {
        Path jar = Files.createDirectories(user.resolve(".parley/plugins")).resolve("mine.jar");
        Files.setPosixFilePermissions(jar.getParent(), PosixFilePermissions.fromString("rwx------"));
        Files.writeString(jar, "no jar");
        Files.setPosixFilePermissions(jar, PosixFilePermissions.fromString("rw-------"));

        Map<String, JsonNode> checks = examined(1);

        assertWrong(checks, "plug-in", "failure", "remove it from " + jar.getParent());
        assertTrue(checks.get("plug-in").path("seen").asString().startsWith(jar.toString()), checks::toString);
    }

    @Test
    void aMailboxThatCannotBeLookedAtIsNamedAndHidesNobody() throws Exception {
        Store store = Store.open(user.resolve(".parley"), Durability.PROCESS, Trace.NONE);
        FilePeerDirectory peers = new FilePeerDirectory(store, LocalProcessTable.INSTANCE);
        Peer broken = peers.register(registration("broken"));
        Peer whole = peers.register(registration("whole"));
        Files.delete(store.mailbox(broken.id()).resolve("new"));

        Map<String, JsonNode> checks = examined(1);

        assertWrong(checks, "mailbox of " + broken.name(), "failure", "parley check --repair");
        assertTrue(checks.containsKey("peer " + broken.name()), () -> "not in " + checks.keySet());
        assertTrue(checks.containsKey("peer " + whole.name()), () -> "not in " + checks.keySet());
    }

    private Registration registration(String id) throws IOException {
        return new Registration(
                new SessionId(id),
                "another-client",
                project.toString(),
                Project.of(project).key(),
                Optional.of(LocalProcessTable.INSTANCE.self()),
                Optional.empty(),
                Optional.empty(),
                false);
    }

    @Test
    void aStoreThatCannotBeMadeIsNamed() throws Exception {
        environment.put("PARLEY_HOME", user.resolve(".claude.json/below").toString());
        assertWrong(examined(1), "store", "failure", "PARLEY_HOME");
    }

    @Test
    void withoutANewEnoughJavaTheLauncherSaysWhatToDo() throws Exception {
        Path old = Files.createDirectories(user.resolve("old")).resolve("java");
        script(old, "echo 'openjdk version \"11.0.2\" 2019-01-15' >&2");
        environment.put("PARLEY_JAVA", old.toString());
        Shell shell = parley("doctor").exited(1).says("PARLEY_JAVA", "11.0.2", "needs 17");
        assertEquals("", shell.out());
        assertEquals(1, shell.err().lines().count(), shell::err);
    }
}
