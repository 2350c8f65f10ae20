package dev.parley.cockpit.watch;

/**
 * What a person did at the keyboard.
 *
 * @param text what was typed or pasted; empty for every other kind
 */
record Key(Kind kind, String text) {

    /** Which key it was. */
    enum Kind {
        TEXT,
        PASTE,
        UP,
        DOWN,
        LEFT,
        RIGHT,
        HOME,
        END,
        PAGE_UP,
        PAGE_DOWN,
        ENTER,
        NEW_LINE,
        ESCAPE,
        TAB,
        BACK_TAB,
        BACKSPACE,
        DELETE,
        DELETE_WORD,
        DELETE_LINE,
        REDRAW,
        INTERRUPT,
        END_OF_INPUT,
        UNKNOWN
    }

    static Key of(Kind kind) {
        return new Key(kind, "");
    }

    static Key typed(String text) {
        return new Key(Kind.TEXT, text);
    }
}
