package dev.parley.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.fixture.Agent;
import dev.parley.fixture.Peers;
import dev.parley.fixture.ServerProcess;
import dev.parley.mcp.PluginJar;
import dev.parley.testing.Timing;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The distribution's server answers its handshake before it is loaded, and what it says then is what it says later. */
@Timeout(120)
class AtOnceStdioIT {

    @TempDir
    private Path root;

    private static ObjectNode greeting() {
        ObjectNode hello = ServerProcess.object().put("protocolVersion", "2025-06-18");
        hello.putObject("capabilities");
        hello.putObject("clientInfo").put("name", "early").put("version", "1");
        return hello;
    }

    private static List<String> names(JsonNode listed) {
        return StreamSupport.stream(listed.path("result").path("tools").spliterator(), false)
                .map(tool -> tool.path("name").asString(""))
                .toList();
    }

    @Test
    void whatItListsAtOnceIsWhatItListsLater() throws Exception {
        try (Peers peers = new Peers(root);
                ServerProcess server = peers.agent().startOnly()) {
            server.send("initialize", greeting()).await();
            JsonNode early = server.send("tools/list", ServerProcess.object()).await();
            ObjectNode call = ServerProcess.object().put("name", "get_my_session");
            assertTrue(server.send("tools/call", call).await().has("result"));
            JsonNode late = server.send("tools/list", ServerProcess.object()).await();

            assertEquals(late.path("result").toString(), early.path("result").toString());
            assertEquals(12, names(early).size());
            assertTrue(early.toString().length() < 8 * 1024);
            assertEquals("", server.errors());
        }
    }

    @Test
    void aSwitchedOnPluginIsListedAtOnceToo() throws Exception {
        try (Peers peers = new Peers(root);
                Agent agent = peers.agent().with("PARLEY_DEBUG_TOOLS", "1").start()) {
            assertTrue(names(agent.tools()).contains("register_my_session"));
            agent.call("register_my_session", "session_id", "by-hand").ok();
            assertEquals("", agent.server().errors());
        }
    }

    @Test
    void aForeignPluginIsListedOnceItIsLoaded() throws Exception {
        try (Peers peers = new Peers(root)) {
            Agent.Builder builder = peers.agent();
            Path plugins = Files.createDirectories(peers.home().resolve("plugins"));
            PluginJar.compile(
                    plugins.resolve("a.jar"),
                    "Foreign",
                    "public record Nothing() {}"
                            + " public List<Tool<?>> tools() {"
                            + " return List.of(Tool.of(\"foreign\", Nothing.class, (input, call) -> Map.of())); }");
            try (Agent agent = builder.start()) {
                List<String> names = names(agent.tools());
                assertEquals(13, names.size());
                assertTrue(names.contains("foreign"));
                agent.call("foreign").ok();
                assertEquals("", agent.server().errors());
            }
        }
    }

    @Test
    void aClientThatOnlyLooksLeavesNothingBehind() throws Exception {
        try (Peers peers = new Peers(root)) {
            for (int i = 0; i < 3; i++) {
                ServerProcess server = peers.agent().startOnly();
                server.send("initialize", greeting()).await();
                long asked = System.nanoTime();
                assertEquals(0, server.leave());
                Timing.assertAtMost(
                        Duration.ofSeconds(1), Duration.ofNanos(System.nanoTime() - asked), "the end of a server");
                assertEquals("", server.errors());
                server.close();
            }
        }
    }
}
