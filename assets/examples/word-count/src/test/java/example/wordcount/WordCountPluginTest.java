package example.wordcount;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.parley.mcp.ToolException;
import example.wordcount.WordCountPlugin.Count;
import example.wordcount.WordCountPlugin.Input;
import org.junit.jupiter.api.Test;

final class WordCountPluginTest {
    @Test
    void countsWords() throws ToolException {
        assertEquals(new Count(5, null), WordCountPlugin.count(new Input("To be, or not\nto!", null)));
    }

    @Test
    void countsOneWordInEitherCase() throws ToolException {
        assertEquals(new Count(5, 2), WordCountPlugin.count(new Input("To be, or not\nto!", "to")));
    }

    @Test
    void aTextWithoutWordsIsRefused() {
        ToolException refused =
                assertThrows(ToolException.class, () -> WordCountPlugin.count(new Input("... !", null)));

        assertEquals("no-words", refused.code());
    }
}
