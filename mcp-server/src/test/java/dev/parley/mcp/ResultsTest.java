package dev.parley.mcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.modelcontextprotocol.spec.McpSchema.CallToolResult;
import io.modelcontextprotocol.spec.McpSchema.TextContent;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ResultsTest {
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
        CallToolResult result = Results.success(new Reply("m1", null, Optional.empty(), null, WakeStatus.SKIPPED_BUSY));

        assertEquals(
                "{\"schema_version\":1,\"ok\":true,\"message_id\":\"m1\",\"kept\":null,\"wake_status\":\"skipped_busy\"}",
                text(result));
        assertEquals(false, result.isError());
    }

    @Test
    void aMapAndATreeWillDoToo() {
        assertEquals("{\"schema_version\":1,\"ok\":true,\"n\":1}", text(Results.success(Map.of("n", 1))));
        assertEquals(
                "{\"schema_version\":1,\"ok\":true,\"n\":null}",
                text(Results.success(Json.object().putNull("n"))));
    }

    @Test
    void whatIsNoObjectIsNoResult() {
        assertThrows(IllegalArgumentException.class, () -> Results.success(null));
        assertThrows(IllegalArgumentException.class, () -> Results.success("text"));
        assertThrows(IllegalArgumentException.class, () -> Results.success(List.of(1)));
    }

    @Test
    void aFailureCarriesItsFields() {
        CallToolResult result = Results.failure(
                new ToolException("ambiguous-target", "say more", Map.of("candidates", List.of("a", "b"))));

        assertEquals(
                "{\"schema_version\":1,\"ok\":false,\"error\":\"ambiguous-target\",\"message\":\"say more\","
                        + "\"candidates\":[\"a\",\"b\"]}",
                text(result));
        assertEquals(true, result.isError());
    }
}
