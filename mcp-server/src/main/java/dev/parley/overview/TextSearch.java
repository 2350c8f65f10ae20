package dev.parley.overview;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * What somebody looks for in messages: a plain text, in whatever case, or {@code /regular expression/}. Immutable and safe for
 * use by several threads.
 */
public final class TextSearch {

    /** So many characters may be looked at for one body of a message: no expression that makes sense comes near it. */
    private static final int MAX_STEPS = 2_000_000;

    private final Pattern pattern;

    private TextSearch(Pattern pattern) {
        this.pattern = pattern;
    }

    /**
     * What a person has typed.
     *
     * @throws IllegalArgumentException if it is empty or no regular expression; says what is wrong
     */
    public static TextSearch of(String typed) {
        if (typed.isEmpty() || typed.equals("//")) {
            throw new IllegalArgumentException("there is nothing to search for in an empty text");
        }
        if (typed.length() < 2 || !typed.startsWith("/") || !typed.endsWith("/")) {
            return new TextSearch(
                    Pattern.compile(Pattern.quote(typed), Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE));
        }
        try {
            return new TextSearch(Pattern.compile(typed.substring(1, typed.length() - 1), Pattern.MULTILINE));
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    typed + " is no regular expression: " + e.getDescription() + " at character " + (e.getIndex() + 1),
                    e);
        }
    }

    /**
     * Whether it is in a text.
     *
     * @throws IllegalArgumentException if the expression takes so long on this text that it would never end
     */
    public boolean isIn(String text) {
        return pattern.matcher(new Counted(text, 0, text.length(), new int[1])).find();
    }

    /** A text that lets itself be looked at only so often: there are expressions that try every way to match. */
    private record Counted(String text, int begin, int end, int[] steps) implements CharSequence {

        @Override
        public char charAt(int index) {
            if (++steps[0] > MAX_STEPS) {
                throw new IllegalArgumentException(
                        "this regular expression takes too long; one without a repetition in a repetition does not");
            }
            return text.charAt(begin + index);
        }

        @Override
        public int length() {
            return end - begin;
        }

        @Override
        public CharSequence subSequence(int from, int to) {
            return new Counted(text, begin + from, begin + to, steps);
        }

        @Override
        public String toString() {
            return text.substring(begin, end);
        }
    }
}
