package dev.parley.hooks;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.SessionId;
import dev.parley.clients.TmuxPane;
import dev.parley.fixture.Distribution;
import dev.parley.mailbox.Envelope;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Claude Code plug-in, in place and through a local marketplace. */
@Tag("clients")
@Tag("tmux")
final class PluginClientIT {

    private static final String SCENARIO = "{\"sessions\": [{\"name\": \"test\", \"default\": {\"text\": \"pong\"}}]}";

    @Test
    void isValid(@TempDir Path root) throws Exception {
        try (HookedClient client = HookedClient.claude(root, SCENARIO)) {
            Path assets = Distribution.checkout().resolve("assets");
            for (Path directory : new Path[] {assets.resolve("claude-plugin"), assets, Distribution.directory()}) {
                String said = client.run("plugin", "validate", directory.toString());
                assertTrue(said.contains("Validation passed"), said);
            }
        }
    }

    @Test
    void worksInPlace(@TempDir Path root) throws Exception {
        Path plugin = Distribution.checkout().resolve("assets/claude-plugin");
        try (HookedClient client = HookedClient.claude(root, SCENARIO)) {
            isRungAndHandedOver(client, client.open(HookedClient.CLAUDE_READY, "--plugin-dir", plugin.toString()));
        }
    }

    @Test
    void worksFromALocalMarketplace(@TempDir Path root) throws Exception {
        try (HookedClient client = HookedClient.claude(root, SCENARIO)) {
            client.run("plugin", "marketplace", "add", Distribution.directory().toString());
            String said = client.run("plugin", "install", "parley@parley");
            assertTrue(said.contains("nstalled"), said);
            isRungAndHandedOver(client, client.open(HookedClient.CLAUDE_READY));
        }
    }

    private static void isRungAndHandedOver(HookedClient client, TmuxPane pane) throws Exception {
        SessionId id = client.session();
        Envelope sent = client.send(id, "through the plug-in");
        client.conversationWith(sent.id().value());
        client.awaitShown(sent);
        pane.submit("/parley:parley");
        client.conversationWith("Use the Parley tools for this");
    }
}
