package dev.parley.wake.tmux;

import java.util.ArrayList;
import java.util.List;

/**
 * What a pane shows, as {@code capture-pane -p -e} prints it: text with SGR sequences, whose effect goes on over the ends
 * of lines.
 *
 * <p>Every other control is dropped, and never moves anything: what it was meant to do has been done by tmux already.
 *
 * @param rows its lines from the top; none is missing, blank ones are empty
 */
record Screen(List<Row> rows) {

    private static final char ESCAPE = '\u001b';
    private static final Row NOTHING = new Row("", List.of());

    Screen {
        rows = List.copyOf(rows);
    }

    /** Reads a capture. Never fails: what cannot be understood is left out. */
    static Screen parse(String capture) {
        return new Reader(capture).read();
    }

    /** A line; an empty one outside of the screen. */
    Row row(int number) {
        return number >= 0 && number < rows.size() ? rows.get(number) : NOTHING;
    }

    int height() {
        return rows.size();
    }

    /** The last line that shows anything; -1 if none does. */
    int lastVisible() {
        int last = rows.size() - 1;
        while (last >= 0 && rows.get(last).isBlank()) {
            last--;
        }
        return last;
    }

    /** A parser over one capture. */
    private static final class Reader {
        private final String capture;
        private final List<Row> rows = new ArrayList<>();
        private final StringBuilder text = new StringBuilder();
        private final List<Style> styles = new ArrayList<>();
        private Style style = Style.PLAIN;
        private int at;

        Reader(String capture) {
            this.capture = capture;
        }

        Screen read() {
            while (at < capture.length()) {
                char c = capture.charAt(at++);
                if (c == '\n') {
                    endRow();
                } else if (c == ESCAPE) {
                    escape();
                } else if (c >= ' ' && c != '\u007f') {
                    text.append(c);
                    styles.add(style);
                }
            }
            if (!text.isEmpty()) {
                endRow();
            }
            return new Screen(rows);
        }

        private void endRow() {
            int end = text.length();
            while (end > 0 && text.charAt(end - 1) == ' ') {
                end--;
            }
            rows.add(new Row(text.substring(0, end), styles));
            text.setLength(0);
            styles.clear();
        }

        private void escape() {
            char kind = at < capture.length() ? capture.charAt(at++) : ' ';
            switch (kind) {
                case '[' -> control();
                case ']', 'P', 'X', '^', '_' -> string();
                case '(', ')', '*', '+', '#', '%' -> at++;
                default -> {}
            }
        }

        /** {@code ESC [ parameters final}: only SGR has an effect. */
        private void control() {
            int from = at;
            while (at < capture.length() && capture.charAt(at) < '@') {
                if (capture.charAt(at) == '\n') {
                    return;
                }
                at++;
            }
            if (at < capture.length() && capture.charAt(at) == 'm') {
                style = style.after(capture.substring(from, at));
            }
            at++;
        }

        /** {@code ESC ] … ESC \} or {@code … BEL}: a link or a title. One that does not end within its line is nothing. */
        private void string() {
            int end = at;
            while (end < capture.length() && capture.charAt(end) != '\n') {
                char c = capture.charAt(end++);
                if (c == '\u0007') {
                    at = end;
                    return;
                }
                if (c == ESCAPE && end < capture.length() && capture.charAt(end) == '\\') {
                    at = end + 1;
                    return;
                }
            }
        }
    }
}
