package dev.parley.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.fixture.Distribution;
import dev.parley.fixture.LocalRepository;
import dev.parley.fixture.ServerProcess;
import dev.parley.fixture.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The jbang catalog, with the real jbang, which the profile {@code full} fetches. */
@Tag("clients")
class JbangClientIT {

    /** jbang's jar prints the command to run and ends with this code; its launcher then replaces itself by that. */
    private static final int RUN_WHAT_I_PRINTED = 255;

    @TempDir
    Path root;

    @Test
    void aClientCanStartParleyWithJbangAndNothingOfItStays() throws Exception {
        Path repository = root.resolve("repository");
        install(repository);
        Map<String, String> environment = Shell.environment(root.resolve("store"));
        environment.put("JBANG_DIR", root.resolve("jbang").toString());
        environment.put("JBANG_REPO", repository.toString());
        Path jbang = Path.of(System.getProperty("parley.jbang", ""));
        assertTrue(Files.isRegularFile(jbang), () -> "there is no jbang at '" + jbang + "': run with -Pfull");
        String catalog = "parley@" + Distribution.directory().resolve("jbang");
        List<String> resolve =
                List.of(Distribution.java().toString(), "-jar", jbang.toString(), "run", "--quiet", catalog, "serve");
        Shell resolved = Shell.run(resolve, environment, root, "").exited(RUN_WHAT_I_PRINTED);

        List<String> command = List.of("/bin/sh", "-c", "exec " + resolved.out());
        try (ServerProcess server = ServerProcess.start(command, root, environment)) {
            ObjectNode hello = ServerProcess.object().put("protocolVersion", "2025-06-18");
            hello.putObject("capabilities");
            hello.putObject("clientInfo").put("name", "test").put("version", "1");
            server.send("initialize", hello).await();
            server.tell("notifications/initialized", ServerProcess.object());
            ObjectNode call = ServerProcess.object().put("name", "claim_session");
            call.putObject("arguments").put("session_id", "by-jbang");
            JsonNode claimed = server.send("tools/call", call).await().path("result");
            assertTrue(claimed.toString().contains("by-jbang"), claimed::toString);
            List<ProcessHandle> ours = ProcessHandle.current()
                    .descendants()
                    .filter(process -> process.pid() == server.pid())
                    .toList();
            assertEquals(1, ours.size());
            assertTrue(
                    ours.get(0).info().command().orElse("").endsWith("java"),
                    () -> "something stays in front: " + ours.get(0).info());
            assertEquals("", server.errors());
        }
        assertTrue(Files.exists(root.resolve("store/sessions/by-jbang/session.json")));
    }

    /** What 'mvn install' does with the one jar of all, into a repository of our own. */
    private static void install(Path repository) throws IOException {
        LocalRepository.copy(Distribution.checkout().resolve("pom.xml"), repository, "parley", ".pom");
        LocalRepository.copy(Distribution.checkout().resolve("mcp-server/pom.xml"), repository, "mcp-server", ".pom");
        LocalRepository.copy(Distribution.directory().resolve("parley-all.jar"), repository, "mcp-server", "-all.jar");
    }
}
