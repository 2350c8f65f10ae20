package dev.parley.mcp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.json.TypeRef;
import io.modelcontextprotocol.json.jackson3.JacksonMcpJsonMapper;
import io.modelcontextprotocol.spec.McpSchema;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** The short way of reading and writing gives what the long way gives, or leaves it to that. */
final class SessionMapperTest {
    private static final TypeRef<McpSchema.CallToolRequest> CALL = new TypeRef<>() {};
    private static final TypeRef<McpSchema.InitializeRequest> INITIALIZE = new TypeRef<>() {};

    private final McpJsonMapper longWay = new JacksonMcpJsonMapper(Json.WIRE);
    private final SessionMapper mapper = new SessionMapper(longWay);

    @Test
    void resultsAreWrittenAsTheSdkWritesThem() throws Exception {
        List<McpSchema.CallToolResult> results = List.of(
                new Results(true).overloaded(),
                new Results(true).success(Map.of("text", "\"\\/\u0000\u001f\u007f\u00e9\u2028\ud83d\ude00\ud800<>&'")),
                new Results(true).success(Map.of()),
                McpSchema.CallToolResult.builder(List.of(
                                McpSchema.TextContent.builder(everyCharacter()).build()))
                        .isError(false)
                        .build(),
                McpSchema.CallToolResult.builder(List.of()).isError(false).build(),
                McpSchema.CallToolResult.builder(
                                List.of(McpSchema.TextContent.builder("a").build()))
                        .build(),
                McpSchema.CallToolResult.builder(List.of(
                                McpSchema.TextContent.builder("a").build(),
                                McpSchema.TextContent.builder("b").build()))
                        .isError(true)
                        .build(),
                McpSchema.CallToolResult.builder(
                                List.of(McpSchema.TextContent.builder("a").build()))
                        .structuredContent(Map.of("a", 1))
                        .isError(false)
                        .build(),
                McpSchema.CallToolResult.builder(
                                List.of(McpSchema.TextContent.builder("a").build()))
                        .meta(Map.of("a", 1))
                        .isError(false)
                        .build());
        for (McpSchema.CallToolResult result : results) {
            for (Object id : List.of(1L, Long.MIN_VALUE, "a\"\u00e9", "")) {
                Object response = McpSchema.JSONRPCResponse.result(id, result);
                String expected = new String(Plain.line(longWay.writeValueAsString(response)), UTF_8);
                assertEquals(expected, new String(mapper.line(response), UTF_8));
            }
        }
    }

    /** Each of the first two thousand, with its own kind on both sides and apart, and one beyond them all. */
    private static String everyCharacter() {
        StringBuilder text = new StringBuilder();
        for (char c = 0; c < 0x900; c++) {
            text.append(c).append(c).append('.');
        }
        return text.append("\ufffd\uffff\ud83d\ude00").toString();
    }

    @Test
    void aHandshakeKeepsWhatDecidesItsAnswer() {
        Map<String, Object> client = Map.of("name", "c", "version", "1");
        Map<String, Object> params = Map.of(
                "protocolVersion", "2025-06-18", "capabilities", Map.of("roots", Map.of()), "clientInfo", client);

        McpSchema.InitializeRequest shortly = mapper.convertValue(params, INITIALIZE);
        McpSchema.InitializeRequest atLength = longWay.convertValue(params, INITIALIZE);

        assertEquals(atLength.protocolVersion(), shortly.protocolVersion());
        assertEquals(atLength.clientInfo(), shortly.clientInfo());
    }

    @Test
    void aCallIsItsName() {
        for (String params : List.of(
                "{'name':'t'}",
                "{'name':'t','arguments':{'a':[1,{'b':null}]},'_meta':{'progressToken':1}}",
                "{'name':'t','arguments':null,'_meta':null}")) {
            McpSchema.CallToolRequest call = SessionMapper.call(tree(params)).orElseThrow();
            assertEquals(
                    McpSchema.CallToolRequest.builder("t").arguments(Map.of()).build(), call);
            assertSame(call, mapper.convertValue(call, CALL), "nothing is read again");
        }
    }

    @Test
    void whatIsWrongIsLeftToTheSdk() {
        for (String params : List.of(
                "{'name':'t','arguments':[]}",
                "{'name':'t','arguments':'x'}",
                "{'name':'t','_meta':5}",
                "{'arguments':{}}",
                "{'name':7}")) {
            assertEquals(Optional.empty(), SessionMapper.call(tree(params)), params);
        }
        for (Map<String, Object> params : List.<Map<String, Object>>of(
                Map.of("name", "t", "arguments", List.of()),
                Map.of("name", "t", "arguments", "x"),
                Map.of("name", "t", "_meta", 5))) {
            assertThrows(RuntimeException.class, () -> longWay.convertValue(params, CALL), params::toString);
            assertThrows(RuntimeException.class, () -> mapper.convertValue(params, CALL), params::toString);
        }
        Map<String, Object> greeting = Map.of("protocolVersion", Map.of());
        assertThrows(RuntimeException.class, () -> mapper.convertValue(greeting, INITIALIZE));
        assertEquals("t", mapper.convertValue(Map.of("name", "t"), CALL).name());
    }

    private static ObjectNode tree(String json) {
        return (ObjectNode) Json.WIRE.readTree(json.replace('\'', '"'));
    }
}
