package dev.parley.mailbox;

import java.util.function.IntFunction;

/** Text of somebody else made safe to show: what cannot be seen could move the cursor, hide, or reorder what stands beside it. */
public final class PlainText {

    private PlainText() {}

    /** C0 and C1 controls, DEL, and what changes the direction or joins what stands beside it without being seen. */
    public static boolean isInvisible(int codePoint) {
        int type = Character.getType(codePoint);
        return type == Character.CONTROL
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR
                || (type == Character.FORMAT && codePoint != 0x200d && codePoint != 0x200c);
    }

    /** One line of a text: runs of white space and of what is invisible become one space, those at the ends nothing. */
    public static String line(String text) {
        return replaced(text, c -> " ").strip().replaceAll("\\s+", " ");
    }

    /** A text of several lines: all that is invisible but newlines and tabs becomes a question mark. */
    public static String lines(String text) {
        return replaced(text, c -> c == '\n' || c == '\t' ? Character.toString(c) : "?");
    }

    /**
     * A quotation for a message: what is invisible becomes a question mark, and it ends after so many characters.
     *
     * @param limit in characters
     */
    public static String quoted(String text, int limit) {
        String plain = replaced(text, c -> "?");
        if (plain.codePointCount(0, plain.length()) <= limit) {
            return plain;
        }
        return plain.substring(0, plain.offsetByCodePoints(0, limit)) + "…";
    }

    private static String replaced(String text, IntFunction<String> replacement) {
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints().forEach(c -> out.append(isInvisible(c) ? replacement.apply(c) : Character.toString(c)));
        return out.toString();
    }
}
