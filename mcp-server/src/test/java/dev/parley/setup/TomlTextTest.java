package dev.parley.setup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TOML of somebody else's, to which tables are added and from which they are cut. */
class TomlTextTest {

    private static final List<String> PATH = List.of("mcp_servers", "parley");
    private static final List<String> LINES = List.of("command = \"/a b/parley\"", "args = [\"serve\"]");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a = 1\n",
                "# only a comment\n",
                "a = 1\n\n\n",
                "a = 1\r\n[b]\r\nc = 2\r\n",
                "[mcp_servers.other]\ncommand = \"x\"\n",
                "[[list]]\na = 1\n[[list]]\na = 2\n",
                "text = \"\"\"\n[mcp_servers.parley]\nx = 1\n\"\"\"\"\nb = 2\n",
                "text = '''\n[mcp_servers.parley]\n''' # ]\n",
                "a = [\n  \"[\", # [\n  [1],\n]\n[projects.\"/x ] y\"]\nt = 1\n",
            })
    void whatIsAddedCanBeTakenOutAgain(String text) throws Exception {
        TomlText with = TomlText.of(text).withTable(PATH, LINES);

        assertEquals(
                "/a b/parley",
                with.get(List.of("mcp_servers", "parley", "command")).orElseThrow());
        assertTrue(with.toString().startsWith(text), with::toString);
        assertEquals(with.toString(), with.withTable(PATH, LINES).toString());
        assertEquals(text, with.withoutTable(PATH).toString());
    }

    @Test
    void aFileWithoutALastNewlineGetsOne() throws Exception {
        assertEquals(
                "a = 1\n\n[mcp_servers.parley]\nx = 1\n",
                TomlText.of("a = 1").withTable(PATH, List.of("x = 1")).toString());
    }

    @Test
    void theTableIsCutWithItsSubTablesAndNothingElse() throws Exception {
        String text = """
                # top
                [mcp_servers.parley]
                command = "old"

                [mcp_servers.parley.env]
                A = "1"

                # about the next one
                [mcp_servers.parley2]
                command = "other"

                [hooks.state."/a:stop:0:0"]
                trusted_hash = "x"
                """;

        TomlText rest = TomlText.of(text).withoutTable(PATH).withoutTable(List.of("hooks", "state", "/a:stop:0:0"));

        assertEquals("# top\n\n# about the next one\n[mcp_servers.parley2]\ncommand = \"other\"\n", rest.toString());
    }

    @Test
    void aKeyWithPunctuationIsQuoted() throws Exception {
        assertEquals(
                "[hooks.state.\"/x \\\"y\\\"/hooks.json:stop:0:0\"]\na = 1\n",
                TomlText.of("")
                        .withTable(List.of("hooks", "state", "/x \"y\"/hooks.json:stop:0:0"), List.of("a = 1"))
                        .toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mcp_servers = { parley = { command = \"x\" } }\n",
                "mcp_servers.parley.command = \"x\"\n",
                "[mcp_servers]\nparley = { command = \"x\" }\n",
                "[mcp_servers]\nparley.command = \"x\"\n",
                "mcp_servers = { other = { command = \"x\" } }\n",
                "a = \n",
                "[a]\n[a]\n",
            })
    void whatItCannotEditSafelyIsLeftAlone(String text) {
        assertThrows(NotEditableException.class, () -> TomlText.of(text).withTable(PATH, LINES));
    }
}
