package dev.parley.setup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What is printed for clients that setup does not know. */
class OtherClientsTest {

    private static final Distribution DISTRIBUTION =
            new Distribution(Path.of("..", "assets").toAbsolutePath().normalize());

    private static String described(Map<String, String> environment) throws Exception {
        return OtherClients.describe(
                new Places(DISTRIBUTION, environment, Scope.USER, Path.of("/project"), Launcher.DIST));
    }

    /** The parts, each without its title. */
    private static List<String> parts(String text) {
        List<String> parts = new ArrayList<>();
        for (String part : text.split("(?m)^# .*\n", -1)) {
            if (!part.isBlank()) {
                parts.add(part.strip());
            }
        }
        return parts;
    }

    @Test
    void everyFormStartsTheServerInTheSameStore() throws Exception {
        List<String> parts = parts(described(Map.of("HOME", "/home/me", "PARLEY_HOME", "/store \"x\"")));
        List<String> members = List.of("mcpServers", "servers", "context_servers");
        for (int i = 0; i < members.size(); i++) {
            JsonNode server = SetupHome.json(parts.get(i)).path(members.get(i)).path("parley");
            assertEquals(
                    DISTRIBUTION.launcher().toString(), server.path("command").asString());
            assertEquals("serve", server.path("args").path(0).asString());
            assertEquals("/store \"x\"", server.path("env").path("PARLEY_HOME").asString());
            assertEquals(i == 1, server.has("type"), "VS Code wants to be told the transport");
        }
        TomlText toml = TomlText.of(parts.get(3).substring(0, parts.get(3).indexOf("\n\n")));
        assertEquals(
                DISTRIBUTION.launcher().toString(),
                toml.get(List.of("mcp_servers", "parley", "command")).orElseThrow());
    }

    @Test
    void theUsualStoreIsNotNamed() throws Exception {
        String text = described(Map.of("HOME", "/home/me"));
        assertTrue(text.contains("read_my_messages") && !text.contains("PARLEY_HOME"), text);
    }
}
