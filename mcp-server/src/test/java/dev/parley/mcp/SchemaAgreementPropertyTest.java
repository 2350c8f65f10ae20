package dev.parley.mcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.statistics.Statistics;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The schema that the client sees and the check at run time accept the same arguments. */
final class SchemaAgreementPropertyTest {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    enum Mode {
        ON,
        OFF
    }

    record Item(@Size(max = 2) String key) {}

    record Input(
            @Size(min = 1, max = 3) String text,
            @Min(-2) @Max(3) @Nullable Integer number,
            @Pattern(regexp = "[ab]{1,2}|c") @Nullable String word,
            @NotBlank String filled,
            @Nullable Mode mode,
            @Nullable Boolean flag,
            @Size(max = 2) @Nullable List<@Size(max = 1) String> list,
            @Nullable List<@Valid Item> items) {}

    record Bytes(@Utf8Size(min = 2, max = 6) String text) {}

    private static final BoundTool<Input> TOOL = bound(Input.class);
    private static final BoundTool<Bytes> BYTES = bound(Bytes.class);

    private static <I extends Record> BoundTool<I> bound(Class<I> input) {
        return new BoundTool<>(Tool.of("t", input, (in, call) -> Map.of()), Schemas.of(input));
    }

    private static boolean checkAccepts(BoundTool<?> tool, JsonNode arguments) {
        try {
            tool.input(arguments);
            return true;
        } catch (ToolException refused) {
            assertEquals("invalid-arguments", refused.code());
            return false;
        }
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void theCheckAcceptsWhatTheSchemaAccepts(@ForAll("arguments") ObjectNode arguments) {
        boolean schema = SchemaReference.accepts(TOOL.schema(), arguments);
        Statistics.label("the schema accepts").collect(schema).coverage(seen -> {
            seen.check(true).percentage(share -> share > 5);
            seen.check(false).percentage(share -> share > 5);
        });

        assertEquals(schema, checkAccepts(TOOL, arguments), () -> arguments + " against " + TOOL.schema());
    }

    /** Bytes are finer than characters: what the check accepts fits the schema, and the rest is just too many bytes. */
    @Property
    void aByteLimitIsWithinItsSchema(@ForAll("texts") String text) {
        ObjectNode arguments = Json.object().put("text", text);
        boolean check = checkAccepts(BYTES, arguments);
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;

        if (check) {
            assertTrue(SchemaReference.accepts(BYTES.schema(), arguments), text);
        }
        assertEquals(bytes >= 2 && bytes <= 6, check, text);
    }

    @Property
    void bytesAreCountedAsTheEncoderCountsThem(@ForAll String text) {
        boolean encodable = StandardCharsets.UTF_8.newEncoder().canEncode(text);

        assertEquals(
                encodable ? text.getBytes(StandardCharsets.UTF_8).length : Utf8SizeValidator.NOT_ENCODABLE,
                Utf8SizeValidator.bytes(text));
    }

    @Property
    void anUnpairedSurrogateIsNeverAccepted(@ForAll("texts") String before, @ForAll("surrogates") char half) {
        assertFalse(checkAccepts(BYTES, Json.object().put("text", before + half + "x")));
    }

    @Provide
    Arbitrary<Character> surrogates() {
        return Arbitraries.chars().range(Character.MIN_SURROGATE, Character.MAX_SURROGATE);
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.of("a", "b", "c", " ", "\n", "\u00e9", "\u20ac", "\ud83d\ude00")
                .list()
                .ofMaxSize(5)
                .map(parts -> String.join("", parts));
    }

    private Arbitrary<JsonNode> text() {
        return texts().map(NODES::stringNode);
    }

    private static Arbitrary<JsonNode> number() {
        return Arbitraries.oneOf(
                Arbitraries.integers().between(-4, 5).map(NODES::numberNode),
                Arbitraries.of(1.0, 1.5, -2.0, 3.5, 4e9, 1e300).map(NODES::numberNode));
    }

    private static Arbitrary<JsonNode> other() {
        return Arbitraries.of(
                NODES.booleanNode(true),
                NODES.arrayNode(),
                NODES.objectNode(),
                NODES.stringNode("1"),
                NODES.numberNode(7));
    }

    private static Arbitrary<JsonNode> listOf(Arbitrary<? extends JsonNode> items) {
        return items.list().ofMaxSize(3).map(list -> NODES.arrayNode().addAll(list));
    }

    /** Nearly always of the right type, and near the bounds. */
    @Provide
    Arbitrary<ObjectNode> arguments() {
        Arbitrary<JsonNode> modes = Arbitraries.of("on", "off", "ON", "none").map(NODES::stringNode);
        Arbitrary<JsonNode> flags = Arbitraries.of(true, false).map(NODES::booleanNode);
        Arbitrary<JsonNode> items = listOf(Arbitraries.frequencyOf(
                Tuple.of(5, text().map(key -> Json.object().set("key", key))),
                Tuple.of(1, Arbitraries.just(Json.object()))));
        return Combinators.combine(
                        field("text", text()),
                        field("number", number()),
                        field("word", text()),
                        field(
                                "filled",
                                Arbitraries.frequencyOf(
                                        Tuple.of(3, Arbitraries.just(NODES.stringNode("x"))), Tuple.of(1, text()))),
                        field("mode", modes),
                        field("flag", flags),
                        field("list", listOf(text())),
                        field("items", items))
                .as((a, b, c, d, e, f, g, h) -> {
                    ObjectNode all = Json.object();
                    List.of(a, b, c, d, e, f, g, h).forEach(all::setAll);
                    return all.put("unknown", "ignored");
                });
    }

    private static Arbitrary<ObjectNode> field(String name, Arbitrary<? extends JsonNode> values) {
        Arbitrary<JsonNode> mostly =
                Arbitraries.frequencyOf(Tuple.of(15, values.map(value -> value)), Tuple.of(1, other()));
        return Arbitraries.frequencyOf(
                Tuple.of(2, mostly.map(value -> Json.object().set(name, value))),
                Tuple.of(name.equals("text") || name.equals("filled") ? 0 : 5, Arbitraries.create(Json::object)));
    }
}
