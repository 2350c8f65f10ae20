package dev.parley.mailbox;

import java.util.function.IntFunction;

/** Text of somebody else made safe to show: what cannot be seen could move the cursor, hide, or reorder what stands beside it. */
public final class PlainText {

    private PlainText() {}

    /**
     * Whether a character is one that cannot be seen: C0 and C1 controls, DEL, what changes the direction or joins what stands
     * beside it, fillers and blanks that have no picture, tags, and variation selectors. The two joiners are not, and a
     * selector that chooses the picture of the symbol before it.
     *
     * @param before the character before it, or 0
     */
    public static boolean isInvisible(int before, int codePoint) {
        if (isVisibleAscii(codePoint)) {
            return false;
        }
        int type = Character.getType(codePoint);
        return type == Character.CONTROL
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR
                || (type == Character.FORMAT && codePoint != 0x200d && codePoint != 0x200c)
                || (isIgnorable(codePoint) && !isPictureOf(before, codePoint));
    }

    /** What Unicode calls default ignorable and not a format character, and what is drawn as nothing. */
    private static boolean isIgnorable(int c) {
        if (c < 0x34f) {
            return false;
        }
        return switch (c) {
            case 0x34f, 0x115f, 0x1160, 0x17b4, 0x17b5, 0x2065, 0x2800, 0x3164, 0xffa0, 0x1d159 -> true;
            default ->
                (c >= 0x180b && c <= 0x180f)
                        || (c >= 0xfe00 && c <= 0xfe0f)
                        || (c >= 0xfff0 && c <= 0xfff8)
                        || (c >= 0xe0000 && c <= 0xe0fff);
        };
    }

    private static boolean isPictureOf(int before, int selector) {
        return (selector == 0xfe0e || selector == 0xfe0f)
                && (Character.getType(before) == Character.OTHER_SYMBOL
                        || Character.getType(before) == Character.MATH_SYMBOL);
    }

    /** One line of a text: runs of white space and of what is invisible become one space, those at the ends nothing. */
    public static String line(String text) {
        return isLine(text) ? text : replaced(text, c -> " ").strip().replaceAll("\\s+", " ");
    }

    /** Whether a text is one line as it is, as nearly all names are: a view asks for hundreds of lines a second. */
    private static boolean isLine(String text) {
        boolean isBlank = true;
        for (int i = 0; i < text.length(); i++) {
            boolean wasBlank = isBlank;
            isBlank = text.charAt(i) == ' ';
            if (!isVisibleAscii(text.charAt(i)) || (isBlank && wasBlank)) {
                return false;
            }
        }
        return text.isEmpty() || !isBlank;
    }

    private static boolean isVisibleAscii(int codePoint) {
        return codePoint >= ' ' && codePoint <= '~';
    }

    /** A text of several lines: all that is invisible but newlines and tabs becomes a question mark. */
    public static String lines(String text) {
        return replaced(text, c -> c == '\n' || c == '\t' ? Character.toString(c) : "?");
    }

    /**
     * The same for what another session said or showed, before a model reads it: what looks like a tag of a client's own loses
     * its bracket as well, as in what hooks show.
     */
    public static String foreign(String text) {
        return Framing.removed(lines(text));
    }

    /**
     * A text in which nothing looks like a tag of a client's own: such a tag loses its bracket. All else stays.
     */
    public static String untagged(String text) {
        return Framing.removed(text);
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
        int before = 0;
        for (int i = 0; i < text.length(); i += Character.charCount(before)) {
            int c = text.codePointAt(i);
            if (isInvisible(before, c)) {
                out.append(replacement.apply(c));
            } else {
                out.appendCodePoint(c);
            }
            before = c;
        }
        return out.toString();
    }
}
