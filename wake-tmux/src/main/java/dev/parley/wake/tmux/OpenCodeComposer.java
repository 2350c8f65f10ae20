package dev.parley.wake.tmux;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * OpenCode's composer: a box with a bar at its left, in which a blank line, the draft or a placeholder, another blank line,
 * and a line with the agent and the model follow each other; a rule of half blocks closes it, and below stand the hints.
 *
 * <p>What looks like it and is not: shell mode (no model), the state after the leader key, in which letters are commands
 * (everything is drawn in the colours of what has no focus), the permission dialog and its like (no cursor). In a
 * conversation there is no placeholder, so a draft of blanks shows by the cursor's column and by how the blanks are drawn.
 */
final class OpenCodeComposer implements Composer {

    private static final char BAR = '┃';
    private static final char CORNER = '╹';
    private static final char RULE = '▀';
    private static final String BETWEEN = " · ";
    private static final String PLACEHOLDER = "Ask anything";

    /** From the bar to the draft. */
    private static final int INDENT = 3;

    private static final int LEAST_WIDTH = 10;

    /** A narrow pane breaks the hints. */
    private static final int MAX_FOOTER_ROWS = 3;

    private static final String HINT = "commands";
    private static final String INTERRUPT = "interru";

    /** Of squares, or where it moves nothing of dots in brackets. */
    private static final Pattern SPINNER = Pattern.compile("[■⬝]+|\\[⋯\\]");

    private static final String ESCAPE = "esc";

    /**
     * Where the box is.
     *
     * @param bar the column of its bar
     * @param end the column behind its last
     * @param top its first line
     * @param bottom its last line, which tells agent and model
     */
    private record Box(int bar, int end, int top, int bottom) {

        String inside(Row row) {
            return row.between(bar + 1, end);
        }

        boolean isBlank(Row row) {
            return inside(row).isBlank();
        }
    }

    @Override
    public Reading read(Snapshot snapshot) {
        Screen screen = snapshot.screen();
        PaneState state = snapshot.state();
        Optional<Box> found = state.cursorVisible() ? box(screen, state.cursorRow()) : Optional.empty();
        if (found.isEmpty()) {
            return new Unsafe("the cursor is not in a composer");
        }
        Box box = found.get();
        int first = box.top() + 1;
        int last = box.bottom() - 2;
        boolean framed = box.isBlank(screen.row(box.top())) && box.isBlank(screen.row(box.bottom() - 1));
        if (!framed
                || state.cursorRow() < first
                || state.cursorRow() > last
                || state.cursorColumn() < box.bar() + INDENT) {
            return new Unsafe("the cursor is not in a composer");
        }
        Row about = screen.row(box.bottom());
        int dot = about.text().indexOf(BETWEEN, box.bar());
        if (dot < box.bar() + INDENT || !hasFocus(about, box.bar(), dot)) {
            return new Unsafe("the composer does not tell an agent and a model, or does not take input");
        }
        boolean untouched = state.cursorRow() == first
                && state.cursorColumn() == box.bar() + INDENT
                && isUntouched(screen, box, about.styleAt(dot + 1).colour());
        return reading(untouched ? "" : draft(screen, box), untouched, hints(screen, box));
    }

    private static Reading reading(String draft, boolean untouched, List<String> hints) {
        if (hints.stream()
                .anyMatch(word ->
                        word.startsWith(INTERRUPT) || SPINNER.matcher(word).matches())) {
            return new Working(draft);
        }
        if (hints.contains(ESCAPE) || !hints.contains(HINT)) {
            return new Unsafe("the line below the composer says: " + String.join(" ", hints));
        }
        return untouched ? new Empty() : new Holding(draft);
    }

    /** The box that a line is in, if it is one. */
    private static Optional<Box> box(Screen screen, int inside) {
        int bar = screen.row(inside).text().indexOf(BAR);
        if (!isBarred(screen.row(inside), bar)) {
            return Optional.empty();
        }
        String colour = screen.row(inside).styleAt(bar).colour();
        int top = inside;
        while (isBarred(screen.row(top - 1), bar, colour)) {
            top--;
        }
        int bottom = inside;
        while (isBarred(screen.row(bottom + 1), bar, colour)) {
            bottom++;
        }
        String rule = screen.row(bottom + 1).text();
        if (rule.length() <= bar
                || rule.charAt(bar) != CORNER
                || !rule.substring(0, bar).isBlank()) {
            return Optional.empty();
        }
        int end = bar + 1;
        while (end < rule.length() && rule.charAt(end) == RULE) {
            end++;
        }
        return end - bar > LEAST_WIDTH ? Optional.of(new Box(bar, end, top, bottom)) : Optional.empty();
    }

    private static boolean isBarred(Row row, int bar) {
        return bar >= 0
                && row.text().length() > bar
                && row.text().charAt(bar) == BAR
                && row.text().substring(0, bar).isBlank();
    }

    private static boolean isBarred(Row row, int bar, String colour) {
        return isBarred(row, bar) && row.styleAt(bar).colour().equals(colour);
    }

    /** The agent has the colour of the bar; the model is as faint as the dot before it while keys mean something else. */
    private static boolean hasFocus(Row about, int bar, int dot) {
        String faint = about.styleAt(dot + 1).colour();
        return about.colourOf(bar, dot).isPresent()
                && !about.styleAt(dot + BETWEEN.length()).colour().equals(faint);
    }

    /** Whether one blank line or a placeholder, which is as faint as the dot, is all that there is. */
    private static boolean isUntouched(Screen screen, Box box, String faint) {
        int first = box.top() + 1;
        if (first == box.bottom() - 2 && box.isBlank(screen.row(first))) {
            return screen.row(first).isUniform(box.bar() + 1, box.end());
        }
        boolean isPlaceholder = box.inside(screen.row(first)).startsWith(PLACEHOLDER, INDENT - 1);
        for (int row = first; row < box.bottom() - 1; row++) {
            Optional<String> colour = screen.row(row).colourOf(box.bar() + 1, box.end());
            isPlaceholder &= colour.isPresent() && colour.get().equals(faint);
        }
        return isPlaceholder;
    }

    private static String draft(Screen screen, Box box) {
        StringBuilder draft = new StringBuilder();
        for (int row = box.top() + 1; row < box.bottom() - 1; row++) {
            draft.append(box.inside(screen.row(row)));
        }
        return Composer.squeezed(draft.toString());
    }

    /** The words right below the box. */
    private static List<String> hints(Screen screen, Box box) {
        StringBuilder words = new StringBuilder();
        int from = box.bottom() + 2;
        for (int row = from; row < from + MAX_FOOTER_ROWS && !screen.row(row).isBlank(); row++) {
            words.append(' ').append(screen.row(row).between(0, box.end()));
        }
        return Arrays.asList(words.toString().strip().split(" +"));
    }

    @Override
    public boolean showsSubmitted(Snapshot snapshot, String text) {
        Screen screen = snapshot.screen();
        Optional<Box> box = box(screen, snapshot.state().cursorRow());
        if (box.isEmpty()) {
            return false;
        }
        String wanted = Composer.squeezed(text);
        StringBuilder said = new StringBuilder();
        for (int row = 0; row < box.get().top(); row++) {
            if (isBarred(screen.row(row), box.get().bar())) {
                said.append(box.get().inside(screen.row(row)));
            } else if (Composer.squeezed(said.toString()).equals(wanted)) {
                return true;
            } else {
                said.setLength(0);
            }
        }
        return false;
    }
}
