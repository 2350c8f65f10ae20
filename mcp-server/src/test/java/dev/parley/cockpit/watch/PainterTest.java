package dev.parley.cockpit.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.cockpit.watch.Key.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a terminal is sent. */
final class PainterTest {

    private static Canvas canvas(String... rows) {
        Canvas canvas = new Canvas(5, rows.length);
        for (int i = 0; i < rows.length; i++) {
            canvas.putAll(i, List.of(Piece.of(Look.ALERT, rows[i])));
        }
        return canvas;
    }

    @Test
    void onlyWhatHasChangedIsSentToItsOwnPlace() {
        Painter painter = new Painter(false);
        assertTrue(painter.paint(canvas("a", "b")).startsWith("\u001b[0m\u001b[2J\u001b[1;1H"));
        assertEquals("\u001b[2;1H\u001b[0m\u001b[K\u001b[1mc\u001b[0m    ", painter.paint(canvas("a", "c")));
        assertEquals("", painter.paint(canvas("a", "c")));
        painter.forget();
        assertTrue(painter.paint(canvas("a", "c")).contains("\u001b[2J"));
        assertTrue(painter.paint(canvas("a")).contains("\u001b[2J"), "another size");
    }

    @Test
    void withoutColourNoColourIsSentAndEverythingElseIs() {
        Scene scene = Scene.shop();
        Canvas canvas = Screen.draw(scene.board().view(Scene.NOW).orElseThrow(), 80, 24);
        String colourless = new Painter(false).paint(canvas);
        assertFalse(colourless.matches("(?s).*\u001b\\[(1;)?[34]\\d*m.*"), "colours are 30 to 49");
        String coloured = new Painter(true).paint(canvas);
        assertTrue(coloured.contains("\u001b[33m"));
        assertEquals(text(coloured), text(colourless), "the words are the same");
    }

    private static String text(String sent) {
        return sent.replaceAll("\u001b\\[[0-9;]*[a-zA-Z]", "");
    }

    /** A selection, the pane with the keys and each need are told apart in plain text. */
    @Test
    void nothingIsToldByALookAlone() {
        Scene scene = Scene.shop();
        Board board = scene.board();
        List<String> before =
                Screen.draw(board.view(Scene.NOW).orElseThrow(), 80, 24).text();
        board.press(Key.of(Kind.DOWN), Scene.NOW);
        scene.show(board);
        List<String> after =
                Screen.draw(board.view(Scene.NOW).orElseThrow(), 80, 24).text();
        assertFalse(before.get(3).startsWith(">"));
        assertTrue(after.get(3).startsWith(">"));
        board.press(Key.of(Kind.TAB), Scene.NOW);
        assertTrue(Screen.draw(board.view(Scene.NOW).orElseThrow(), 80, 24)
                .text()
                .get(8)
                .startsWith("══▶ Messages"));
    }
}
