package dev.parley.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.fixture.Agent;
import dev.parley.fixture.Peers;
import dev.parley.fixture.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a server keeps and shows of what is needed to go on with its session. */
final class BindingStdioIT {

    private static final String ID = "0d80d7d3-b870-4f75-a807-43f541f7b15b";

    @TempDir
    private Path root;

    private Peers peers;
    private Agent claude;

    @BeforeEach
    void start() throws Exception {
        peers = new Peers(root);
        claude = peers.keep(peers.agent()
                .client("claude-code")
                .with("CLAUDE_CODE_SESSION_ID", ID)
                .with("CLAUDE_CONFIG_DIR", root + "/config")
                .start());
    }

    @AfterEach
    void stop() throws Exception {
        peers.close();
    }

    private void note(String mode) throws Exception {
        Files.writeString(
                peers.session(ID).resolve("binding"),
                "{\"v\":1,\"session\":\"" + ID + "\",\"permission_mode\":\"" + mode + "\"}\n");
    }

    private String card() throws Exception {
        return Files.readString(peers.session(ID).resolve("session.json"), UTF_8);
    }

    @Test
    void isShownAndWhatIsNewerIsKeptInTheCard() throws Exception {
        Result before = claude.call("get_my_session").ok();
        assertEquals(ID, before.text("/binding/session_id"));
        assertEquals(root + "/config", before.text("/binding/config_home"));
        assertEquals(peers.project().toString(), before.text("/binding/directory"));
        assertTrue(before.at("/binding/permission_mode").isNull(), before::toString);

        note("plan");
        Files.createDirectories(root.resolve("config/projects/-p"));
        Files.writeString(
                root.resolve("config/projects/-p/" + ID + ".jsonl"),
                String.join(
                        "\n",
                        List.of(
                                "{\"type\":\"user\",\"permissionMode\":\"default\"}",
                                "{\"type\":\"assistant\",\"message\":{\"model\":\"m-1\"}}",
                                "{\"type\":\"user\",\"permissionMode\":\"acceptEdits\"}",
                                "{\"type\":\"assistant\",\"message\":{\"model\":\"<synthetic>\"}}")));

        Result after = claude.call("get_my_session").ok();
        assertEquals("acceptEdits", after.text("/binding/permission_mode"), "the transcript knows it last");
        assertEquals("m-1", after.text("/binding/model"));
        assertFalse(after.json().has("binding_not_kept"), after::toString);
        assertTrue(card().contains("\"permission_mode\":\"acceptEdits\""), card());
        peers.assertSound();
    }

    @Test
    void whatCouldNotBeKeptIsTold() throws Exception {
        claude.call("get_my_session").ok();
        String before = card();
        note("plan");
        Path locks = peers.home().resolve("locks");
        Files.move(locks, root.resolve("locks"));
        Files.createFile(locks);

        Result result = claude.call("get_my_session").ok();

        assertEquals("plan", result.text("/binding/permission_mode"));
        assertFalse(result.text("/binding_not_kept").isEmpty(), result::toString);
        assertEquals(before, card());
        Files.delete(locks);
        Files.move(root.resolve("locks"), locks);
        assertFalse(claude.call("get_my_session").ok().json().has("binding_not_kept"));
        assertTrue(card().contains("\"permission_mode\":\"plan\""), card());

        // Its transcript may say otherwise by now.
        Path projects = root.resolve("config/projects");
        Files.createDirectories(projects.getParent());
        Files.createSymbolicLink(projects, projects);
        Result unread = claude.call("get_my_session").ok();
        assertTrue(
                unread.text("/binding_not_kept").contains("its transcript cannot be read: " + projects),
                unread::toString);
        assertEquals("plan", unread.text("/binding/permission_mode"));
    }
}
