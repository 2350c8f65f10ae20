package dev.parley.mcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

final class ResultsTest {
    private static final Results VERSIONED = new Results(true);
    private static final Results PLAIN = new Results(false);

    enum WakeStatus {
        SKIPPED_BUSY
    }

    record Reply(
            String messageId,
            @Nullable String leftOut,
            Optional<String> absent,

            @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable
            String kept,

            WakeStatus wakeStatus) {}

    private static String text(CallToolResult result) {
        assertEquals(1, result.content().size());
        return ((TextContent) result.content().get(0)).text();
    }

    @Test
    void aRecordBecomesOneMinifiedObject() {
        CallToolResult result =
                VERSIONED.success(new Reply("m1", null, Optional.empty(), null, WakeStatus.SKIPPED_BUSY));

        assertEquals(
                "{\"schema_version\":1,\"ok\":true,\"message_id\":\"m1\",\"kept\":null,\"wake_status\":\"skipped_busy\"}",
                text(result));
        assertEquals(false, result.isError());
    }

    @Test
    void aMapAndATreeWillDoToo() {
        assertEquals("{\"schema_version\":1,\"ok\":true,\"n\":1}", text(VERSIONED.success(Map.of("n", 1))));
        assertEquals(
                "{\"schema_version\":1,\"ok\":true,\"n\":null}",
                text(VERSIONED.success(Json.object().putNull("n"))));
    }

    /** Simple maps are written without a tree. */
    @Test
    void aMapIsWrittenAsItsTreeIs() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("text \" \\ / \b\t\n\f\r \u0000\u001f\u007f", "\u00e9\u2028\ufffd\ud83d\ude00 <>&'");
        fields.put("numbers", List.of(1, -1L, Long.MIN_VALUE, Integer.MAX_VALUE));
        fields.put("none", List.of(List.of(), Map.of(), "", true, false));
        fields.put("messages", List.of(Map.of("id", "m-1"), Map.of("id", "m-2")));
        assertWrittenAsItsTree(fields);
        assertWrittenAsItsTree(Map.of());
        for (Object notSimple : List.of(0.5, 1.0e300, WakeStatus.SKIPPED_BUSY, Map.of(1, 2), Json.object(), 'c')) {
            assertEquals(Optional.empty(), Plain.text(Map.of("key", notSimple)), notSimple::toString);
            assertWrittenAsItsTree(Map.of("key", List.of(notSimple)));
        }
        assertWrittenAsItsTree(Map.of("ok", "its own"));
    }

    private static void assertWrittenAsItsTree(Map<String, Object> fields) {
        ObjectNode own = (ObjectNode) Json.tools().<JsonNode>valueToTree(fields);
        assertEquals(own.toString(), text(PLAIN.success(fields)));
        ObjectNode tree = Json.object().put("schema_version", 1).put("ok", true);
        tree.setAll(own);
        assertEquals(tree.toString(), text(VERSIONED.success(fields)));
    }

    @Test
    void aPlainResultIsWhatTheHandlerReturnedAndNothingElse() {
        CallToolResult record = PLAIN.success(new Reply("m1", null, Optional.empty(), null, WakeStatus.SKIPPED_BUSY));

        assertEquals("{\"message_id\":\"m1\",\"kept\":null,\"wake_status\":\"skipped_busy\"}", text(record));
        assertEquals(false, record.isError());
        assertEquals("{\"n\":1}", text(PLAIN.success(Map.of("n", 1))));
        assertEquals("{\"n\":null}", text(PLAIN.success(Json.object().putNull("n"))));
        assertEquals("{}", text(PLAIN.success(Map.of())));
    }

    @Test
    void aPlainFailureIsItsCodeItsMessageAndItsFields() {
        CallToolResult told =
                PLAIN.failure(new ToolException("no-such-file", "there is no file x", Map.of("path", "x")));

        assertEquals("{\"error\":\"no-such-file\",\"message\":\"there is no file x\",\"path\":\"x\"}", text(told));
        assertEquals(true, told.isError());
        for (CallToolResult own : List.of(PLAIN.overloaded(), PLAIN.internalError(new IllegalStateException()))) {
            assertEquals(
                    List.of("error", "message"),
                    List.copyOf(Json.WIRE.readTree(text(own)).propertyNames()));
            assertEquals(true, own.isError());
        }
    }

    @Test
    void whatIsNoObjectIsNoResult() {
        assertThrows(IllegalArgumentException.class, () -> VERSIONED.success(null));
        assertThrows(IllegalArgumentException.class, () -> VERSIONED.success("text"));
        assertThrows(IllegalArgumentException.class, () -> VERSIONED.success(List.of(1)));
    }

    @Test
    void aFailureCarriesItsFields() {
        CallToolResult result = VERSIONED.failure(
                new ToolException("ambiguous-target", "say more", Map.of("candidates", List.of("a", "b"))));

        assertEquals(
                "{\"schema_version\":1,\"ok\":false,\"error\":\"ambiguous-target\",\"message\":\"say more\","
                        + "\"candidates\":[\"a\",\"b\"]}",
                text(result));
        assertEquals(true, result.isError());
    }
}
