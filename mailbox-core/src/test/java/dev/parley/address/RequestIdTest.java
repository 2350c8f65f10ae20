package dev.parley.address;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The id of a request: what is one, what is refused, and that its text is the value and nothing more. */
final class RequestIdTest {

    private static final String TEXT = "q-0123456789abcxyz";

    @ParameterizedTest
    @ValueSource(strings = {"q-0000000000000000", TEXT, "q-zzzzzzzzzzzzzzzz"})
    void anIdIsTakenVerbatim(String text) {
        assertTrue(RequestId.isValid(text));
        assertEquals(text, new RequestId(text).value());
        assertEquals(Optional.of(new RequestId(text)), RequestId.parse(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "..",
                "../session.json",
                "q-",
                "q-0000000000000000/..",
                "q-000000000000/../",
                "q-000000000000000",
                "q-00000000000000000",
                "q-0000000000000000\n",
                "q-000000000000000A",
                "q-000000000000000é",
                "Q-0000000000000000",
                "q_0000000000000000",
                "m-0000000000000000"
            })
    void whatIsNoIdIsRefusedAndNoPartOfAPath(String text) {
        assertFalse(RequestId.isValid(text));
        assertEquals(Optional.empty(), RequestId.parse(text));
        assertThrows(IllegalArgumentException.class, () -> new RequestId(text));
    }

    @Test
    void theErrorSaysWhatAnIdLooksLike() {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> new RequestId("q-1\u001b[2J"));
        assertEquals("not a request id: \"q-1\\u001b[2J\"; it is q- and 16 characters of 0-9 a-z", e.getMessage());
    }

    @Test
    void theErrorRepeatsNoLongText() {
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> new RequestId("x".repeat(10_000)));
        assertTrue(e.getMessage().startsWith("not a request id: \"" + "x".repeat(40) + "…\";"), e::getMessage);
    }

    @Test
    void itsTextIsItsValue() {
        RequestId id = new RequestId(TEXT);
        assertEquals(TEXT, id.toString());
        assertEquals("x," + TEXT, "x," + id);
    }

    @Test
    void idsOfOneValueAreEqual() {
        RequestId id = new RequestId(TEXT);
        RequestId other = RequestId.create();
        assertEquals(id, new RequestId(TEXT));
        assertEquals(id.hashCode(), new RequestId(TEXT).hashCode());
        assertEquals(0, id.compareTo(new RequestId(TEXT)));
        assertNotEquals(id, other);
        assertNotEquals(id, (Object) TEXT);
    }

    @Test
    void idsSortAsTheirTexts() {
        RequestId first = new RequestId("q-0000000000000001");
        RequestId second = new RequestId("q-000000000000000a");
        assertEquals(List.of(first, second), List.copyOf(new TreeSet<>(List.of(second, first))));
    }
}
