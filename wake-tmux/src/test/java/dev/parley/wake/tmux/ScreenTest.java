package dev.parley.wake.tmux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

final class ScreenTest {

    @Test
    void aStyleGoesOnOverTheEndOfALine() {
        Screen screen = Screen.parse("a\u001b[2mb\nc\u001b[0md\n");
        assertEquals(List.of("ab", "cd"), screen.rows().stream().map(Row::text).toList());
        assertFalse(screen.row(0).styleAt(0).dim());
        assertTrue(screen.row(0).styleAt(1).dim());
        assertTrue(screen.row(1).styleAt(0).dim());
        assertFalse(screen.row(1).styleAt(1).dim());
    }

    @Test
    void aColourIsNotTakenForAnAttribute() {
        assertEquals(style(false, false, false, "38:5:2"), styleOf("\u001b[38;5;2mx"));
        assertEquals(style(false, false, false, "38:2:1:7:2"), styleOf("\u001b[38;2;1;7;2mx"));
        assertEquals(style(false, false, false, "38:2:1:7:2"), styleOf("\u001b[38:2:1:7:2mx"));
        assertEquals(Style.PLAIN, styleOf("\u001b[48;5;7mx"));
        assertEquals(Style.PLAIN, styleOf("\u001b[4:3mx"));
        assertEquals(style(true, false, false, "38:5:246"), styleOf("\u001b[38;5;246;1mx"));
        assertEquals(style(false, false, false, "90"), styleOf("\u001b[90mx"));
    }

    @Test
    void attributesAreSetAndReset() {
        assertEquals(style(true, true, true, ""), styleOf("\u001b[1;2;7mx"));
        assertEquals(style(false, false, true, ""), styleOf("\u001b[1;2;7;22mx"));
        assertEquals(style(true, true, false, ""), styleOf("\u001b[1;2;7;27mx"));
        assertEquals(style(false, true, false, ""), styleOf("\u001b[1m\u001b[0;2mx"));
        assertEquals(Style.PLAIN, styleOf("\u001b[1;2;7;31m\u001b[mx"));
        assertEquals(Style.PLAIN, styleOf("\u001b[31;39mx"));
    }

    /** Newer versions of tmux print links; all print changes of the character set. */
    @Test
    void otherSequencesLeaveNothingBehind() {
        assertEquals("link here", row("\u001b]8;;http://x/\u001b\\link\u001b]8;;\u0007 here"));
        assertEquals("ab", row("\u001b(0a\u001b(Bb"));
        assertEquals("ab", row("a\u000e\u000fb"));
        assertEquals("ab", row("a\u001b[3Cb"));
    }

    @Test
    void whatDoesNotEndIsDropped() {
        assertEquals("a", row("a\u001b"));
        assertEquals("a", row("a\u001b["));
        assertEquals("a", row("a\u001b[2"));
        assertEquals(
                List.of("a", "b"),
                Screen.parse("a\u001b[2\nb").rows().stream().map(Row::text).toList());
    }

    @Test
    void blanksAtTheEndAreNotSeenButNoBreakSpacesAre() {
        assertEquals("❯\u00a0", row("❯\u00a0\u001b[7m \u001b[0m  "));
        assertTrue(Screen.parse("  \u00a0").row(0).isBlank());
        assertEquals(1, Screen.parse("a\nb\n\n  \n").lastVisible());
        assertEquals(-1, Screen.parse("\n\n").lastVisible());
        assertTrue(Screen.parse("a").row(7).isBlank());
    }

    @Test
    void aPlaceholderIsDimButForTheCursorOnIt() {
        assertTrue(Screen.parse("› \u001b[2mAsk for it").row(0).isPlaceholderFrom(2));
        assertTrue(Screen.parse("❯\u00a0\u001b[7mP\u001b[0;2mress up").row(0).isPlaceholderFrom(2));
        assertFalse(Screen.parse("› Ask for it").row(0).isPlaceholderFrom(2));
        assertFalse(Screen.parse("❯\u00a0\u001b[7mx").row(0).isPlaceholderFrom(2), "a draft of one letter");
        assertFalse(Screen.parse("› x\u001b[2m and a completion").row(0).isPlaceholderFrom(2));
        assertFalse(Screen.parse("› \u001b[2mdim\u001b[0m and not").row(0).isPlaceholderFrom(2));
        assertFalse(Screen.parse("› ").row(0).isPlaceholderFrom(2), "nothing is no placeholder");
    }

    private static String row(String capture) {
        return Screen.parse(capture).row(0).text();
    }

    private static Style styleOf(String capture) {
        return Screen.parse(capture).row(0).styleAt(0);
    }

    private static Style style(boolean bold, boolean dim, boolean reverse, String colour) {
        return new Style(bold, dim, reverse, colour);
    }
}
