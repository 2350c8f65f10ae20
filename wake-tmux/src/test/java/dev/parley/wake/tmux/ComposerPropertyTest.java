package dev.parley.wake.tmux;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.peer.Peer;
import dev.parley.wake.tmux.Composer.Empty;
import dev.parley.wake.tmux.Composer.Holding;
import dev.parley.wake.tmux.Composer.Reading;
import dev.parley.wake.tmux.Recordings.Recording;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.statistics.Statistics;

/** That nothing but a composer is taken for one. */
final class ComposerPropertyTest {

    private static final List<Recording> SAFE = Stream.concat(
                    Recordings.named("empty").stream(), Recordings.named("holding").stream())
            .toList();

    private static final List<Recording> EMPTY = Recordings.named("empty");

    /** Every line that any recording shows: the words of a screen, to be put together at random. */
    private static final List<String> LINES = Recordings.all().stream()
            .flatMap(recording -> recording.capture().lines())
            .distinct()
            .toList();

    @Property(tries = 2000)
    void noTextBreaksTheParser(@ForAll String capture) {
        Screen screen = Screen.parse(capture);
        assertTrue(
                screen.rows().stream().flatMapToInt(row -> row.text().chars()).noneMatch(c -> c < ' ' || c == 0x7f));
        long lines = capture.chars().filter(c -> c == '\n').count();
        assertTrue(screen.height() <= lines + 1);
    }

    @Property(tries = 2000)
    void escapesInAnyOrderDoNotBreakTheParser(@ForAll("escapes") String capture) {
        Screen screen = Screen.parse(capture);
        assertTrue(screen.rows().stream().noneMatch(row -> row.text().indexOf('\u001b') >= 0));
    }

    @Provide
    Arbitrary<String> escapes() {
        return Arbitraries.of(
                        "\u001b", "[", "]", "\\", "\u0007", "2", ";", "m", "38", "48", "5", "a", "\n", " ", "7", "(",
                        ":")
                .list()
                .ofMaxSize(60)
                .map(parts -> String.join("", parts));
    }

    /** The one thing that what a model writes on the screen cannot move. */
    @Property(tries = 4000)
    void thereIsNoComposerWhereTheCursorIsNot(
            @ForAll("safe") Recording recording,
            @ForAll @IntRange(max = 40) int row,
            @ForAll @IntRange(max = 100) int column) {
        Snapshot original = recording.snapshot();
        Snapshot moved = recording.withCursor(column, row);
        Reading reading = read(recording, moved);
        boolean sameRow = row == original.state().cursorRow();
        if (reading instanceof Empty) {
            assertTrue(sameRow && column == original.state().cursorColumn(), reading::toString);
        } else if (reading instanceof Holding) {
            // A draft of several lines can be entered on any of them.
            assertTrue(sameRow || recording.name().matches("holding-(ours|two|three|line-break).*"), reading::toString);
        }
    }

    /** Each line of the screen is taken away in turn: what is left without its frame is no composer. */
    @Property(tries = 2000)
    void aFrameWithAHoleIsNoFrame(@ForAll("empty") Recording recording, @ForAll @IntRange(max = 40) int hole) {
        String[] lines = recording.capture().split("\n", -1);
        Screen whole = recording.snapshot().screen();
        int cursor = recording.snapshot().state().cursorRow();
        int first = cursor - (recording.client().equals(Peer.GEMINI_CLI) ? 3 : 1);
        int last = switch (recording.client()) {
            // Below its hints stands what depends on the place.
            case Peer.OPENCODE -> cursor + 4;
            // The second line of its footer.
            case Peer.GEMINI_CLI -> whole.lastVisible() - 1;
            default -> whole.lastVisible();
        };
        if (hole < first || hole > last || isOptional(recording.client(), whole.row(hole))) {
            return;
        }
        lines[hole] = "\u001b[0m";
        Reading reading = read(recording, recording.withCapture(String.join("\n", lines)));
        assertFalse(reading instanceof Empty, () -> "without line " + hole);
    }

    /** A line of the user's own status line, a note at the right, or the gap between two parts, which half blocks may fill. */
    private static boolean isOptional(String client, Row row) {
        return row.isBlank()
                || row.text().matches("▄+|▀+")
                || (client.equals(Peer.CLAUDE_CODE) && row.text().matches("  (one|two)| {10,}.*"));
    }

    /** Anything in the composer that is not dim is a draft, wherever the cursor is. */
    @Property(tries = 2000)
    void whatIsTypedIsADraft(@ForAll("empty") Recording recording, @ForAll("typed") String typed) {
        String[] lines = recording.capture().split("\n", -1);
        int cursor = recording.snapshot().state().cursorRow();
        lines[cursor] = beforeTyped(recording) + typed + "\u001b[0;2m completed\u001b[0m";
        Reading reading = read(recording, recording.withCapture(String.join("\n", lines)));
        assertFalse(reading instanceof Empty, () -> "'" + typed + "' was overlooked");
    }

    /** The line of the composer up to where a draft begins. */
    private static String beforeTyped(Recording recording) {
        Row row = recording.snapshot().screen().row(recording.snapshot().state().cursorRow());
        return switch (recording.client()) {
            case Peer.CLAUDE_CODE -> "\u001b[0;1m❯\u001b[0m\u00a0";
            case Peer.CODEX -> "\u001b[0;1m›\u001b[0m ";
            case Peer.GEMINI_CLI -> "\u001b[0m > \u001b[38;5;231m";
            default -> {
                int bar = row.text().indexOf('┃');
                String colour = row.styleAt(bar).colour();
                yield "\u001b[0m" + " ".repeat(bar) + "\u001b[" + colour + "m┃\u001b[0m  \u001b[38;5;255m";
            }
        };
    }

    @Provide
    Arbitrary<String> typed() {
        return Arbitraries.strings().withCharRange('!', '~').ofMinLength(1).ofMaxLength(20);
    }

    /** Screens some of whose lines come from others: safe only if all that makes it safe is still there. */
    @Property(tries = 10_000)
    void aPatchedScreenIsSafeOnlyWhereItIsWhole(
            @ForAll("empty") Recording recording, @ForAll @Size(min = 1, max = 4) List<@From("patch") Patch> patches) {
        String[] lines = recording.capture().split("\n", -1);
        Snapshot original = recording.snapshot();
        int cursor = original.state().cursorRow();
        int around = original.screen().lastVisible() - cursor + 3;
        for (Patch patch : patches) {
            lines[Math.max(0, cursor - 1 + patch.where() % around) % lines.length] =
                    "\u001b[0m" + patch.line() + "\u001b[0m";
        }
        Snapshot patched = recording.withCapture(String.join("\n", lines));
        boolean empty = read(recording, patched) instanceof Empty;
        Statistics.label("still empty").collect(empty);
        if (empty) {
            assertWhole(recording.client(), patched.screen(), cursor);
        }
    }

    private static void assertWhole(String client, Screen screen, int cursor) {
        Row line = screen.row(cursor);
        String above = screen.rows().stream().limit(cursor).map(Row::text).collect(joining("\n"));
        String below = screen.rows().stream().skip(cursor + 1L).map(Row::text).collect(joining("\n"));
        switch (client) {
            case Peer.GEMINI_CLI -> {
                assertTrue(line.text().matches(" [>*]   (Type your|Press '(i|Esc)' for) .*"), line.text());
                assertTrue(above.matches("(?s).*\n─{40,}\n [A-Za-z].*"), above);
                assertTrue(below.matches("(?s)(|▀+)\n +\\S.*"), below);
                assertFalse(above.matches("(?s).*(esc to cancel|again to).*\n.*\n─{40,}\n.*"), above);
            }
            case Peer.OPENCODE -> {
                assertTrue(line.text().matches(" +┃(  Ask anything.*)?( {2,}.*)?"), line.text());
                assertTrue(above.matches("(?s).*\n +┃( {10,}.*)?"), above);
                assertTrue(below.matches("(?s) +┃( .*)?\n +┃  [A-Z][a-z]+ · .*\n +╹▀+.*\n.*commands.*"), below);
                assertFalse(below.matches("(?s) +┃.*\n.*╹▀+[^\n]*\n[^\n]* (esc|interru\\w*) .*"), below);
            }
            default -> {
                assertTrue(line.isBlankFrom(2) || line.isPlaceholderFrom(2), below);
                boolean claude = client.equals(Peer.CLAUDE_CODE);
                assertTrue(line.text().startsWith(claude ? "❯\u00a0" : "›"), below);
                assertTrue(!claude || screen.row(cursor - 1).text().startsWith("────"), above);
                assertTrue(!claude || below.startsWith("────"), below);
                assertTrue(below.matches("(?s).*( on\\b|\\? for shortcuts|← for agents).*"), below);
                assertFalse(below.matches("(?si).*(enter to|to cancel|to select|esc back).*"), below);
            }
        }
    }

    /**
     * A line to be put in the place of another.
     *
     * @param where which, counted from the one above the composer
     * @param line what stands there then
     */
    record Patch(int where, String line) {}

    @Provide
    Arbitrary<Patch> patch() {
        return Combinators.combine(Arbitraries.integers().between(0, 9), Arbitraries.of(LINES))
                .as(Patch::new);
    }

    @Provide
    Arbitrary<Recording> safe() {
        return Arbitraries.of(SAFE);
    }

    @Provide
    Arbitrary<Recording> empty() {
        return Arbitraries.of(EMPTY);
    }

    private static Reading read(Recording recording, Snapshot snapshot) {
        return Composer.of(recording.client()).orElseThrow().read(snapshot);
    }
}
