package dev.parley.cockpit.watch;

import dev.parley.cockpit.Cells;
import dev.parley.mailbox.PlainText;

/** A line that is being typed. Immutable. Line ends in it are shown as a sign. */
record Editor(String text, int at) {

    private static final String LINE_END = "↵";

    static final Editor EMPTY = new Editor("", 0);

    static Editor of(String text) {
        return new Editor(text, text.length());
    }

    /** What becomes of it with a key that edits; itself for every other key. */
    Editor press(Key key) {
        return switch (key.kind()) {
            case TEXT, PASTE -> insert(key.text());
            case NEW_LINE -> insert("\n");
            case LEFT -> new Editor(text, before());
            case RIGHT -> new Editor(text, at == text.length() ? at : text.offsetByCodePoints(at, 1));
            case HOME -> new Editor(text, 0);
            case END -> new Editor(text, text.length());
            case BACKSPACE -> new Editor(text.substring(0, before()) + text.substring(at), before());
            case DELETE ->
                at == text.length()
                        ? this
                        : new Editor(text.substring(0, at) + text.substring(text.offsetByCodePoints(at, 1)), at);
            case DELETE_LINE -> new Editor(text.substring(at), 0);
            case DELETE_WORD -> withoutWord();
            default -> this;
        };
    }

    private Editor insert(String more) {
        return new Editor(text.substring(0, at) + more + text.substring(at), at + more.length());
    }

    private int before() {
        return at == 0 ? 0 : text.offsetByCodePoints(at, -1);
    }

    private Editor withoutWord() {
        int begin = at;
        while (begin > 0 && Character.isWhitespace(text.charAt(begin - 1))) {
            begin--;
        }
        while (begin > 0 && !Character.isWhitespace(text.charAt(begin - 1))) {
            begin--;
        }
        return new Editor(text.substring(0, begin) + text.substring(at), begin);
    }

    /**
     * What is seen of it in so many cells: the end of what stands before the cursor, and the beginning of what follows.
     *
     * @return three parts: before the cursor, under it, and behind it
     */
    String[] shown(int cells) {
        String before = visible(text.substring(0, at));
        int next = at == text.length() ? at : text.offsetByCodePoints(at, 1);
        String under = at == text.length() ? " " : visible(text.substring(at, next));
        String left = Cells.endOf(before, Math.max(2, cells - Cells.of(under)));
        int room = cells - Cells.of(left) - Cells.of(under);
        String right = room > 0 ? Cells.beginOf(visible(text.substring(next)), room) : "";
        return new String[] {left, under, right};
    }

    /** What was typed or pasted is no safer than what came by mail. */
    private static String visible(String text) {
        return PlainText.lines(text).replace("\n", LINE_END).replace("\t", " ");
    }
}
