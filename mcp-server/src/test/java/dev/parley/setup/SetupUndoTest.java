package dev.parley.setup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the user had, and what the user added, come through setting up, setting up again and undoing. */
class SetupUndoTest {

    private static final String FOREIGN =
            "{\"command\": \"/opt/other/server\", \"args\": [],  \"env\": {\"TOKEN\": \"x\"}}";

    private SetupHome home;

    @BeforeEach
    void home(@TempDir Path root) throws IOException {
        home = new SetupHome(root);
    }

    /** A home in which somebody had already tried everything by hand. */
    private void handMade() throws IOException {
        home.write(".claude.json", """
                {
                  "mcpServers": {
                    "parley": { "command": "/old/bin/parley", "args": ["serve"], "env": {"PARLEY_TRACE": "/t"} }
                  },
                  "n": 1
                }
                """);
        home.write(".claude/settings.json", """
                {
                  "model": "a",
                  "permissions": {"allow": ["mcp__parley", "Bash"]},
                  "hooks": {
                    "Stop": [
                      {"hooks": [{"type": "command", "command": "echo x >> /var/log/parley-hook"}]},
                      {"hooks": [{"type": "command", "command": "/old/hooks/parley-hook claude-code", "timeout": 77}]}
                    ]
                  }
                }
                """);
        home.write(".codex/config.toml", """
                model = "a"

                [mcp_servers.parley] # mine
                command = "/old/bin/parley"
                args = ["serve"]
                tool_timeout_sec = 1200

                [mcp_servers.parley.env]
                PARLEY_TRACE = "/t"

                [mcp_servers.parley.tools.ask_peer]
                approval_mode = "prompt"
                """);
        home.write(".codex/hooks.json", "  \n");
    }

    @Test
    void undoGivesBackWhatWasMadeByHand() throws Exception {
        handMade();
        Map<String, String> before = home.everything();

        home.install();
        assertFalse(before.equals(home.everything()));
        home.undo();

        assertEquals(before, home.everything());
    }

    @Test
    void aSecondUndoLeavesWhatTheFirstOneGaveBack() throws Exception {
        home.write(
                ".claude.json", "{\"mcpServers\": {\"parley\": {\"command\": \"/x/parley\", \"args\": [\"serve\"]}}}");
        home.write(".claude/settings.json", "{\"permissions\": {\"allow\": [\"mcp__parley\"]}}");
        home.write(".codex/config.toml", "[mcp_servers.parley]\ncommand = \"/x/parley\"\n");
        Map<String, String> before = home.everything();
        home.install();
        home.undo();
        home.undo();
        assertEquals(before, home.everything());
    }

    @Test
    void undoGivesItBackAlsoWhereTheFilesChangedSince() throws Exception {
        handMade();
        Map<String, String> before = home.everything();
        home.install();
        home.edit(".claude.json", "\"n\": 1", "\"n\": 2");
        home.edit(".claude/settings.json", "\"model\": \"a\"", "\"model\": \"b\"");
        home.edit(".codex/config.toml", "model = \"a\"", "model = \"b\"");
        home.edit(".codex/hooks.json", "{", "{ ");

        home.undo();

        Map<String, String> after = home.everything();
        assertEquals(before.get(".claude.json").replace("\"n\": 1", "\"n\": 2"), after.get(".claude.json"));
        assertEquals(
                SetupHome.json(before.get(".claude/settings.json").replace("\"a\"", "\"b\"")),
                SetupHome.json(after.get(".claude/settings.json")));
        assertEquals(
                TomlText.of(before.get(".codex/config.toml").replace("\"a\"", "\"b\""))
                        .meaningOf(List.of()),
                TomlText.of(after.get(".codex/config.toml")).meaningOf(List.of()));
        assertTrue(after.get(".codex/config.toml").contains("# mine"));
        assertFalse(after.get(".codex/hooks.json").contains("parley"));
    }

    @Test
    void aSecondSetupAfterChangesOfOthersStillKnowsWhatWasThere() throws Exception {
        handMade();
        Map<String, String> before = home.everything();
        home.install();
        home.edit(".claude.json", "\"n\": 1", "\"n\": 2");
        home.edit(".claude.json", "bin/parley", "moved/parley");
        home.install();

        home.undo();

        assertEquals(before.get(".claude.json").replace("\"n\": 1", "\"n\": 2"), home.text(".claude.json"));
    }

    @Test
    void aFileThatSetupMadeGoesAlsoIfItsClientWroteItAnew() throws Exception {
        home.install();
        Path hooks = home.user.resolve(".codex/hooks.json");
        Files.writeString(hooks, SetupHome.json(Files.readString(hooks)).toString());

        home.undo();

        assertEquals(Map.of("", "directory"), home.everything());
    }

    @Test
    void whatWasAddedToOurEntriesStaysWhenSettingUpAgain() throws Exception {
        home.install();
        home.edit(".claude.json", "\"env\": {}", "\"env\": {\"PARLEY_TRACE\": \"/t\"}, \"timeout\": 99");
        home.edit(".claude.json", "assets/bin/parley", "old/bin/parley");
        home.edit(".claude/settings.json", "\"timeout\": 10", "\"timeout\": 55");
        home.edit(".claude/settings.json", "hooks/parley-hook", "old/parley-hook");
        home.edit(".codex/config.toml", "tool_timeout_sec = 600", "tool_timeout_sec = 1200\nenabled_tools = [\"a\"]");
        home.edit(".codex/config.toml", "env_vars = [\"CODEX_HOME\"", "env_vars = [\"MINE\"");
        home.edit(".codex/config.toml", "assets/bin/parley", "old/bin/parley");
        home.write(
                ".codex/config.toml",
                home.text(".codex/config.toml")
                        + "\n[mcp_servers.parley.tools.ask_peer]\napproval_mode = \"prompt\"\n"
                        + "\n[mcp_servers.parley.env]\nPARLEY_TRACE = \"/t\"\n");

        home.install();

        String claude = home.text(".claude.json");
        assertTrue(claude.contains("\"PARLEY_TRACE\": \"/t\""), claude);
        assertTrue(claude.contains("\"timeout\": 99"), claude);
        assertTrue(claude.contains("assets/bin/parley"), claude);
        String settings = home.text(".claude/settings.json");
        assertTrue(settings.contains("\"timeout\": 55"), settings);
        assertFalse(settings.contains("old/parley-hook"), settings);
        String codex = home.text(".codex/config.toml");
        for (String kept : Set.of(
                "tool_timeout_sec = 1200",
                "enabled_tools = [\"a\"]",
                "approval_mode = \"prompt\"",
                "PARLEY_TRACE = \"/t\"",
                "\"MINE\"",
                "\"CODEX_HOME\"")) {
            assertTrue(codex.contains(kept), codex);
        }
        assertTrue(codex.contains("assets/bin/parley"), codex);
        assertFalse(codex.contains("old/bin/parley"), codex);
        assertEquals(List.of(), home.setup().plan());
    }

    @Test
    void variablesThatWereAddedToAHookStay() throws Exception {
        home.install();
        home.edit(".codex/hooks.json", "\"command\": \"", "\"command\": \"PARLEY_TRACE='/a b' ");
        home.edit(".codex/hooks.json", "hooks/parley-hook", "old/parley-hook");

        home.install();

        String hooks = home.text(".codex/hooks.json");
        assertTrue(hooks.contains("PARLEY_TRACE='/a b' "), hooks);
        assertFalse(hooks.contains("old/parley-hook"), hooks);
    }

    @Test
    void aForeignServerOfOurNameIsOnlyReplacedByForce() throws Exception {
        home.write(".claude.json", "{\"mcpServers\": {\"parley\": " + FOREIGN + "}}");
        home.write(".codex/config.toml", "[mcp_servers.parley]\nurl = \"http://localhost:1/mcp\"\n");
        Map<String, String> before = home.everything();

        IOException refused = assertThrows(IOException.class, home::install);
        assertTrue(String.valueOf(refused.getMessage()).contains("/opt/other/server"), refused::getMessage);
        assertTrue(String.valueOf(refused.getMessage()).contains("--force"), refused::getMessage);
        assertEquals(before, home.everything());

        home.force = true;
        home.install();
        assertFalse(home.text(".claude.json").contains("TOKEN"));
        assertFalse(home.text(".codex/config.toml").contains("url"));
        home.undo();
        assertEquals(before, home.everything());
    }

    /** Without a journal nobody knows whose a server of our name is. */
    @Test
    void undoLeavesAForeignServerOfOurName() throws Exception {
        home.write(".claude.json", "{\"mcpServers\": {\"parley\": " + FOREIGN + "}}");
        home.write(".codex/config.toml", "[mcp_servers.parley]\nurl = \"http://localhost:1/mcp\"\n");
        Map<String, String> before = home.everything();

        home.undo();

        assertEquals(before, home.everything());
    }

    @Test
    void aServerThatIsWrittenInlineIsLeftAlone() throws Exception {
        home.write(".codex/config.toml", "[mcp_servers]\nparley = { command = \"/old/parley\", args = [\"serve\"] }\n");
        Map<String, String> before = home.everything();

        IOException refused = assertThrows(IOException.class, home::install);

        assertTrue(String.valueOf(refused.getMessage()).contains("inline"), refused::getMessage);
        assertEquals(before, home.everything());
    }

    @Test
    void whatUndoDoesNotReachIsNamed() throws Exception {
        home.install();
        Setup codex = home.setup(Set.of("codex"));
        codex.undo(codex.planUndo());

        assertEquals(3, codex.left().size(), () -> codex.left().toString());
        assertTrue(codex.left().toString().contains("parley setup --undo --client claude-code"));
        assertTrue(home.text(".claude.json").contains("parley"));
        home.undo();
        assertEquals(Map.of("", "directory"), home.everything());
    }

    @Test
    void whatHasComeInPlaceOfADirectoryThatSetupMadeStays() throws Exception {
        home.install();
        Path skills = home.user.resolve(".codex/skills");
        Path dotfiles = Files.createDirectories(home.root.resolve("dotfiles"));
        Files.move(skills, dotfiles.resolve("skills"));
        Files.createSymbolicLink(skills, dotfiles.resolve("skills"));
        Path commands = home.user.resolve(".claude/commands");
        Files.delete(commands.resolve("parley.md"));
        Files.delete(commands);
        Files.writeString(commands, "mine");

        home.undo();

        assertTrue(Files.isSymbolicLink(skills), "the user's link");
        assertTrue(Files.isDirectory(dotfiles.resolve("skills")));
        assertEquals("mine", Files.readString(commands));
        assertFalse(home.everything().toString().contains("parley"));
    }

    /** As commit bc90a28 wrote it. */
    @Test
    void aJournalOfAnOlderParleyIsUnderstood() throws Exception {
        home.install();
        Path journal = home.store.resolve("setup/journal.json");
        String text = Files.readString(journal);
        assertTrue(text.contains("\"client\""), text);
        Files.writeString(journal, text.replaceAll(",\\s*\"(?:client|project)\" : \"[^\"]*\"", ""));
        assertFalse(Files.readString(journal).contains("\"client\""));

        home.undo();

        assertEquals(Map.of("", "directory"), home.everything());
    }
}
