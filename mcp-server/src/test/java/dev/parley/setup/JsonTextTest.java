package dev.parley.setup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** JSON of somebody else's, changed only where it must be. */
class JsonTextTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final JsonNode VALUE = JSON.readTree("{\"a\":[1,{\"b\":\"c\"}],\"d\":{}}");

    private static final List<String> HOOKS = List.of("hooks", "Stop");

    private static JsonText of(String text) throws IOException {
        return JsonText.of(Content.of(text), Set.of("parley", "hooks", "a", "b", "x", "y"));
    }

    private static JsonText without(JsonText text, List<String> path, Predicate<JsonNode> which) throws IOException {
        JsonNode before = text.get(path.toArray(String[]::new)).orElseThrow();
        return text.withElements(path, i -> Optional.of(before.path(i)).filter(element -> !which.test(element)));
    }

    /** Every layout that a person or a program may choose. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"x\":1}",
                "{ \"x\" : 1 }\n",
                "{\n  \"x\": 1\n}\n",
                "{\n  \"x\": 1\n}",
                "{\r\n\t\"x\": 1\r\n}\r\n",
                "// head\n{\n    /* one */ \"x\": 1 // behind\n    // last\n}\n// tail\n",
                "{\n  \"x\": 1,\n}\n",
                "{\n  \"x\": 1, // note, with a comma\n}\n",
                "{\"x\": 1 // note\n}",
                "{\"x\": {\"hooks\": {}}, \"y\": [\"]\", \"}\", \"//\"]}",
                "{\n  \"hooks\": {\n    \"Start\": [ {\"a\": 1} ]\n  },\n  \"z\": -1.5e3\n}\n",
                "{\n  \"hooks\": {\"Stop\": [{\"a\": 1}, {\"b\": 2}]}\n}\n",
                "{\n  \"hooks\": {\n    \"Stop\": [\n      1, // one\n      2 /* two */\n    ]\n  }\n}\n",
                "{\n  \"hooks\": {\n    \"Stop\": [\n      true,\n    ],\n  },\n}\n",
            })
    void whatIsAddedCanBeTakenOutAgain(String text) throws Exception {
        JsonText before = of(text);

        JsonText withMember = before.with(List.of("parley", "server"), VALUE);
        JsonText withElement = before.withElement(HOOKS, VALUE);

        assertEquals(VALUE, withMember.get("parley", "server").orElseThrow(), withMember::toString);
        assertEquals(
                withMember.toString(),
                withMember.with(List.of("parley", "server"), VALUE).toString());
        assertEquals(text, withMember.without(List.of("parley")).toString());
        JsonNode elements = withElement.get("hooks", "Stop").orElseThrow();
        assertEquals(VALUE, elements.path(elements.size() - 1), withElement::toString);
        assertEquals(
                withElement.toString(), withElement.withElement(HOOKS, VALUE).toString());
        JsonText cut = without(withElement, HOOKS, VALUE::equals);
        JsonText rest = cut == withElement ? cut : cut.withoutEmpty(HOOKS);
        assertEquals(text, (before.get("hooks").isPresent() ? rest : rest.withoutEmpty(List.of("hooks"))).toString());
    }

    @Test
    void everythingElseStaysInItsPlace() throws Exception {
        String text = "{\n  // a\n  \"x\" : [1,2 ],\n\n  \"y\":{\"z\":null}, /* b */\n  \"w\": \"\\u00e9\"\n}\n";

        String after = of(text).with(List.of("y", "new"), JSON.readTree("1")).toString();

        assertEquals(text.replace("{\"z\":null}", "{\"z\":null, \"new\": 1}"), after);
    }

    @Test
    void aMemberIsReplacedWhereItStands() throws Exception {
        String text = "{\n    \"a\": {\"old\": true}, // note\n    \"b\": 2\n}\n";
        assertEquals(
                "{\n    \"a\": {\n        \"new\": 1\n    }, // note\n    \"b\": 2\n}\n",
                of(text).with(List.of("a"), JSON.readTree("{\"new\":1}")).toString());
    }

    @Test
    void anElementGoesFromTheMiddle() throws Exception {
        assertEquals(
                "{\"a\": [1, 3]}",
                without(of("{\"a\": [1, 2, 3]}"), List.of("a"), node -> node.asInt(0) == 2)
                        .toString());
        assertEquals(
                "{\"a\": [ 3]}",
                without(of("{\"a\": [1, 2, 3]}"), List.of("a"), node -> node.asInt(9) < 3)
                        .toString());
    }

    @Test
    void anEmptyFileBecomesAnObject() throws Exception {
        assertEquals(
                "{\n  \"a\": {\n    \"b\": 1\n  }\n}\n",
                of("").with(List.of("a", "b"), JSON.readTree("1")).toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "1",
                "{",
                "{\"a\":}",
                "{} {}",
                "{\"hooks\":1,\"hooks\":2}",
                "\ufeff{}",
                "nonsense",
                "{\"hooks\": []}",
                "{\"hooks\": {\"Stop\": {}}}"
            })
    void whatItDoesNotUnderstandIsLeftAlone(String text) {
        NotEditableException refused =
                assertThrows(NotEditableException.class, () -> of(text).withElement(HOOKS, VALUE));
        assertTrue(String.valueOf(refused.getMessage()).matches("(?s)(is|has|begins) .+"), refused.getMessage());
    }
}
