package dev.parley.setup;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A change by way of the outline is the change of the whole text; the model is the whole text in memory. */
class JsonOutlinePropertyTest {

    private static final JsonMapper JSON = new JsonMapper();
    private static final JsonNode VALUE = JSON.readTree("{\"a\":[1]}");

    @Provide
    Arbitrary<String> members() {
        String pad = "x\u00e9\ud83d\ude00\\\"\\\\".repeat(60);
        Arbitrary<String> value = Arbitraries.of(
                "1",
                "-1.5e3",
                "true",
                "null",
                "\"\"",
                "\"" + pad + "\"",
                "{\"n\": [" + "1, ".repeat(300) + "2]}",
                "[\"}\", \"]\", /* , */ \"//\"]",
                "{\"mcpServers\": {\"parley\": 1}}",
                "\"" + "\\\\".repeat(600) + "\"");
        Arbitrary<String> gap = Arbitraries.of("", " ", "\n  ", "\r\n\t", " // c, }\n", "/* \" */");
        Arbitrary<String> member = Combinators.combine(gap, value, gap)
                .as((before, of, after) -> before + "\"NAME\":" + after + of + after);
        return member.list().ofMaxSize(7).map(list -> {
            StringBuilder all = new StringBuilder("{");
            for (int i = 0; i < list.size(); i++) {
                all.append(i == 0 ? "" : ",").append(list.get(i).replace("NAME", i == 3 ? "mcpServers" : "m" + i));
            }
            return all.append("\n}\n").toString();
        });
    }

    @Property(tries = 300)
    void whatIsNotOfInterestStaysByteForByte(@ForAll("members") String text) throws IOException {
        boolean object = JsonText.of(Content.of(text), Set.of("mcpServers"))
                .get("mcpServers")
                .map(JsonNode::isObject)
                .orElse(true);
        if (!object) {
            return;
        }
        List<String> path = List.of("mcpServers", "other");
        Set<String> everything = Set.of("mcpServers", "m0", "m1", "m2", "m4", "m5", "m6");
        assertEquals(
                written(JsonText.of(Content.of(text), everything)
                        .with(path, VALUE)
                        .draft()),
                written(JsonText.of(Content.of(text), Set.of("mcpServers"))
                        .with(path, VALUE)
                        .draft()));
        assertTrue(JsonText.of(Content.of(text), Set.of("mcpServers")).draft().isUnchanged());
    }

    /** How the new member is laid out may be taken from another line. */
    private static String written(Draft draft) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        draft.write(out);
        return out.toString(UTF_8).replaceAll("\\s", "");
    }

    @Example
    void bytesThatAreNoUtf8AreRefusedWhereverTheyStand() {
        for (String text : List.of("{\"a\": \"\u00ff\"}", "{\"\u00c3\": 1}", "{} // \u00e9")) {
            byte[] latin = text.getBytes(ISO_8859_1);
            NotEditableException refused = assertThrows(
                    NotEditableException.class, () -> JsonOutline.of(new Content.Text(latin), Set.of("x")));
            assertEquals("is not UTF-8", refused.getMessage());
        }
    }

    @Example
    void itsOwnMarkInAFileIsRefused() {
        String text = "{\"m\": \"" + "y".repeat(600) + "\", \"mcpServers\": {\"parley-stands-in-for-0\": 0}}";
        NotEditableException refused =
                assertThrows(NotEditableException.class, () -> JsonOutline.of(Content.of(text), Set.of("mcpServers")));
        assertTrue(String.valueOf(refused.getMessage()).startsWith("holds the text"), refused.getMessage());
    }
}
