package example.wordcount;

import dev.parley.mcp.CallContext;
import dev.parley.mcp.Describe;
import dev.parley.mcp.Tool;
import dev.parley.mcp.ToolException;
import dev.parley.mcp.ToolPlugin;
import dev.parley.mcp.Utf8Size;
import jakarta.validation.constraints.Size;
import java.text.BreakIterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Offers {@code word_count}: models are poor at counting. */
public final class WordCountPlugin implements ToolPlugin {
    /**
     * The arguments. The constraints make the schema that the model sees, and they are checked before the tool is
     * called.
     */
    record Input(
            @Describe("The text to count in") @Utf8Size(min = 1, max = 65_536)
            String text,

            @Describe("Count this word only") @Size(min = 1, max = 100) @Nullable
            String word) {}

    /** The result. Its names become snake_case, and a field that is null is left out. */
    record Count(int words, @Nullable Integer timesFound) {}

    /** For {@link java.util.ServiceLoader}. */
    public WordCountPlugin() {}

    @Override
    public String name() {
        return "word-count";
    }

    @Override
    public List<Tool<?>> tools() {
        return List.of(Tool.of("word_count", Input.class, WordCountPlugin::count)
                .titled("Count words")
                .describedAs("Counts the words of a text, or how often one word is in it.")
                .asReadOnly()
                .asIdempotent());
    }

    static Count count(Input input, CallContext call) throws ToolException {
        return count(input);
    }

    static Count count(Input input) throws ToolException {
        int words = 0;
        int found = 0;
        BreakIterator boundaries = BreakIterator.getWordInstance(Locale.ROOT);
        boundaries.setText(input.text());
        int start = boundaries.first();
        for (int end = boundaries.next(); end != BreakIterator.DONE; end = boundaries.next()) {
            String piece = input.text().substring(start, end);
            if (piece.codePoints().anyMatch(Character::isLetterOrDigit)) {
                words++;
                found += piece.equalsIgnoreCase(input.word()) ? 1 : 0;
            }
            start = end;
        }
        if (words == 0) {
            // A failure that the model should read: a code for programs, a text that says what to do.
            throw new ToolException("no-words", "there is no word in the text; send some", Map.of("words", 0));
        }
        return new Count(words, input.word() == null ? null : Integer.valueOf(found));
    }
}
