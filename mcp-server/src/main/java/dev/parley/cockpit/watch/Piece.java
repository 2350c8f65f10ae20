package dev.parley.cockpit.watch;

import dev.parley.cockpit.Cells;
import java.util.ArrayList;
import java.util.List;

/**
 * A part of a line.
 *
 * @param text without control characters
 */
record Piece(String text, Look look) {

    static Piece plain(String text) {
        return new Piece(text, Look.PLAIN);
    }

    static Piece of(Look look, String text) {
        return new Piece(text, look);
    }

    /** The cells that these take. */
    static int cells(List<Piece> pieces) {
        return pieces.stream().mapToInt(piece -> Cells.of(piece.text())).sum();
    }

    /** The same in exactly so many cells: what is too long ends with a mark, what is too short is filled up. */
    static List<Piece> fitted(List<Piece> pieces, int width) {
        List<Piece> fitted = new ArrayList<>();
        int left = width;
        boolean isTooLong = cells(pieces) > width;
        for (Piece piece : pieces) {
            int cells = Cells.of(piece.text());
            if (isTooLong && cells >= left) {
                // The blank is cut off again; it makes room for the mark also where the piece itself would just fit.
                String cut = Cells.beginOf(piece.text() + " ".repeat(Math.max(1, left - cells + 1)), left);
                fitted.add(new Piece(cut, piece.look()));
                left -= Cells.of(cut);
                break;
            }
            fitted.add(piece);
            left -= cells;
        }
        if (left > 0) {
            fitted.add(plain(" ".repeat(left)));
        }
        return fitted;
    }

    /** The same, all in one look. */
    static List<Piece> in(Look look, List<Piece> pieces) {
        return pieces.stream().map(piece -> new Piece(piece.text(), look)).toList();
    }
}
