package dev.parley.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.fixture.Distribution;
import dev.parley.fixture.Shell;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code parley setup} as a user calls it. */
@Tag("slow")
class SetupStdioIT {

    private Path user;
    private Path project;
    private Path bin;
    private Map<String, String> environment;

    @BeforeEach
    void home(@TempDir Path root) throws Exception {
        user = Files.createDirectories(root.resolve("user")).toRealPath();
        project = Files.createDirectories(root.resolve("project")).toRealPath();
        bin = Files.createDirectories(root.resolve("bin"));
        client("claude", "echo '2.1.332 (Claude Code)'");
        environment = new TreeMap<>(Shell.environment(user.resolve(".parley")));
        environment.remove("PARLEY_HOME");
        environment.put("PATH", bin + ":/usr/bin:/bin");
    }

    private void client(String name, String line) throws IOException {
        Path file = Files.writeString(bin.resolve(name), "#!/bin/sh\n" + line + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Shell parley(String... arguments) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Distribution.checkout().resolve("assets/bin/parley").toString());
        command.addAll(List.of(arguments));
        return Shell.run(command, environment, project, "");
    }

    private static List<String> files(Path below) throws IOException {
        try (Stream<Path> all = Files.walk(below)) {
            return all.filter(Files::isRegularFile)
                    .map(file -> below.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }

    @Test
    void aProjectIsSetUpForEverybodyAndUndoneAsItsHintSays() throws Exception {
        Shell setUp =
                parley("setup", "--scope", "project", "--client", "claude-code").exited(0);
        setUp.says("put it on the PATH");
        for (String file : files(project)) {
            String text = Files.readString(project.resolve(file));
            for (Path here : List.of(user, project, Distribution.checkout())) {
                assertFalse(text.contains(here.toString()), text);
            }
        }
        Files.createSymbolicLink(bin.resolve("parley"), Distribution.checkout().resolve("assets/bin/parley"));
        Shell doctor = parley("doctor");
        doctor.says("claude-code server: parley (project scope)", "ok    claude-code hooks");
        assertFalse(doctor.out().contains("not registered"), doctor::out);

        String hint = setUp.out()
                .lines()
                .filter(line -> line.contains("to restore them: "))
                .findFirst()
                .orElseThrow();
        String command = hint.substring(hint.indexOf("parley setup"));
        assertEquals("parley setup --undo --scope project --client claude-code (in this directory)", command);
        parley("setup", "--undo", "--scope", "project", "--client", "claude-code")
                .exited(0);

        assertEquals(List.of(), files(project));
    }

    /** What shared files call. */
    @Test
    void theHookIsFoundByTheLaunchersName() throws Exception {
        Files.createSymbolicLink(bin.resolve("parley"), Distribution.checkout().resolve("assets/bin/parley"));
        String input =
                "{\"hook_event_name\":\"SessionStart\",\"session_id\":\"a-session\",\"cwd\":\"" + project + "\"}";
        String command = "! command -v parley >/dev/null || exec parley hook claude-code";
        Shell hook = Shell.run(List.of("sh", "-c", command), environment, project, input)
                .exited(0);
        assertTrue(hook.out().contains("hookSpecificOutput"), hook::toString);
        environment.put("PATH", "/usr/bin:/bin");
        Shell without = Shell.run(List.of("sh", "-c", command), environment, project, input)
                .exited(0);
        assertEquals("", without.out() + without.err());
    }

    @Test
    void aClientThatIsGoneIsUndoneAndTheLastLineSaysWhatToDo() throws Exception {
        Shell setUp = parley("setup").exited(0);
        List<String> lines = setUp.out().lines().toList();
        assertTrue(lines.get(lines.size() - 1).startsWith("Next: start two sessions in one project"), setUp::out);
        Files.delete(bin.resolve("claude"));

        Shell undone = parley("setup", "--undo").exited(0);

        undone.says("claude-code (not on the PATH)", "removed " + user.resolve(".claude.json"));
        assertEquals(
                List.of(),
                files(user).stream()
                        .filter(file -> !file.startsWith(".parley/"))
                        .toList());
    }

    /** Above all, that nobody is to be started any more can be said wherever the clients are. */
    @Test
    void resumingIsSwitchedWithoutAnyClient() throws Exception {
        environment.put("PATH", "/usr/bin:/bin");
        Path said = user.resolve(".parley/resume");
        parley("setup").exited(1).says("is on the PATH; name one with --client");
        parley("setup", "--resume=project").exited(0);
        assertTrue(Files.readString(said).contains("project " + project), Files.readString(said));
        Shell off = parley("setup", "--resume=off").exited(0);
        assertFalse(Files.readString(said).contains("project /"), Files.readString(said));
        assertFalse(off.out().contains("Next:"), off::toString);
        assertFalse(Files.exists(user.resolve(".claude.json")), "nothing is set up");
    }

    @Test
    void anUndoOfOneClientNamesWhatIsLeft() throws Exception {
        parley("setup").exited(0);
        parley("setup", "--undo", "--client", "codex")
                .exited(0)
                .says("left    " + user.resolve(".claude.json") + ": run 'parley setup --undo --client claude-code'");
    }

    @Test
    void theHelpSaysWhatASecondRunDoes() throws Exception {
        String help = parley("setup", "--help").exited(0).out().replaceAll("\\s+", " ");
        assertTrue(help.contains("keeps what you added to Parley's own entries"), help);
        assertFalse(help.contains("Running it again changes nothing"), help);
    }

    /** Far more than a server's heap. */
    @Test
    @Tag("slow")
    void aStateFileOf100MegabytesIsSetUpAndUndone() throws Exception {
        Path state = user.resolve(".claude.json");
        try (BufferedWriter out = Files.newBufferedWriter(state)) {
            out.write("{\n  \"projects\": {");
            for (int i = 0; i < 20_000; i++) {
                out.write(
                        (i == 0 ? "" : ",") + "\n    \"/p/" + i + "\": {\"history\": [\"" + "x".repeat(5_200) + "\"]}");
            }
            out.write("\n  }\n}\n");
        }
        long size = Files.size(state);
        assertTrue(size > 100_000_000);
        Path copy = Files.copy(state, user.resolve("copy"));
        environment.put("PARLEY_JVM_OPTS", "-Xmx64m");

        parley("setup").exited(0);
        assertTrue(Files.size(state) > size);
        parley("doctor").says("ok    claude-code server");
        parley("setup", "--undo").exited(0);

        assertEquals(-1, Files.mismatch(copy, state));
    }
}
