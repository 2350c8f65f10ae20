package dev.parley.wake.tmux;

import java.util.List;

/**
 * One line of a screen. Blanks at its end are not part of it. A position counts characters: it is a column only as long
 * as nothing wide stands before it.
 *
 * @param text its characters
 * @param styles how each {@code char} of the text is drawn
 */
record Row(String text, List<Style> styles) {

    Row {
        if (text.length() != styles.size()) {
            throw new IllegalArgumentException("a style for each character");
        }
        styles = List.copyOf(styles);
    }

    /** Whether there is nothing on it to see. */
    boolean isBlank() {
        return isBlankFrom(0);
    }

    /** Whether there is nothing on it to see from a position on. */
    boolean isBlankFrom(int position) {
        return text.chars().skip(position).allMatch(Row::isSpace);
    }

    /** The text from a position on. */
    String from(int position) {
        return text.substring(Math.min(position, text.length()));
    }

    /** How the character at a position is drawn; {@link Style#PLAIN} past the end. */
    Style styleAt(int position) {
        return position < styles.size() ? styles.get(position) : Style.PLAIN;
    }

    /** Whether any visible character of it is reversed. */
    boolean hasReversed() {
        for (int i = 0; i < text.length(); i++) {
            if (styles.get(i).reverse() && !isSpace(text.charAt(i))) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether all that can be seen from a position on is a placeholder: dim, except that a block cursor may stand on its
     * first character. One reversed character alone is not: that is a draft of one letter.
     */
    boolean isPlaceholderFrom(int position) {
        int dimmed = 0;
        for (int i = position; i < text.length(); i++) {
            boolean underCursor = i == position && styles.get(i).reverse();
            if (styles.get(i).dim()) {
                dimmed++;
            } else if (!underCursor && !isSpace(text.charAt(i))) {
                return false;
            }
        }
        return dimmed > 0;
    }

    /** Also the no-break space, which both clients use. */
    static boolean isSpace(int character) {
        return character == ' ' || character == '\u00a0';
    }
}
