package dev.parley.wake.tmux;

import java.util.regex.Pattern;

/**
 * Codex' composer: a bold {@code ›}, a space and the draft or a dim placeholder, then a blank line, the status line (model,
 * directory), and the line of hints.
 *
 * <p>What looks like it and is not: shell mode ({@code !}), the transcript browser (the prompt is the same, the cursor is
 * not there), the history search (likewise), the overview of shortcuts (its hints say how to close it). Before a session
 * exists the status line is missing.
 */
final class CodexComposer implements Composer {

    private static final String PROMPT = "› ";
    private static final char GLYPH = '›';
    private static final String INDENT = "  ";
    private static final int MAX_DRAFT_ROWS = 40;
    private static final int MAX_FOOTER_ROWS = 6;
    private static final int WORKING_ROWS = 12;

    private static final Pattern STATUS = Pattern.compile("  \\S.* · .*");

    /** With nothing typed, and nothing open. */
    private static final Pattern IDLE_HINTS = Pattern.compile("  (← for agents|\\? for shortcuts).*");

    /** With something typed: nothing at the left, and at the right what needs no answer. */
    private static final Pattern DRAFT_HINTS = Pattern.compile("( {4,}.*)?");

    private static final Pattern CAPTIVE = Pattern.compile(
            "(?i).*\\b(enter to|esc|again to|to cancel|to select|to close|shell mode|reverse-i-search|browsing)\\b.*");

    private static final Pattern WORKING = Pattern.compile("\\S .*\\([^()]*\\besc to interrupt\\).*");

    @Override
    public Reading read(Snapshot snapshot) {
        Screen screen = snapshot.screen();
        PaneState state = snapshot.state();
        int prompt = prompt(screen, state.cursorRow());
        if (prompt < 0 || !state.cursorVisible()) {
            return new Unsafe("the cursor is not in a composer");
        }
        int gap = firstBlank(screen, state.cursorRow());
        int last = screen.lastVisible();
        if (gap < 0 || last <= gap || last - gap > MAX_FOOTER_ROWS) {
            return new Unsafe("there is no status line below the composer");
        }
        for (int row = gap + 1; row <= last; row++) {
            if (screen.row(row).isBlank()) {
                return new Unsafe("there is a gap below the composer");
            }
            if (CAPTIVE.matcher(screen.row(row).text()).matches()) {
                return new Unsafe("a line below the composer says: "
                        + screen.row(row).text().strip());
            }
        }
        if (!STATUS.matcher(screen.row(gap + 1).text()).matches()) {
            return new Unsafe("there is no status line below the composer");
        }
        Row first = screen.row(prompt);
        boolean nothingTyped = gap == prompt + 1
                && first.isPlaceholderFrom(PROMPT.length())
                && state.cursorColumn() == PROMPT.length();
        String draft = nothingTyped ? "" : draft(screen, prompt, gap);
        if (isWorking(screen, prompt)) {
            return new Working(draft);
        }
        String hints = screen.row(last).text();
        if (nothingTyped) {
            return IDLE_HINTS.matcher(hints).matches()
                    ? new Empty()
                    : new Unsafe("the line of hints is not the idle one");
        }
        boolean hintsGone = last == gap + 1 || DRAFT_HINTS.matcher(hints).matches();
        return hintsGone ? new Holding(draft) : new Unsafe("the line of hints is not the one of a draft");
    }

    private static int prompt(Screen screen, int cursor) {
        for (int row = cursor; row >= 0 && row > cursor - MAX_DRAFT_ROWS; row--) {
            Row line = screen.row(row);
            if (isPrompt(line)) {
                return row;
            }
            if (!line.text().startsWith(INDENT)) {
                return -1;
            }
        }
        return -1;
    }

    /** What was said before is quoted with the same character, drawn dim. */
    private static boolean isPrompt(Row row) {
        Style style = row.styleAt(0);
        boolean glyph = row.text().startsWith(PROMPT) || row.text().equals(PROMPT.strip());
        return glyph && style.bold() && !style.dim() && !style.reverse() && !style.coloured();
    }

    private static int firstBlank(Screen screen, int cursor) {
        for (int row = cursor + 1; row < screen.height(); row++) {
            if (screen.row(row).isBlank()) {
                return row;
            }
            if (!screen.row(row).text().startsWith(INDENT)) {
                return -1;
            }
        }
        return -1;
    }

    private static boolean isWorking(Screen screen, int prompt) {
        for (int row = Math.max(0, prompt - WORKING_ROWS); row < prompt; row++) {
            if (WORKING.matcher(screen.row(row).text()).matches()) {
                return true;
            }
        }
        return false;
    }

    private static String draft(Screen screen, int prompt, int gap) {
        StringBuilder draft = new StringBuilder(screen.row(prompt).from(PROMPT.length()));
        for (int row = prompt + 1; row < gap; row++) {
            draft.append(screen.row(row).text());
        }
        return Composer.squeezed(draft.toString());
    }

    @Override
    public boolean showsSubmitted(Snapshot snapshot, String text) {
        return Transcript.shows(
                snapshot.screen(),
                row -> !row.text().isEmpty() && row.text().charAt(0) == GLYPH && !isPrompt(row),
                text);
    }
}
