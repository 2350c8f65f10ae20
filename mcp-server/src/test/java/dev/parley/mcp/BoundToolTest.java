package dev.parley.mcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import jakarta.validation.Valid;
import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.JsonNodeFactory;

final class BoundToolTest {
    enum Wake {
        OFF,
        NEXT_TURN
    }

    record Inner(@Min(1) int count) {}

    record Input(
            @NotBlank @Size(max = 5) String target,
            @Utf8Size(min = 1, max = 8) @Nullable String body,
            @Min(1) @Max(600_000) @Nullable Integer timeoutMs,
            @Pattern(regexp = "[a-z-]*") @Nullable String name,
            @Nullable Wake wake,
            @Size(max = 2) @Nullable List<@NotBlank String> tags,
            @Valid @Nullable Inner inner,

            @Max(value = 5, message = "is more than anybody can read") @Nullable
            Integer limit) {
        Input {
            if ("me".equals(target)) {
                throw new IllegalArgumentException("target must not be yourself");
            }
        }

        @AssertTrue(message = "name and body exclude each other")
        boolean isConsistent() {
            return name == null || body == null;
        }
    }

    /** A component whose name in JSON is a word of Java's. */
    record Reserved(
            @SuppressWarnings("MemberName") @Nullable Boolean _final) {}

    @Test
    void aLeadingUnderscoreIsNoPartOfTheName() throws Exception {
        BoundTool<Reserved> tool =
                new BoundTool<>(Tool.of("t", Reserved.class, (input, call) -> input), Schemas.of(Reserved.class));
        assertEquals(
                "{\"type\":\"object\",\"properties\":{\"final\":{\"type\":\"boolean\"}}}",
                tool.schema().toString());
        Reserved input = tool.input(JsonNodeFactory.instance.objectNode().put("final", false));
        assertEquals(false, input._final());
    }

    /** Patterns that would be taken for parameters of a message, with flags, and with a message of their own. */
    record Patterns(
            @Pattern(regexp = "[{]$") @Nullable String open,

            @Pattern(
                    regexp = "a.b",
                    flags = {Pattern.Flag.CASE_INSENSITIVE, Pattern.Flag.DOTALL})
            @Nullable
            String flags,

            @Pattern(regexp = "[${}\\\\]+", message = "must be like {regexp}") @Nullable
            String told) {}

    private static final BoundTool<Input> TOOL =
            new BoundTool<>(Tool.of("t", Input.class, (in, call) -> Map.of()), Schemas.of(Input.class));

    private static Input read(String json) throws ToolException {
        return TOOL.input(Json.WIRE.readTree(json));
    }

    private static String refusal(String json) {
        ToolException refused = assertThrows(ToolException.class, () -> read(json));
        assertEquals("invalid-arguments", refused.code());
        return refused.message();
    }

    @Test
    void readsWhatIsThere() throws ToolException {
        Input input =
                read("{\"target\":\"ada\",\"timeout_ms\":5.0,\"wake\":\"next_turn\",\"unknown\":{},\"body\":null}");

        assertEquals("ada", input.target());
        assertEquals(5, input.timeoutMs());
        assertEquals(Wake.NEXT_TURN, input.wake());
        assertNull(input.body());
    }

    @Test
    void withoutArgumentsEverythingIsMissing() {
        assertEquals("target is required", refusal("{}"));
        ToolException refused =
                assertThrows(ToolException.class, () -> TOOL.input(JsonNodeFactory.instance.missingNode()));
        assertEquals("target is required", refused.message());
        assertEquals("arguments must be an object", refusal("[]"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"to\":\"ada\",\"message\":\"x\"}|target is required; unknown: to, message; did you mean target?",
                "{\"to\":\"ada\",\"wake\":\"now\"}|target is required; wake must be one of [\"off\",\"next_turn\"];"
                        + " unknown: to; did you mean target?",
                "{\"\\u001b[2J\":1}|target is required; unknown: one that is no name; did you mean target?",
                "{\"a\":1,\"b\":1,\"c\":1,\"d\":1,\"e\":1,\"f\":1,\"g\":1,\"h\":1,\"i\":1,\"j\":1}"
                        + "|target is required; unknown: a, b, c, d, e, f, g, h, 2 more; did you mean target?",
                "{\"target\":\"ada\",\"to\":1,\"timeout_ms\":0}|timeout_ms is 0, must be at least 1"
            })
    void argumentsThatNobodyKnowsAreNamedWhenOneIsMissing(String json, String message) {
        assertEquals(message, refusal(json));
    }

    @Test
    void whatAHandlerRefusesNamesThemToo() {
        BoundTool<Input> picky = new BoundTool<>(
                Tool.of("t", Input.class, (in, call) -> {
                    throw new ToolException("invalid-arguments", "say more", Map.of("more", 1));
                }),
                Schemas.of(Input.class));
        ToolException refused = assertThrows(
                ToolException.class,
                () -> picky.call(Json.WIRE.readTree("{\"target\":\"ada\",\"to\":1}"), new NoCall()));
        assertEquals(
                "say more; unknown: to; known are target, body, timeout_ms, name, wake, tags, inner, limit",
                refused.message());
        assertEquals(Map.of("more", 1), refused.details());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"target\":7}|target must be a string, not a number",
                "{\"target\":null}|target is required",
                "{\"target\":\"a\",\"timeout_ms\":\"5\"}|timeout_ms must be an integer, not a string",
                "{\"target\":\"a\",\"timeout_ms\":1.5}|timeout_ms must be an integer, not a number",
                "{\"target\":\"a\",\"tags\":\"x\"}|tags must be an array, not a string",
                "{\"target\":\"a\",\"tags\":[\"x\",3]}|tags[1] must be a string, not a number",
                "{\"target\":\"a\",\"tags\":[null]}|tags[0] must be a string, not null",
                "{\"target\":\"a\",\"inner\":{}}|inner.count is required",
                "{\"target\":\"a\",\"inner\":{\"count\":true}}|inner.count must be an integer, not a boolean",
                "{\"target\":\"a\",\"wake\":\"now\"}|wake must be one of [\"off\",\"next_turn\"]",
                "{\"target\":\"a\",\"timeout_ms\":99999999999}|timeout_ms has a value that is out of range or malformed",
                "{\"target\":\"me\"}|arguments target must not be yourself"
            })
    void saysWhichFieldHasTheWrongShape(String json, String message) {
        assertEquals(message, refusal(json));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"target\":\"123456\"}|target has 6 characters, allowed are 0 to 5",
                "{\"target\":\" \"}|target must have a character that is not white space",
                "{\"target\":\"a\",\"body\":\"\"}|body has 0 bytes of UTF-8, allowed are 1 to 8",
                "{\"target\":\"a\",\"body\":\"\u20ac\u20ac\u20ac\"}|body has 9 bytes of UTF-8, allowed are 1 to 8",
                "{\"target\":\"a\",\"timeout_ms\":0}|timeout_ms is 0, must be at least 1",
                "{\"target\":\"a\",\"timeout_ms\":600001}|timeout_ms is 600001, must be at most 600000",
                "{\"target\":\"a\",\"name\":\"A\"}|name (1 character) must match [a-z-]*",
                "{\"target\":\"a\",\"tags\":[\"x\",\"y\",\"z\"]}|tags has 3 items, allowed are 0 to 2",
                "{\"target\":\"a\",\"tags\":[\"x\",\"\"]}|tags[1] must have a character that is not white space",
                "{\"target\":\"a\",\"inner\":{\"count\":0}}|inner.count is 0, must be at least 1",
                "{\"target\":\"a\",\"limit\":6}|limit is more than anybody can read",
                "{\"target\":\"a\",\"name\":\"x\",\"body\":\"y\"}|consistent name and body exclude each other"
            })
    void namesTheFieldTheLimitAndTheSize(String json, String message) {
        assertEquals(message, refusal(json));
    }

    @Test
    void aPatternMatchesAllOfATextAndIsToldAsItWasWritten() throws ToolException {
        BoundTool<Patterns> tool =
                new BoundTool<>(Tool.of("t", Patterns.class, (in, call) -> Map.of()), Schemas.of(Patterns.class));

        assertEquals(
                "{",
                tool.input(Json.object().put("open", "{").put("flags", "A\nB")).open());
        ToolException refused = assertThrows(
                ToolException.class,
                () -> tool.input(
                        Json.object().put("open", "{{").put("flags", "ab").put("told", "x")));
        assertEquals(
                "flags (2 characters) must match a.b; open (2 characters) must match [{]$; "
                        + "told must be like [${}\\\\]+",
                refused.message());
    }

    @Test
    void namesAnUnpairedSurrogate() {
        assertEquals(
                "body has an unpaired surrogate (half of a character), which cannot be written as UTF-8",
                refusal("{\"target\":\"a\",\"body\":\"x\\ud800\"}"));
    }

    @Test
    void tellsSeveralViolationsSortedByField() {
        assertEquals(
                "body has 0 bytes of UTF-8, allowed are 1 to 8; "
                        + "target has 6 characters, allowed are 0 to 5; "
                        + "timeout_ms is 0, must be at least 1",
                refusal("{\"timeout_ms\":0,\"target\":\"123456\",\"body\":\"\"}"));
    }
}
