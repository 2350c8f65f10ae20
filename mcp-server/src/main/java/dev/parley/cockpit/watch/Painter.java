package dev.parley.cockpit.watch;

import java.util.ArrayList;
import java.util.List;

/**
 * Turns canvases into what a terminal has to be sent. Only strips that have changed are sent, each to its own place: where a terminal
 * takes a character for wider than it is counted here, that moves nothing else.
 */
final class Painter {

    private static final String ESCAPE = "\u001b[";

    private final boolean hasColour;
    private List<List<Canvas.Strip>> shown = new ArrayList<>();
    private int width;

    Painter(boolean hasColour) {
        this.hasColour = hasColour;
    }

    /** The next canvas is sent as a whole. */
    void forget() {
        shown = new ArrayList<>();
    }

    /** What makes the terminal show this canvas. */
    String paint(Canvas canvas) {
        StringBuilder out = new StringBuilder();
        boolean isAnew = shown.size() != canvas.height() || width != canvas.width();
        if (isAnew) {
            out.append(ESCAPE).append("0m").append(ESCAPE).append("2J");
        }
        List<List<Canvas.Strip>> next = new ArrayList<>();
        for (int row = 0; row < canvas.height(); row++) {
            List<Canvas.Strip> strips = canvas.row(row);
            next.add(strips);
            if (isAnew || !strips.equals(shown.get(row))) {
                paint(row, strips, out);
            }
        }
        shown = next;
        width = canvas.width();
        return out.toString();
    }

    private void paint(int row, List<Canvas.Strip> strips, StringBuilder out) {
        for (Canvas.Strip strip : strips) {
            out.append(ESCAPE)
                    .append(row + 1)
                    .append(';')
                    .append(strip.column() + 1)
                    .append('H');
            out.append(ESCAPE).append("0m").append(ESCAPE).append('K');
            for (Piece piece : strip.pieces()) {
                String parameters = piece.look().parameters(hasColour);
                if (parameters.isEmpty()) {
                    out.append(piece.text());
                } else {
                    out.append(ESCAPE).append(parameters).append('m').append(piece.text());
                    out.append(ESCAPE).append("0m");
                }
            }
        }
    }
}
