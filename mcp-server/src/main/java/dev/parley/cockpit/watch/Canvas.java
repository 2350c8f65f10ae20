package dev.parley.cockpit.watch;

import java.util.ArrayList;
import java.util.List;

/** What a screen shows: rows of strips that lie beside each other and fill the row. */
final class Canvas {

    private final int width;
    private final List<List<Strip>> rows = new ArrayList<>();

    /**
     * A part of a row.
     *
     * @param column where it begins, from 0
     * @param pieces exactly as wide as it is
     */
    record Strip(int column, List<Piece> pieces) {}

    Canvas(int width, int height) {
        this.width = width;
        for (int i = 0; i < height; i++) {
            rows.add(new ArrayList<>());
        }
    }

    int width() {
        return width;
    }

    int height() {
        return rows.size();
    }

    /** Puts a line into a row; strips are put from left to right. Rows that are not there are left out. */
    void put(int row, int column, int cells, List<Piece> line) {
        if (row >= 0 && row < rows.size() && cells > 0) {
            rows.get(row).add(new Strip(column, Piece.fitted(line, cells)));
        }
    }

    /** The same over the whole width, instead of what is there. */
    void putAll(int row, List<Piece> line) {
        if (row >= 0 && row < rows.size()) {
            rows.get(row).clear();
            put(row, 0, width, line);
        }
    }

    /** Puts lines into rows from one on, and empty ones up to the height. */
    void putBlock(int row, int height, int column, int cells, List<List<Piece>> lines) {
        for (int i = 0; i < height; i++) {
            put(row + i, column, cells, i < lines.size() ? lines.get(i) : List.of());
        }
    }

    List<Strip> row(int row) {
        return List.copyOf(rows.get(row));
    }

    /** The rows as text, without the blanks at their ends. */
    List<String> text() {
        List<String> text = new ArrayList<>();
        for (List<Strip> row : rows) {
            StringBuilder line = new StringBuilder();
            row.forEach(strip -> strip.pieces().forEach(piece -> line.append(piece.text())));
            text.add(line.toString().stripTrailing());
        }
        return text;
    }
}
