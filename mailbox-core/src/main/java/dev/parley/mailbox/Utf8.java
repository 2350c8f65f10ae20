package dev.parley.mailbox;

import static java.nio.charset.StandardCharsets.UTF_8;

/** How long a text is in UTF-8. */
public final class Utf8 {

    private Utf8() {}

    /**
     * The number of bytes of the text's encoding.
     *
     * <p>The Java library's own way there and back and not a loop of Parley's own: it is compiled already when a server reads its
     * first message, and the loop would not be before some dozen messages.
     *
     * @throws IllegalArgumentException if it holds half of a surrogate pair, which has no encoding
     */
    public static int length(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        // The encoder writes a question mark for what has no encoding, so only what can be encoded comes back.
        if (!new String(bytes, UTF_8).equals(text)) {
            throw new IllegalArgumentException(
                    "half of a surrogate pair at character " + loneHalf(text) + " is not text");
        }
        return bytes.length;
    }

    private static int loneHalf(String text) {
        int at = 0;
        for (int c; (c = text.codePointAt(at)) < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE; ) {
            at += Character.charCount(c);
        }
        return at;
    }
}
