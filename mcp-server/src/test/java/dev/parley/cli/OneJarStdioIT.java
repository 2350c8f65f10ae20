package dev.parley.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.fixture.Distribution;
import dev.parley.fixture.ServerProcess;
import dev.parley.fixture.Shell;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code java -jar} of the one jar that holds everything. */
class OneJarStdioIT {

    private static final Path JAR = Distribution.directory().resolve("parley-all.jar");

    @TempDir
    Path root;

    private List<String> java(String... arguments) {
        List<String> command =
                new java.util.ArrayList<>(List.of(Distribution.java().toString(), "-jar", JAR.toString()));
        command.addAll(List.of(arguments));
        return command;
    }

    @Test
    void itServesAllToolsFromOneFile() throws Exception {
        Map<String, String> environment = Shell.environment(root.resolve("store"));
        TreeSet<String> tools = new TreeSet<>();
        try (ServerProcess server = ServerProcess.start(java("serve"), root, environment)) {
            ObjectNode hello = ServerProcess.object().put("protocolVersion", "2025-06-18");
            hello.putObject("capabilities");
            hello.putObject("clientInfo").put("name", "test").put("version", "1");
            assertEquals(
                    "parley",
                    server.send("initialize", hello)
                            .await()
                            .path("result")
                            .path("serverInfo")
                            .path("name")
                            .asString());
            server.tell("notifications/initialized", ServerProcess.object());
            server.send("tools/list", ServerProcess.object())
                    .await()
                    .path("result")
                    .path("tools")
                    .forEach(tool -> tools.add(tool.path("name").asString()));
            ObjectNode call = ServerProcess.object().put("name", "claim_session");
            call.putObject("arguments").put("session_id", "one-jar");
            JsonNode claimed = server.send("tools/call", call).await().path("result");
            assertTrue(claimed.toString().contains("one-jar"), claimed::toString);
            // A check that no field of the record fails is one that the validator has not seen.
            call.putObject("arguments").put("session_id", "no id");
            assertTrue(server.send("tools/call", call)
                    .await()
                    .path("result")
                    .path("isError")
                    .asBoolean());
            assertEquals("", server.errors());
        }
        assertTrue(tools.size() >= 10, tools::toString);
        assertTrue(Files.exists(root.resolve("store/sessions/one-jar/session.json")));
    }

    /** As jbang has it: in a repository, with nothing beside it. */
    @Test
    @Tag("slow")
    void fromTheJarAloneSetupUnpacksWhatTheClientsCallAndUndoRemovesIt() throws Exception {
        Path alone = Files.createDirectories(root.resolve("repository/1.0")).resolve("alone.jar");
        Files.copy(JAR, alone);
        Path home = Files.createDirectory(root.resolve("home"));
        Map<String, String> environment = Shell.environment(root.resolve("store"));
        environment.put("HOME", home.toString());
        List<String> parley = List.of(Distribution.java().toString(), "-jar", alone.toString());
        Path unpacked = root.resolve("store/setup/distribution");

        Shell.run(with(parley, "setup", "--client", "claude-code", "--dry-run"), environment, root, "")
                .exited(0);
        assertTrue(Files.notExists(root.resolve("store")), "a dry run made a store");
        Shell early = Shell.run(with(parley, "doctor"), environment, root, "").exited(1);
        assertTrue(early.err().contains("run 'parley setup' first"), early::err);
        Shell.run(with(parley, "setup", "--client", "claude-code"), environment, root, "")
                .exited(0);
        String settings = Files.readString(home.resolve(".claude/settings.json"));
        assertTrue(settings.contains(unpacked.resolve("hooks/parley-hook").toString()), settings);
        Shell version = Shell.run(
                        List.of(unpacked.resolve("bin/parley").toString(), "--version"), environment, root, "")
                .exited(0);
        assertTrue(version.out().startsWith("parley "), version::out);
        Shell check = Shell.run(with(parley, "check"), environment, root, "").exited(0);
        assertTrue(!check.out().contains("warning") && !check.err().contains("warning"), check::out);
        Shell.run(with(parley, "setup", "--undo"), environment, root, "").exited(0);
        assertTrue(Files.notExists(unpacked), "undo left what setup had unpacked");
        assertTrue(Files.notExists(home.resolve(".claude/settings.json")), "undo left the settings");
    }

    private static List<String> with(List<String> command, String... arguments) {
        List<String> all = new java.util.ArrayList<>(command);
        all.addAll(List.of(arguments));
        return all;
    }

    /** Nothing can change the encoding of names once a VM runs. */
    @Test
    void whereItCannotReadNamesItSaysWhatToSet() throws Exception {
        Path umlaut = Files.createDirectory(root.resolve("\u00fcml\u00e4ut"));
        Map<String, String> environment = Shell.environment(root.resolve("store"));
        environment.put("LC_ALL", "C");
        for (String command : List.of("serve", "status")) {
            Shell shell =
                    Shell.run(java(command), environment, umlaut, "").exited(1).says("LC_ALL=C.UTF-8", "bin/parley");
            assertEquals("", shell.out());
        }
        Shell.run(java("version"), environment, root, "").exited(0);
        environment.put("HOME", umlaut.toString());
        Shell.run(java("status"), environment, root, "").exited(1).says("LC_ALL=C.UTF-8");
        environment.put("LC_ALL", "C.UTF-8");
        Shell.run(java("status"), environment, umlaut, "").exited(0);
    }

    @Test
    void itIsTheCommandToo() throws Exception {
        Map<String, String> environment = Shell.environment(root.resolve("store"));
        Shell.run(java("version"), environment, root, "").exited(0).says("parley ", "store format 1");
    }

    @Test
    void itHoldsTheServicesAndTheTermsOfAllThatIsInIt() throws Exception {
        try (JarFile jar = new JarFile(JAR.toFile())) {
            for (String entry : List.of(
                    "META-INF/services/dev.parley.mcp.ToolPlugin",
                    "META-INF/services/dev.parley.peer.Waker",
                    "META-INF/services/jakarta.validation.spi.ValidationProvider",
                    "META-INF/LICENSE",
                    "META-INF/NOTICE")) {
                assertTrue(jar.getEntry(entry) != null, entry);
            }
            assertTrue(jar.stream().noneMatch(entry -> entry.getName().endsWith(".SF")));
            assertTrue(jar.isMultiRelease());
        }
    }
}
