package dev.parley.mailbox;

/** How long a text is in UTF-8, without encoding it. */
public final class Utf8 {

    private Utf8() {}

    /**
     * The number of bytes of the text's encoding.
     *
     * @throws IllegalArgumentException if it holds half of a surrogate pair, which has no encoding
     */
    public static int length(String text) {
        int bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x80) {
                bytes++;
            } else if (c < 0x800) {
                bytes += 2;
            } else if (!Character.isSurrogate(c)) {
                bytes += 3;
            } else if (Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                bytes += 4;
                i++;
            } else {
                throw new IllegalArgumentException("half of a surrogate pair at character " + i + " is not text");
            }
        }
        return bytes;
    }
}
