package dev.parley.cli;

import dev.parley.cockpit.Cells;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * Lines of columns, the first line their heads, the last column the one that gives way where there is little room.
 *
 * @param lines each with as many texts as the first
 */
record Table(List<List<String>> lines) {

    private static final int GAP = 2;
    private static final int NARROWEST = 4;

    /** The lines as text, none wider than so many cells. */
    List<String> fitting(OptionalInt width) {
        int columns = lines.get(0).size();
        int[] widths = new int[columns];
        for (List<String> line : lines) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], Cells.of(line.get(i)));
            }
        }
        if (width.isPresent()) {
            int others = narrowed(widths, width.getAsInt());
            int left = width.getAsInt() - others;
            // A column that cannot even show its head shows nothing.
            widths[columns - 1] =
                    left < Cells.of(lines.get(0).get(columns - 1)) ? 0 : Math.min(widths[columns - 1], left);
        }
        List<String> out = new ArrayList<>();
        for (List<String> line : lines) {
            String text = line(line, widths);
            out.add(width.isPresent() ? Cells.beginOf(text, width.getAsInt()) : text);
        }
        return out;
    }

    /** Takes from the widest of all but the last column what is too much, and returns what they need. */
    private static int narrowed(int[] widths, int width) {
        int others = 0;
        for (int i = 0; i < widths.length - 1; i++) {
            others += widths[i] + GAP;
        }
        while (others - GAP > width) {
            int widest = 0;
            for (int i = 1; i < widths.length - 1; i++) {
                widest = widths[i] > widths[widest] ? i : widest;
            }
            if (widths[widest] <= NARROWEST) {
                break;
            }
            widths[widest]--;
            others--;
        }
        return others;
    }

    private static String line(List<String> texts, int[] widths) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String text = widths[i] == 0 ? "" : Cells.beginOf(texts.get(i), widths[i]);
            out.append(text).append(" ".repeat(widths[i] - Cells.of(text) + GAP));
        }
        return out.toString().stripTrailing();
    }
}
