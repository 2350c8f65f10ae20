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

/** The id of a message: what is one, what is refused, and that its text is the value and nothing more. */
final class MessageIdTest {

    private static final String TEXT = "m-0123456789abcxyz";

    @ParameterizedTest
    @ValueSource(strings = {"m-0000000000000000", TEXT, "m-zzzzzzzzzzzzzzzz"})
    void anIdIsTakenVerbatim(String text) {
        assertTrue(MessageId.isValid(text));
        assertEquals(text, new MessageId(text).value());
        assertEquals(Optional.of(new MessageId(text)), MessageId.parse(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "..",
                "../session.json",
                "m-",
                "m-0000000000000000/..",
                "m-000000000000/../",
                "m-000000000000000",
                "m-00000000000000000",
                "m-0000000000000000\n",
                "m-000000000000000A",
                "m-000000000000000é",
                "M-0000000000000000",
                "m_0000000000000000",
                "q-0000000000000000"
            })
    void whatIsNoIdIsRefusedAndNoPartOfAPath(String text) {
        assertFalse(MessageId.isValid(text));
        assertEquals(Optional.empty(), MessageId.parse(text));
        assertThrows(IllegalArgumentException.class, () -> new MessageId(text));
    }

    @Test
    void theErrorSaysWhatAnIdLooksLike() {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> new MessageId("m-1\u001b[2J"));
        assertEquals("not a message id: \"m-1\\u001b[2J\"; it is m- and 16 characters of 0-9 a-z", e.getMessage());
    }

    @Test
    void theErrorRepeatsNoLongText() {
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> new MessageId("x".repeat(10_000)));
        assertTrue(e.getMessage().startsWith("not a message id: \"" + "x".repeat(40) + "…\";"), e::getMessage);
    }

    @Test
    void itsTextIsItsValue() {
        MessageId id = new MessageId(TEXT);
        assertEquals(TEXT, id.toString());
        assertEquals("x," + TEXT, "x," + id);
    }

    @Test
    void idsOfOneValueAreEqual() {
        MessageId id = new MessageId(TEXT);
        MessageId other = MessageId.create(Optional.empty());
        assertEquals(id, new MessageId(TEXT));
        assertEquals(id.hashCode(), new MessageId(TEXT).hashCode());
        assertEquals(0, id.compareTo(new MessageId(TEXT)));
        assertNotEquals(id, other);
        assertNotEquals(id, (Object) TEXT);
    }

    @Test
    void idsSortAsTheirTexts() {
        MessageId first = new MessageId("m-0000000000000001");
        MessageId second = new MessageId("m-000000000000000a");
        assertEquals(List.of(first, second), List.copyOf(new TreeSet<>(List.of(second, first))));
    }
}
