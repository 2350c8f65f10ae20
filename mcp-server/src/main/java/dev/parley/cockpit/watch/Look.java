package dev.parley.cockpit.watch;

/** How a text stands out. A colour only repeats what the words say: each of these is told apart without one. */
enum Look {
    /** As it is. */
    PLAIN("", ""),
    /** A heading, or a name. */
    STRONG("1", "1"),
    /** Beside the point. */
    FAINT("2", "2"),
    /** Where the selection is; it also has a mark. */
    SELECTED("7", "7"),
    /** A selection in a pane that has no keys at the moment. */
    MARKED("4", "4"),
    /** Somebody has to act. */
    ALERT("1;31", "1"),
    /** Somebody waits. */
    WAITING("33", ""),
    /** In order. */
    GOOD("32", "");

    private final String coloured;
    private final String plain;

    Look(String coloured, String plain) {
        this.coloured = coloured;
        this.plain = plain;
    }

    /** The parameters of the terminal's SGR sequence; empty for none. */
    String parameters(boolean hasColour) {
        return hasColour ? coloured : plain;
    }
}
