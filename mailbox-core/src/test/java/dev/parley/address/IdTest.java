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

/**
 * An id of a letter and sixteen characters: what is one, what is refused, and that its text is the value and nothing more.
 *
 * @param <I> the type of the id
 */
abstract class IdTest<I extends Comparable<I>> {

    /** Stands for the letter of the kind in the texts below. */
    private static final String LETTER = "L";

    private final String letter;
    private final String noun;

    IdTest(String letter, String noun) {
        this.letter = letter;
        this.noun = noun;
    }

    abstract I of(String text);

    abstract String value(I id);

    abstract boolean isValid(String text);

    abstract Optional<I> parse(String text);

    abstract I create();

    private String text(String form) {
        return form.replace(LETTER, letter);
    }

    private I example() {
        return of(text("L-0123456789abcxyz"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"L-0000000000000000", "L-0123456789abcxyz", "L-zzzzzzzzzzzzzzzz"})
    void anIdIsTakenVerbatim(String form) {
        String text = text(form);
        assertTrue(isValid(text));
        assertEquals(text, value(of(text)));
        assertEquals(Optional.of(of(text)), parse(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "..",
                "../session.json",
                "L-",
                "L-0000000000000000/..",
                "L-000000000000/../",
                "L-000000000000000",
                "L-00000000000000000",
                "L-0000000000000000\n",
                "L-000000000000000A",
                "L-000000000000000é",
                "L_0000000000000000",
                "x-0000000000000000"
            })
    void whatIsNoIdIsRefusedAndNoPartOfAPath(String form) {
        assertIsRefused(text(form));
    }

    @Test
    void anotherKindOfIdIsRefused() {
        List.of("m", "q", "M", "Q").stream()
                .filter(other -> !other.equals(letter))
                .forEach(other -> assertIsRefused(other + "-0000000000000000"));
    }

    private void assertIsRefused(String text) {
        assertFalse(isValid(text));
        assertEquals(Optional.empty(), parse(text));
        assertThrows(IllegalArgumentException.class, () -> of(text));
    }

    @Test
    void theErrorSaysWhatAnIdLooksLike() {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> of(text("L-1\u001b[2J")));
        assertEquals(
                text("not a " + noun + " id: \"L-1\\u001b[2J\"; it is L- and 16 characters of 0-9 a-z"),
                e.getMessage());
    }

    @Test
    void theErrorRepeatsNoLongText() {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> of("x".repeat(10_000)));
        assertTrue(e.getMessage().startsWith("not a " + noun + " id: \"" + "x".repeat(40) + "…\";"), e::getMessage);
    }

    @Test
    void itsTextIsItsValue() {
        assertEquals(text("L-0123456789abcxyz"), example().toString());
        assertEquals(text("x,L-0123456789abcxyz"), "x," + example());
    }

    @Test
    void idsOfOneValueAreEqual() {
        assertEquals(example(), example());
        assertEquals(example().hashCode(), example().hashCode());
        assertEquals(0, example().compareTo(example()));
        assertNotEquals(example(), create());
        assertNotEquals(example(), (Object) value(example()));
    }

    @Test
    void idsSortAsTheirTexts() {
        I first = of(text("L-0000000000000001"));
        I second = of(text("L-000000000000000a"));
        assertEquals(List.of(first, second), List.copyOf(new TreeSet<>(List.of(second, first))));
    }
}
