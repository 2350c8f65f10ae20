package dev.parley.cockpit;

/**
 * Colours a terminal's text, or leaves it as it is. Nothing is told by colour alone.
 *
 * @param isColoured whether it colours
 */
public record Ink(boolean isColoured) {

    /** Leaves every text as it is. */
    public static final Ink PLAIN = new Ink(false);

    /** What a text is. */
    public enum Tint {
        /** A session's name. */
        NAME("1;36"),
        /** What is of less interest. */
        FAINT("2"),
        /** What a heading says. */
        HEADING("1"),
        /** What somebody should look at. */
        ALERT("1;33"),
        /** What is done. */
        DONE("32");

        private final String code;

        Tint(String code) {
            this.code = code;
        }
    }

    /** The text in its colour; a text without control characters stays one without them if this does not colour. */
    public String of(Tint tint, String text) {
        return isColoured && !text.isEmpty() ? "\u001b[" + tint.code + "m" + text + "\u001b[0m" : text;
    }
}
