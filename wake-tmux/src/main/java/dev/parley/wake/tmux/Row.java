package dev.parley.wake.tmux;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One line of a screen. Blanks at its end are not part of its text. A position counts characters: it is a column only as
 * long as nothing wide stands before it.
 *
 * @param text its characters
 * @param styles how each {@code char} of the text is drawn, and then each blank behind it that was captured
 */
record Row(String text, List<Style> styles) {

    Row {
        if (text.length() > styles.size()) {
            throw new IllegalArgumentException("a style for each character");
        }
        styles = List.copyOf(styles);
    }

    /** The text from a position on, up to another. */
    String between(int from, int to) {
        return text.substring(Math.min(from, text.length()), Math.min(to, text.length()));
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

    /** The one colour of all that can be seen from a position on up to another; empty if there are more, or nothing to see. */
    Optional<String> colourOf(int from, int to) {
        Set<String> colours = new HashSet<>();
        for (int i = from; i < Math.min(to, text.length()); i++) {
            if (!isSpace(text.charAt(i))) {
                colours.add(styles.get(i).colour());
            }
        }
        return colours.size() == 1 ? Optional.of(colours.iterator().next()) : Optional.empty();
    }

    /** Whether a row of cells, blank or not, is drawn in one style. */
    boolean isUniform(int from, int to) {
        for (int i = from + 1; i < to; i++) {
            if (!styleAt(i).equals(styleAt(from))) {
                return false;
            }
        }
        return true;
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

    /** Also the no-break space, which Claude Code and Codex use. */
    static boolean isSpace(int character) {
        return character == ' ' || character == '\u00a0';
    }
}
