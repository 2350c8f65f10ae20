package dev.parley.wake.tmux;

import java.util.function.Predicate;

/** The part of a client's screen that quotes what was said. */
final class Transcript {

    private static final int MAX_ROWS = 8;

    private Transcript() {}

    /**
     * Whether a text is quoted somewhere on a screen.
     *
     * @param opening what tells the first line of something the user said; its first character is not part of it
     */
    static boolean shows(Screen screen, Predicate<Row> opening, String text) {
        String wanted = Composer.squeezed(text);
        for (int row = 0; row < screen.height(); row++) {
            if (opening.test(screen.row(row)) && said(screen, row).equals(wanted)) {
                return true;
            }
        }
        return false;
    }

    /** From an opening line to the next blank one. */
    private static String said(Screen screen, int opening) {
        StringBuilder said = new StringBuilder(screen.row(opening).from(1));
        for (int row = opening + 1; row < opening + MAX_ROWS && !screen.row(row).isBlank(); row++) {
            said.append(screen.row(row).text());
        }
        return Composer.squeezed(said.toString());
    }
}
