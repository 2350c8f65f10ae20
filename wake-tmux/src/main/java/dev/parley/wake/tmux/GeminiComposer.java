package dev.parley.wake.tmux;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Gemini CLI's composer: {@code >} ({@code *} if nothing is asked) and a space, then the draft or a placeholder. Above it
 * a line of padding, the line that tells the approval mode, and a rule as wide as the pane; below it a line of padding.
 *
 * <p>It hides the terminal's cursor and draws one of its own, but puts the terminal's where its own is; in every dialog that is
 * the first column. What looks like the composer and is not: shell mode ({@code !}), the search of its history ({@code (r:)}),
 * and the moments in which the next Esc or Ctrl+C means something else. The placeholder is known by its words and its colour: a
 * draft of the same words is drawn in the colour of a draft.
 */
final class GeminiComposer implements Composer {

    private static final Pattern PROMPT = Pattern.compile(" [>*]( .*)?");
    private static final String INDENT = "   ";

    /** The second two in its vim mode, in both of whose modes a bracketed paste is text. */
    private static final Set<String> PLACEHOLDERS = Set.of(
            "  Type your message or @path/to/file", "  Press 'Esc' for NORMAL mode.", "  Press 'i' for INSERT mode.");

    private static final Pattern MODE = Pattern.compile(
            " (Shift\\+Tab to [a-z ]+|[A-Za-z-]+( [a-z]+)* (Shift\\+Tab to [a-z ]+|Ctrl\\+Y))( {2,}\\S.*)?");

    private static final char RULE = '─';

    /** Half blocks, where it knows the colours for them. */
    private static final char ABOVE = '▄';

    private static final char BELOW = '▀';

    private static final Pattern HINT = Pattern.compile(" *(\\? for shortcuts)?");
    private static final String SHORTCUTS = " Shortcuts See /help";
    private static final String WORKING = "(esctocancel";

    /** Shown for 3 s after a hook has ended; also with the hint drawn over its beginning. */
    private static final Pattern HOOKS = Pattern.compile(".*(Executing Hooks?|\\? for shortcutso?ks?): .*");

    /** The lines above the rule that tell what it does. */
    private static final int STATUS_ROWS = 3;

    private static final int MAX_OVERVIEW_ROWS = 30;
    private static final int MAX_PADDING_ROWS = 2;
    private static final int MAX_DRAFT_ROWS = 40;

    @Override
    public Reading read(Snapshot snapshot) {
        Screen screen = snapshot.screen();
        PaneState state = snapshot.state();
        int prompt = prompt(screen, state.cursorRow());
        if (prompt < 0 || state.cursorColumn() < INDENT.length()) {
            return new Unsafe("the cursor is not in a composer");
        }
        int end = end(screen, state.cursorRow());
        int rule = rule(screen, prompt, state.width());
        if (rule < 0 || end < 0) {
            return new Unsafe("the lines around the composer are not known");
        }
        boolean empty =
                end == prompt + 1 && state.cursorColumn() == INDENT.length() && isPlaceholder(screen.row(prompt));
        String draft = empty ? "" : draft(screen, prompt, end);
        if (isWorking(screen, rule)) {
            return new Working(draft);
        }
        if (!HINT.matcher(screen.row(rule - 1).text()).matches()
                || !screen.row(rule - 2).isBlank()) {
            String said = (screen.row(rule - 2).text() + screen.row(rule - 1).text()).strip();
            String why = "a line above the composer says: " + said;
            return empty && HOOKS.matcher(said).matches() ? new Settling(why) : new Unsafe(why);
        }
        if (showsOverview(screen, rule, state.width())) {
            return new Unsafe("the overview of shortcuts is open");
        }
        return empty ? new Empty() : new Holding(draft);
    }

    /** The line that the draft with the cursor in it begins on. */
    private static int prompt(Screen screen, int cursor) {
        for (int row = cursor; row >= 0 && row > cursor - MAX_DRAFT_ROWS; row--) {
            String text = screen.row(row).text();
            if (PROMPT.matcher(text).matches()) {
                return row;
            }
            if (!text.isEmpty() && !text.startsWith(INDENT)) {
                return -1;
            }
        }
        return -1;
    }

    /** The line of padding below the draft: behind it the footer begins, in the second column unless that is vim's. */
    private static int end(Screen screen, int cursor) {
        for (int row = cursor + 1; row < screen.height() && row < cursor + MAX_DRAFT_ROWS; row++) {
            Row line = screen.row(row);
            if (isPadding(line, BELOW) && isFooter(screen.row(row + 1).text())) {
                return row;
            }
            if (!line.isBlank() && !line.text().startsWith(INDENT)) {
                return -1;
            }
        }
        return -1;
    }

    private static boolean isFooter(String text) {
        return text.matches(" \\S.*") || text.matches(" {10,}workspace\\b.*");
    }

    /** The rule above the composer; -1 if what stands between is not what has to. */
    private static int rule(Screen screen, int prompt, int width) {
        int mode = prompt - 1;
        while (mode > prompt - 1 - MAX_PADDING_ROWS && isPadding(screen.row(mode), ABOVE)) {
            mode--;
        }
        boolean padded = mode < prompt - 1;
        boolean known = MODE.matcher(screen.row(mode).text()).matches();
        return padded && known && isLine(screen.row(mode - 1), RULE, width) ? mode - 1 : -1;
    }

    private static boolean isPadding(Row row, char half) {
        return row.isBlank() || isLine(row, half, row.text().length());
    }

    private static boolean isLine(Row row, char of, int width) {
        return width > 0 && row.text().length() == width && row.text().chars().allMatch(c -> c == of);
    }

    /** Its own cursor stands before it, in no colour; a draft has its colour there, too. */
    private static boolean isPlaceholder(Row row) {
        int at = INDENT.length();
        Optional<String> colour = row.colourOf(at, row.text().length());
        return PLACEHOLDERS.contains(row.from(at))
                && row.styleAt(at).reverse()
                && colour.isPresent()
                && !colour.get().isEmpty()
                && !row.styleAt(at).colour().equals(colour.get());
    }

    private static boolean isWorking(Screen screen, int rule) {
        StringBuilder status = new StringBuilder();
        for (int row = rule - STATUS_ROWS; row < rule; row++) {
            status.append(screen.row(row).text());
        }
        return Composer.squeezed(status.toString()).contains(WORKING);
    }

    /** Between a rule of its own and the hint. */
    private static boolean showsOverview(Screen screen, int rule, int width) {
        for (int row = rule - 1; row > 0 && row > rule - MAX_OVERVIEW_ROWS; row--) {
            if (screen.row(row).text().startsWith(SHORTCUTS) && isLine(screen.row(row - 1), RULE, width)) {
                return true;
            }
        }
        return false;
    }

    private static String draft(Screen screen, int prompt, int end) {
        StringBuilder draft = new StringBuilder();
        for (int row = prompt; row < end; row++) {
            draft.append(screen.row(row).from(INDENT.length()));
        }
        return Composer.squeezed(draft.toString());
    }

    /** What was said is quoted with the prompt of the composer. */
    @Override
    public boolean showsSubmitted(Snapshot snapshot, String text) {
        Screen screen = snapshot.screen();
        int composer = prompt(screen, snapshot.state().cursorRow());
        String wanted = Composer.squeezed(text);
        for (int row = 0; row < (composer < 0 ? screen.height() : composer); row++) {
            if (PROMPT.matcher(screen.row(row).text()).matches()) {
                int end = row + 1;
                while (end < screen.height() && screen.row(end).text().startsWith(INDENT)) {
                    end++;
                }
                if (draft(screen, row, end).equals(wanted)) {
                    return true;
                }
            }
        }
        return false;
    }
}
