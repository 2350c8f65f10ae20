package dev.parley.wake.tmux;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Claude Code's composer: a line of {@code ❯}, a no-break space and the draft, between two rules as wide as the pane, and
 * below them a line that tells the permission mode.
 *
 * <p>What looks like it and is not: the agents view (a plain space after {@code ❯}; Enter starts a new session there), shell
 * mode ({@code !}), a selected entry below the composer (the cursor is there), the search and every dialog (no rules around
 * the cursor). Vim's normal mode looks the same and is safe: bracketed paste is taken as text in it.
 */
final class ClaudeComposer implements Composer {

    private static final String PROMPT = "❯\u00a0";
    private static final String SAID = "❯ ";
    private static final String INDENT = "  ";

    /** The upper rule can carry the session's name near its end. */
    private static final Pattern UPPER_RULE = Pattern.compile("─{4,}( [^─]+ ─+)?");

    private static final Pattern LOWER_RULE = Pattern.compile("─{10,}");

    /** {@code ⏸ manual mode on}, {@code ⏵⏵ accept edits on}, {@code ⏸ plan mode on} …, in vim's insert mode with a note. */
    private static final Pattern MODE = Pattern.compile("  (-- INSERT -- )?[⏸⏵]{1,2} [a-z' ]{3,40} on\\b.*");

    /** What a footer says when keys mean something else than text, or Enter something else than submit. */
    private static final Pattern CAPTIVE = Pattern.compile("(?i).*(\\b(esc(?! to interrupt)|enter|again to)\\b"
            + "|\\bto (cancel|select|navigate|close|confirm)\\b|\\bshell mode\\b).*");

    /** All that may follow the line that tells the mode: a note at the right. */
    private static final Pattern NOTE = Pattern.compile("( {10,}.*)?");

    private static final String WORKING = "esc to interrupt";
    private static final int MAX_DRAFT_ROWS = 40;

    @Override
    public Reading read(Snapshot snapshot) {
        Screen screen = snapshot.screen();
        int cursor = snapshot.state().cursorRow();
        int prompt = prompt(screen, cursor);
        if (prompt < 0) {
            return new Unsafe("the cursor is not in a composer");
        }
        int end = lowerRule(screen, cursor, snapshot.state().width());
        if (end < 0 || !isUpperRule(screen.row(prompt - 1), snapshot.state().width())) {
            return new Unsafe("there are no rules around the composer");
        }
        Optional<String> flaw = footerFlaw(screen, end);
        if (flaw.isPresent()) {
            return new Unsafe(flaw.get());
        }
        String draft = draft(snapshot, prompt, end);
        if (isWorking(screen, prompt, end)) {
            return new Working(draft);
        }
        // A draft of blanks and line breaks is one, too: it shows only by where the cursor is, and in how many lines.
        boolean empty = draft.isEmpty() && end == prompt + 1 && snapshot.state().cursorColumn() == PROMPT.length();
        return empty ? new Empty() : new Holding(draft);
    }

    /** The line that the draft with the cursor in it begins on. */
    private static int prompt(Screen screen, int cursor) {
        for (int row = cursor; row >= 0 && row > cursor - MAX_DRAFT_ROWS; row--) {
            String text = screen.row(row).text();
            if (text.startsWith(PROMPT)) {
                return row;
            }
            if (!text.isEmpty() && !text.startsWith(INDENT)) {
                return -1;
            }
        }
        return -1;
    }

    private static boolean isUpperRule(Row row, int width) {
        return row.text().length() == width && UPPER_RULE.matcher(row.text()).matches();
    }

    private static int lowerRule(Screen screen, int cursor, int width) {
        for (int row = cursor + 1; row < screen.height() && row < cursor + MAX_DRAFT_ROWS; row++) {
            String text = screen.row(row).text();
            if (text.length() == width && LOWER_RULE.matcher(text).matches()) {
                return row;
            }
            if (!text.isEmpty() && !text.startsWith(INDENT)) {
                return -1;
            }
        }
        return -1;
    }

    private static Optional<String> footerFlaw(Screen screen, int lowerRule) {
        boolean tellsMode = false;
        for (int row = lowerRule + 1; row <= screen.lastVisible(); row++) {
            Row line = screen.row(row);
            if (line.hasReversed()) {
                return Optional.of("something below the composer is selected");
            }
            if (CAPTIVE.matcher(line.text()).matches()
                    || (tellsMode && !NOTE.matcher(line.text()).matches())) {
                return Optional.of(
                        "a line below the composer says: " + line.text().strip());
            }
            tellsMode |= MODE.matcher(line.text()).matches();
        }
        return tellsMode ? Optional.empty() : Optional.of("no line below the composer tells the mode");
    }

    /** While it works it says so below, where there is room, and draws the prompt in grey. */
    private static boolean isWorking(Screen screen, int prompt, int lowerRule) {
        if (screen.row(prompt).styleAt(0).coloured()) {
            return true;
        }
        for (int row = lowerRule + 1; row <= screen.lastVisible(); row++) {
            if (screen.row(row).text().contains(WORKING)) {
                return true;
            }
        }
        return false;
    }

    private static String draft(Snapshot snapshot, int prompt, int end) {
        Row first = snapshot.screen().row(prompt);
        if (end == prompt + 1 && first.isPlaceholderFrom(PROMPT.length())) {
            return "";
        }
        StringBuilder draft = new StringBuilder(first.from(PROMPT.length()));
        for (int row = prompt + 1; row < end; row++) {
            draft.append(snapshot.screen().row(row).text());
        }
        return Composer.squeezed(draft.toString());
    }

    @Override
    public boolean showsSubmitted(Snapshot snapshot, String text) {
        return Transcript.shows(snapshot.screen(), row -> row.text().startsWith(SAID), text);
    }
}
