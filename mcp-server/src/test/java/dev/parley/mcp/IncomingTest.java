package dev.parley.mcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class IncomingTest {
    private static Incoming parse(String line) {
        return Incoming.parse(new Line.Text(line, 0));
    }

    private static Incoming.Faulty faulty(String line) {
        return assertInstanceOf(Incoming.Faulty.class, parse(line));
    }

    @Test
    void readsARequestWithEitherKindOfId() {
        Incoming.Request number = assertInstanceOf(
                Incoming.Request.class,
                parse("{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"a/b\",\"params\":{\"_meta\":{\"k\":1}}}"));
        Incoming.Request text =
                assertInstanceOf(Incoming.Request.class, parse("{\"jsonrpc\":\"2.0\",\"id\":\"3\",\"method\":\"m\"}"));

        assertEquals(3L, number.id());
        assertEquals("a/b", number.method());
        assertEquals(1, number.meta().path("k").intValue());
        assertEquals("3", text.id());
        assertEquals(0, text.params().size());
    }

    @Test
    void readsANotificationAndAResponse() {
        assertInstanceOf(Incoming.Notification.class, parse("{\"jsonrpc\":\"2.0\",\"method\":\"n\"}"));
        assertInstanceOf(Incoming.Response.class, parse("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}"));
        assertInstanceOf(Incoming.Response.class, parse("{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":1}}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "nonsense", "{\"a\":1} {}", "{\"a\":\u0001}", "{'a':1}", "\uFEFF{}"})
    void whatIsNotJsonIsAParseError(String line) {
        Incoming.Faulty faulty = faulty(line);

        assertEquals(-32700, faulty.code());
        assertEquals(Optional.empty(), faulty.id());
    }

    @Test
    void jsonNestedWithoutEndIsAParseError() {
        assertEquals(-32700, faulty("[".repeat(100_000)).code());
        assertEquals(-32700, faulty("{\"a\":".repeat(100_000)).code());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}]",
                "1",
                "\"text\"",
                "null",
                "{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"ping\"}",
                "{\"jsonrpc\":\"2.0\",\"id\":1.5,\"method\":\"ping\"}",
                "{\"jsonrpc\":\"2.0\",\"id\":{},\"method\":\"ping\"}",
                "{\"jsonrpc\":\"2.0\",\"id\":true,\"method\":\"ping\"}",
                "{\"jsonrpc\":\"2.0\",\"id\":99999999999999999999,\"method\":\"ping\"}",
                "{\"jsonrpc\":\"2.0\"}",
                "{}"
            })
    void whatIsNotAMessageIsAnInvalidRequestWithoutId(String line) {
        Incoming.Faulty faulty = faulty(line);

        assertEquals(-32600, faulty.code());
        assertEquals(Optional.empty(), faulty.id());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"jsonrpc\":\"1.0\",\"id\":8,\"method\":\"ping\"}",
                "{\"id\":8,\"method\":\"ping\"}",
                "{\"jsonrpc\":\"2.0\",\"id\":8,\"method\":5}",
                "{\"jsonrpc\":\"2.0\",\"id\":8}",
                "{\"jsonrpc\":\"2.0\",\"id\":8,\"method\":\"ping\",\"params\":[1]}",
                "{\"jsonrpc\":\"2.0\",\"id\":8,\"method\":\"ping\",\"params\":\"x\"}"
            })
    void aRequestOfAWrongShapeIsAnInvalidRequestWithItsId(String line) {
        Incoming.Faulty faulty = faulty(line);

        assertEquals(-32600, faulty.code());
        assertEquals(Optional.of(8L), faulty.id());
    }
}
