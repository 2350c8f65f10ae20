package dev.parley.mcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.statistics.Statistics;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What the handshake's own reader understands, Jackson understands the same; all else it leaves alone. */
final class SimpleJsonPropertyTest {

    @Property(tries = 4000, edgeCases = EdgeCasesMode.NONE)
    void whatItReadsJacksonReadsTheSame(@ForAll("texts") String text) {
        Optional<Map<String, @Nullable Object>> read = SimpleJson.object(text);
        Statistics.label("read")
                .collect(read.isPresent())
                .coverage(seen ->
                        List.of(true, false).forEach(one -> seen.check(one).percentage(of -> of > 5)));
        if (read.isPresent()) {
            assertEquals(plain(Json.WIRE.readTree(text)), read.get());
        }
    }

    @Example
    void itReadsWhatAHandshakeIsMadeOf() {
        Map<String, Object> wanted = new LinkedHashMap<>();
        wanted.put("a", List.of(1L, -20L, true, false, Map.of(), List.of()));
        wanted.put("\"\\/\b\f\n\r\t\u00e9\ud83d\ude00", "b");
        wanted.put("n", null);
        assertEquals(
                Optional.of(wanted),
                SimpleJson.object(" {\"a\" : [1,-20 ,true,false,{ },[ ]],\t"
                        + "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00E9\\uD83D\\uDE00\":\"b\",\"n\":null}\r\n"));
        assertEquals(Optional.of(Map.of()), SimpleJson.object("{}"));
        String deep = "{\"a\":".repeat(64) + "1" + "}".repeat(64);
        assertEquals(true, SimpleJson.object(deep).isPresent());
    }

    @Example
    void itLeavesAloneWhatAnotherReaderMightUnderstandInAnotherWay() {
        for (String text : List.of(
                "",
                "{",
                "}",
                "[]",
                "1",
                "{} {}",
                "{}x",
                "{\"a\":1,\"a\":1}",
                "{\"a\":1,}",
                "{,}",
                "{a:1}",
                "{'a':1}",
                "{\"a\"}",
                "{\"a\":}",
                "{\"a\":[1,]}",
                "{\"a\":[1 2]}",
                "{\"a\":1.0}",
                "{\"a\":1e3}",
                "{\"a\":-0}",
                "{\"a\":01}",
                "{\"a\":-}",
                "{\"a\":+1}",
                "{\"a\":1234567890123456789}",
                "{\"a\":tru}",
                "{\"a\":NaN}",
                "{\"a\":\"\t\"}",
                "{\"a\":\"\\x\"}",
                "{\"a\":\"\\u12g4\"}",
                "{\"a\":\"\\u12\"}",
                "{\"a\":\"",
                "\ufeff{}",
                "{\"a\":".repeat(65) + "1" + "}".repeat(65))) {
            assertEquals(Optional.empty(), SimpleJson.object(text), text);
        }
    }

    /** Objects of some depth, of which a part is then damaged. */
    @Provide
    Arbitrary<String> texts() {
        Arbitrary<String> names = Arbitraries.of("a", "b", "c", "\\u0061", "\\n", "");
        Arbitrary<String> leaves = Arbitraries.of(
                "1",
                "-7",
                "123456789012345678",
                "true",
                "false",
                "null",
                "\"x\"",
                "\"\\ud83d\\ude00\"",
                "\"\\\"\"",
                "1.5",
                "1e2");
        Arbitrary<String> values = Arbitraries.lazyOf(
                () -> leaves,
                () -> leaves,
                () -> leaves.list().ofMaxSize(3).map(items -> "[" + String.join(", ", items) + "]"),
                () -> objects(names, leaves));
        Arbitrary<String> whole = objects(names, values);
        Arbitrary<String> damaged = whole.flatMap(text -> Arbitraries.integers()
                .between(0, text.length() - 1)
                .flatMap(at -> Arbitraries.of("", "\"", "\\", "{", "}", "[", ",", ":", "0", "-", " ", "\n", "e")
                        .map(with -> text.substring(0, at) + with + text.substring(at + 1))));
        return Arbitraries.oneOf(whole, damaged);
    }

    private static Arbitrary<String> objects(Arbitrary<String> names, Arbitrary<String> values) {
        return Arbitraries.maps(names, values).ofMaxSize(3).map(fields -> {
            List<String> members = new ArrayList<>();
            fields.forEach((name, value) -> members.add("\"" + name + "\" : " + value));
            return "{" + String.join(",", members) + "}";
        });
    }

    private static @Nullable Object plain(JsonNode node) {
        if (node.isObject()) {
            Map<String, @Nullable Object> object = new LinkedHashMap<>();
            node.properties().forEach(field -> object.put(field.getKey(), plain(field.getValue())));
            return object;
        } else if (node.isArray()) {
            List<@Nullable Object> list = new ArrayList<>();
            node.forEach(item -> list.add(plain(item)));
            return list;
        } else if (node.isNull()) {
            return null;
        } else if (node.isString()) {
            return node.stringValue();
        } else if (node.isBoolean()) {
            return node.booleanValue();
        }
        assertTrue(node.isIntegralNumber(), node::toString);
        return node.longValue();
    }
}
