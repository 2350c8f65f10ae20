package dev.parley.cockpit.watch;

import dev.parley.cockpit.Cells;
import dev.parley.mailbox.PlainText;
import java.util.ArrayList;
import java.util.List;

/** Breaks the text of a message into lines that fit. */
final class Wrapping {

    private static final String TAB = "    ";

    private Wrapping() {}

    /** The lines of a text that somebody else wrote, none wider than so many cells; what cannot be seen is made visible. */
    static List<String> lines(String body, int width) {
        int cells = Math.max(2, width);
        List<String> lines = new ArrayList<>();
        for (String line : PlainText.lines(body).replace("\t", TAB).split("\n", -1)) {
            wrap(line.stripTrailing(), cells, lines);
        }
        while (lines.size() > 1 && lines.get(lines.size() - 1).isEmpty()) {
            lines.remove(lines.size() - 1);
        }
        return lines;
    }

    private static void wrap(String line, int width, List<String> out) {
        String rest = line;
        while (Cells.of(rest) > width) {
            int end = end(rest, width);
            out.add(rest.substring(0, end).stripTrailing());
            rest = rest.substring(end).stripLeading();
        }
        if (!rest.isEmpty() || line.isEmpty()) {
            out.add(rest);
        }
    }

    /** Where to break: behind the last blank that fits, else between two characters. */
    private static int end(String text, int width) {
        int used = 0;
        int at = 0;
        int blank = 0;
        while (at < text.length()) {
            int next = text.offsetByCodePoints(at, 1);
            used += Cells.of(text.substring(at, next));
            if (used > width) {
                break;
            }
            at = next;
            if (text.charAt(at - 1) == ' ' && !text.substring(0, at).isBlank()) {
                blank = at;
            }
        }
        if (at < text.length() && text.charAt(at) == ' ') {
            return at;
        }
        return blank > 0 ? blank : Math.max(at, text.offsetByCodePoints(0, 1));
    }
}
