package dev.parley.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.fixture.ServerProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The image that {@code -Pimage} makes serves where there is no Java at all, also after it was moved. */
@Tag("image")
@Timeout(60)
class ImageStdioIT {

    private final Path image = Path.of(Objects.requireNonNull(System.getProperty("parley.image"), "-Pimage tells it"));

    @Test
    void servesWithItsOwnJavaWhereverItIs(@TempDir Path directory) throws Exception {
        Path root = directory.toRealPath();
        Path moved = root.resolve("moved here");
        Process copy = new ProcessBuilder("cp", "-a", image.toString(), moved.toString()).start();
        assertEquals(0, copy.waitFor());
        Path java = moved.resolve("runtime/bin/java");
        Map<String, String> environment = Map.of(
                "HOME",
                root.toString(),
                "PATH",
                "/usr/bin:/bin",
                "PARLEY_HOME",
                root.resolve("store").toString());
        List<String> serve = List.of(moved.resolve("bin/parley").toString(), "serve");
        try (ServerProcess server = ServerProcess.start(serve, root, environment)) {
            ObjectNode hello = ServerProcess.object().put("protocolVersion", "2025-06-18");
            hello.putObject("capabilities");
            hello.putObject("clientInfo").put("name", "image").put("version", "1");
            server.send("initialize", hello).await();
            assertTrue(Files.isSameFile(java, Path.of("/proc/" + server.pid() + "/exe")));
            ObjectNode call = ServerProcess.object().put("name", "list_project_sessions");
            JsonNode result = server.send("tools/call", call).await().path("result");
            assertEquals("false", result.path("isError").toString());
            assertEquals("", server.errors());
        }
    }
}
