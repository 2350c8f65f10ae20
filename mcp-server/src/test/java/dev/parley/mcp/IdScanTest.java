package dev.parley.mcp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The id is found wherever it stands, and nothing else is taken for it. */
final class IdScanTest {
    private static Optional<Object> id(String line) {
        IdScan scan = new IdScan();
        for (byte b : line.getBytes(StandardCharsets.UTF_8)) {
            scan.take(new byte[] {0, b}, 1, 1);
        }
        return scan.id();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"jsonrpc\":\"2.0\",\"id\":42,\"method\":\"tools/call\",\"params\":{\"id\":1}}",
                "{\"method\":\"tools/call\",\"params\":{\"a\":[{\"id\":1}]},\"jsonrpc\":\"2.0\",\"id\":42}",
                "  { \"params\" : \"}\\\",\\\"id\\\":1\" ,\t\"id\" : 42 , \"method\" : \"m\" } \r",
                "{\"params\":{\"x\":\"{[\\\\\"},\"id\":42,\"more\":[[],{}],\"method\":\"m\"}",
                "{\"id\":42,\"method\":\"m\",\"params\":{\"it ends in the middle",
            })
    void isFound(String line) {
        assertEquals(Optional.of(42L), id(line));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "xxx",
                "[{\"id\":42,\"method\":\"m\"}]",
                "{\"id\":42,\"result\":{\"method\":\"m\"}}",
                "{\"method\":\"m\",\"params\":{\"id\":42}}",
                "{\"method\":\"m\",\"params\":\"\\\"id\\\":42\"}",
                "{\"id\":null,\"method\":\"m\"}",
                "{\"id\":4.5,\"method\":\"m\"}",
                "{\"id\":{\"x\":42},\"method\":\"m\"}",
                "{\"id\":42,\"id\":43,\"method\":\"m\"}",
                "{\"id\":42,\"method\":\"m\"}{\"id\":43,\"method\":\"m\"}",
                "\"id\":42,\"method\":\"m\"",
            })
    void isNotMadeUp(String line) {
        assertEquals(Optional.empty(), id(line));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "with \\\" and \\u00e9", "\u65e5\u672c"})
    void mayBeAText(String json) {
        String expected = json.replace("\\\"", "\"").replace("\\u00e9", "\u00e9");

        assertEquals(Optional.of(expected), id("{\"id\":\"" + json + "\",\"method\":\"m\"}"));
    }

    @ParameterizedTest
    @ValueSource(ints = {255, 100_000})
    void isNotKeptIfItIsTooLong(int length) {
        assertEquals(Optional.empty(), id("{\"id\":\"" + "9".repeat(length) + "\",\"method\":\"m\"}"));
    }
}
