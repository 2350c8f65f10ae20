package dev.parley.wake.tmux;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a tmux server says of one pane, and the wording in which it said it, so that it can be asked later whether nothing
 * has changed.
 *
 * @param wording the answer, verbatim
 * @param server the server's process number
 * @param process the number of the process that the pane was made with
 * @param terminal the pane's terminal, as a device file
 * @param alive whether that process still runs
 * @param inMode whether it shows copy mode or a chooser instead of what is in it: keys would go there
 * @param takesInput whether keys reach it at all
 * @param synchronised whether keys would be repeated in other panes
 * @param pastesRaw whether it is known that its program did not ask for bracketed paste
 * @param cursorColumn where the cursor is, from 0; one past the last column is possible
 * @param cursorRow where the cursor is, from 0
 * @param cursorVisible whether it is drawn by the terminal
 * @param width its columns
 * @param height its lines
 */
record PaneState(
        String wording,
        long server,
        long process,
        String terminal,
        boolean alive,
        boolean inMode,
        boolean takesInput,
        boolean synchronised,
        boolean pastesRaw,
        int cursorColumn,
        int cursorRow,
        boolean cursorVisible,
        int width,
        int height) {

    /** The question, see tmux(1), FORMATS. What a version does not know expands to nothing. */
    static final String FORMAT = "#{pid};#{pane_pid};#{pane_tty};#{pane_dead};#{pane_in_mode};#{pane_input_off};"
            + "#{pane_synchronized};#{bracket_paste_flag};#{cursor_x};#{cursor_y};#{cursor_flag};#{pane_width};"
            + "#{pane_height};#{alternate_on};#{pane_current_command}";

    private static final int FIELDS = 15;

    /**
     * The wording is put into a tmux format again, where {@code #}, <code>{}</code>, {@code ,} and {@code %} mean something,
     * and the name of the foreground process is chosen by that process.
     */
    private static final Pattern SAFE_WORDING = Pattern.compile("[0-9a-zA-Z/;._ -]{1,300}");

    /** Reads an answer to {@link #FORMAT}; empty if it is not one in every part that matters. */
    static Optional<PaneState> parse(String answer) {
        String[] fields = answer.split(";", -1);
        if (fields.length != FIELDS || !SAFE_WORDING.matcher(answer).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new PaneState(
                    answer,
                    Long.parseLong(fields[0]),
                    Long.parseLong(fields[1]),
                    fields[2],
                    !flag(fields[3]),
                    // A count of modes in newer versions.
                    Integer.parseInt(fields[4]) != 0,
                    !flag(fields[5]),
                    flag(fields[6]),
                    fields[7].equals("0"),
                    Integer.parseInt(fields[8]),
                    Integer.parseInt(fields[9]),
                    flag(fields[10]),
                    Integer.parseInt(fields[11]),
                    Integer.parseInt(fields[12])));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private static boolean flag(String field) {
        return switch (field) {
            case "0" -> false;
            case "1" -> true;
            default -> throw new NumberFormatException("not a flag: " + field);
        };
    }

    /** A condition for {@code if-shell -F}, true exactly while the server would answer the same again. */
    String unchanged() {
        return "#{==:" + FORMAT + "," + wording + "}";
    }

    /** Why no key may be sent to the pane in this state, whatever it shows; empty if nothing speaks against it. */
    Optional<String> obstacle() {
        if (!alive) {
            return Optional.of("the pane is dead");
        } else if (inMode) {
            return Optional.of("the pane is in copy mode or a chooser");
        } else if (!takesInput) {
            return Optional.of("input to the pane is switched off");
        } else if (synchronised) {
            return Optional.of("the pane is synchronised with others");
        } else if (pastesRaw) {
            return Optional.of("the program in the pane does not take bracketed paste");
        }
        return Optional.empty();
    }
}
