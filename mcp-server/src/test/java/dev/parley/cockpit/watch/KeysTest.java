package dev.parley.cockpit.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.parley.cockpit.watch.Key.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is made of what terminals send. */
final class KeysTest {

    /** Units in a row; a silence is where '_' stands. */
    private static List<Key> keys(String sent) throws IOException {
        int[] at = {0};
        Keys keys = new Keys(millis -> {
            if (at[0] == sent.length()) {
                return Keys.END;
            }
            char c = sent.charAt(at[0]++);
            return c == '_' ? Keys.NOTHING : c;
        });
        List<Key> all = new ArrayList<>();
        Key key = keys.next();
        while (key.kind() != Kind.END_OF_INPUT) {
            all.add(key);
            key = keys.next();
        }
        return all;
    }

    private static List<Kind> kinds(String sent) throws IOException {
        return keys(sent).stream().map(Key::kind).toList();
    }

    @Test
    void arrowsComeInTwoForms() throws Exception {
        assertEquals(
                List.of(Kind.UP, Kind.DOWN, Kind.UP, Kind.DOWN, Kind.PAGE_UP, Kind.BACK_TAB, Kind.HOME, Kind.END),
                kinds("\u001b[A\u001b[B\u001bOA\u001bOB\u001b[5~\u001b[Z\u001b[1~\u001b[F"));
    }

    @Test
    void aLoneEscapeIsToldByTheSilenceBehindIt() throws Exception {
        assertEquals(List.of(Kind.ESCAPE, Kind.TEXT), kinds("\u001b_q"));
        assertEquals(List.of(Kind.ESCAPE), kinds("\u001b"));
        assertEquals(List.of(Kind.NEW_LINE), kinds("\u001b\r"));
    }

    @Test
    void whatIsUnknownDoesNothingAndEatsNoMoreThanItself() throws Exception {
        assertEquals(List.of(Kind.UNKNOWN, Kind.TEXT), kinds("\u001b[1;5Dx"));
        assertEquals(List.of(Kind.UNKNOWN, Kind.TEXT), kinds("\u0007x"));
        assertEquals(List.of(Kind.UNKNOWN, Kind.TEXT), kinds("\u001b[12;3_x"));
    }

    @Test
    void aPasteIsOneTextWhateverIsInIt() throws Exception {
        assertEquals(
                List.of(new Key(Kind.PASTE, "rm\n\u001b[Aq\n"), Key.typed("x")),
                keys("\u001b[200~rm\r\n\u001b[Aq\r\u001b[201~x"));
    }

    @Test
    void charactersBeyondSixteenBitsAreOneKey() throws Exception {
        assertEquals(List.of(Key.typed("👩"), Key.typed("ü"), Key.of(Kind.UNKNOWN)), keys("👩ü" + "👩".charAt(1)));
    }

    @Test
    void controlKeysEditAndEnd() throws Exception {
        assertEquals(
                List.of(
                        Kind.INTERRUPT,
                        Kind.ENTER,
                        Kind.ENTER,
                        Kind.BACKSPACE,
                        Kind.DELETE_LINE,
                        Kind.DELETE_WORD,
                        Kind.REDRAW,
                        Kind.TAB),
                kinds("\u0003\r\n\u007f\u0015\u0017\f\t"));
    }

    @Test
    void theEditorEditsWhereItsCursorIs() {
        Editor editor = Editor.EMPTY;
        for (Key key : List.of(
                Key.typed("a"),
                Key.typed("👩"),
                Key.of(Kind.LEFT),
                Key.typed("b"),
                Key.of(Kind.NEW_LINE),
                Key.of(Kind.END),
                new Key(Kind.PASTE, " two words"),
                Key.of(Kind.DELETE_WORD),
                Key.of(Kind.HOME),
                Key.of(Kind.DELETE))) {
            editor = editor.press(key);
        }
        assertEquals(new Editor("b\n👩 two ", 0), editor);
        assertEquals(List.of("", "b", "↵👩 two "), List.of(editor.shown(40)));
        assertEquals(
                List.of("…wo ", " ", ""), List.of(editor.press(Key.of(Kind.END)).shown(5)));
        assertEquals(new Editor("b\n", 2), new Editor("b\n👩", 4).press(Key.of(Kind.BACKSPACE)));
        assertEquals(List.of("?[2J", " ", ""), List.of(Editor.of("\u001b[2J").shown(40)), "what was pasted is inert");
    }
}
