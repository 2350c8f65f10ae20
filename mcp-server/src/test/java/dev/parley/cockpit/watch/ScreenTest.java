package dev.parley.cockpit.watch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.MessageId;
import dev.parley.cockpit.Cells;
import dev.parley.cockpit.watch.Key.Kind;
import dev.parley.ledger.MessageState;
import dev.parley.ledger.WorkState;
import dev.parley.overview.Need;
import dev.parley.overview.Unreadable;
import dev.parley.peer.Presence;
import dev.parley.peer.Presence.Activity;
import dev.parley.peer.Presence.Life;
import dev.parley.process.ProcessIdentity;
import dev.parley.supervise.SupervisionLog.Step;
import dev.parley.supervise.SupervisionLog.What;
import dev.parley.wake.ResumeLog.End;
import dev.parley.wake.ResumeLog.Outcome;
import dev.parley.wake.ResumeLog.Parking;
import dev.parley.wake.ResumeLog.Run;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is on the screen, letter for letter, without a terminal. */
final class ScreenTest {

    private static List<String> draw(Board board, int width, int height) {
        return Screen.draw(board.view(Scene.NOW).orElseThrow(), width, height).text();
    }

    private static void assertShows(String file, List<String> lines) throws Exception {
        String found = String.join("\n", lines) + "\n";
        try (InputStream expected = ScreenTest.class.getResourceAsStream(file)) {
            assertEquals(expected == null ? "" : new String(expected.readAllBytes(), UTF_8), found, file);
        }
    }

    private static Board pressed(Board board, Kind... kinds) {
        for (Kind kind : kinds) {
            board.press(Key.of(kind), Scene.NOW);
        }
        return board;
    }

    private static Board typed(Board board, String text) {
        text.codePoints().forEach(c -> board.press(Key.typed(Character.toString(c)), Scene.NOW));
        return board;
    }

    @Test
    void atTheSmallSizeTheMessagesStandBelowTheSessions() throws Exception {
        assertShows("small.txt", draw(Scene.shop().board(), 80, 24));
    }

    @Test
    void atTheLargeSizeAllPanesAreSeen() throws Exception {
        Scene scene = Scene.shop();
        Board board = pressed(scene.board(), Kind.DOWN);
        scene.show(board);
        assertShows("large.txt", draw(board, 200, 60));
    }

    /** Below the others, with their machine; one that has ended is in no list. */
    @Test
    void sessionsOfOtherMachinesStandBelow() {
        Scene scene = new Scene()
                .session("ann", Activity.IDLE, Duration.ofMinutes(3), "codex", "")
                .elsewhere(
                        "ben", new Presence(Life.LIVE, Activity.BUSY, Optional.of(Scene.NOW.minusSeconds(90))), false)
                .elsewhere("dan", new Presence(Life.UNKNOWN, Activity.UNKNOWN, Optional.empty()), true)
                .elsewhere("eve", new Presence(Life.GONE, Activity.ENDED, Optional.of(Scene.NOW)), false);
        List<String> lines = draw(scene.board(), 80, 24);
        assertEquals("> ann               idle 3 min     codex", lines.get(2).stripTrailing());
        assertEquals(
                "  ben@build-server  working 1 min  codex  builds", lines.get(3).stripTrailing());
        assertEquals(
                "  dan@build-server  away           codex  builds", lines.get(4).stripTrailing());
        assertFalse(String.join("\n", lines).contains("eve"), lines::toString);
    }

    /** It is not the one of this machine that has its id, and cannot be opened: its conversation is on its machine. */
    @Test
    void whoIsWaitedForOnAnotherMachineStandsInTheTree() {
        Scene scene = new Scene()
                .session("ann", Activity.BUSY, Duration.ofMinutes(3), "codex", "")
                .session("ben", Activity.IDLE, Duration.ofMinutes(9), "codex", "")
                .elsewhere(
                        "ben", new Presence(Life.LIVE, Activity.BUSY, Optional.of(Scene.NOW.minusSeconds(90))), false)
                .waitsElsewhere("ann", "ben", Duration.ofSeconds(40));
        Board board = pressed(scene.board(), Kind.TAB, Kind.TAB);
        List<String> lines = draw(board, 80, 24).stream().map(String::strip).toList();
        assertTrue(lines.contains("> ben@build-server: working 1 min"), lines::toString);
        assertTrue(
                lines.stream().anyMatch(line -> line.startsWith("> ann") && line.contains("waits for ben@")),
                lines::toString);
        List<String> opened = draw(pressed(board, Kind.ENTER), 80, 24);
        assertEquals(lines, opened.stream().map(String::strip).toList());
    }

    /** Also what is wanted by send_message, for which nobody holds a ticket. */
    @Test
    void openWorkIsToldWithItsStateWhatIsOverdueFirst() throws Exception {
        Scene scene = new Scene()
                .session("tidy-fox", Activity.BUSY, Duration.ofMinutes(3), "codex", "migrates the orders table")
                .session("calm-otter", Activity.IDLE, Duration.ofSeconds(40), "claude-code", "plans release 2.4")
                .session("late-lynx", Activity.ENDED, Duration.ofHours(5), "codex", "reviewed the API")
                .owes("tidy-fox", "late-lynx", Duration.ofHours(6), WorkState.OPEN, Optional.empty(), "")
                .owes(
                        "tidy-fox",
                        "calm-otter",
                        Duration.ofMinutes(50),
                        WorkState.BLOCKED,
                        Optional.of(Duration.ofMinutes(-20)),
                        "no \u001b[31m access")
                .owes(
                        "tidy-fox",
                        "calm-otter",
                        Duration.ofMinutes(9),
                        WorkState.WORKING,
                        Optional.of(Duration.ofMinutes(20)),
                        "running\nthem now")
                .waits("calm-otter", "tidy-fox", Duration.ofMinutes(4), true)
                .owes("calm-otter", "tidy-fox", Duration.ofMinutes(1), WorkState.WORKING, Optional.empty(), "");
        assertShows("work.txt", draw(scene.board(), 80, 24));
        assertShows("work-tree.txt", draw(pressed(scene.board(), Kind.TAB, Kind.TAB), 80, 24));
    }

    /** A session that was resumed twice for requests and is parked, one that is supervised, and one that is still to come. */
    private static Scene goneOn() {
        MessageId request = new MessageId("m-0000000000000042");
        ProcessIdentity supervisor = new ProcessIdentity(4242, 1, "boot");
        Instant at = Scene.NOW.minus(Duration.ofHours(1));
        Run done = new Run(
                Optional.of(request),
                at,
                Optional.of(new End(at.plusSeconds(33), Outcome.DONE, Optional.of("0.0123_USD_in_all"))));
        Run failed = new Run(
                Optional.of(request),
                at.plusSeconds(60),
                Optional.of(new End(at.plusSeconds(61), Outcome.FAILED, Optional.empty())));
        Parking parking = new Parking(
                at.plusSeconds(61),
                "rate_limited",
                Optional.of(Scene.NOW.plus(Duration.ofMinutes(30))),
                Optional.empty());
        return new Scene()
                .session("late-lynx", Activity.ENDED, Duration.ofHours(1), "codex", "reviewed the API")
                .session("tidy-fox", Activity.BUSY, Duration.ofMinutes(3), "codex", "migrates the orders table")
                .session("new-wren", new Presence(Life.UNKNOWN, Activity.UNKNOWN, Optional.empty()), "codex", "")
                .history("late-lynx", List.of(done, failed), Optional.of(parking), List.of())
                .history(
                        "tidy-fox",
                        List.of(),
                        Optional.empty(),
                        List.of(
                                new Step(at, What.BEGAN, supervisor, Optional.empty(), Optional.empty()),
                                new Step(
                                        at.plusSeconds(90),
                                        What.RESUMED,
                                        supervisor,
                                        Optional.of(137),
                                        Optional.empty())));
    }

    @Test
    void whatWasDoneToGoOnWithASessionIsToldWithIt() throws Exception {
        Scene scene = goneOn();
        assertShows("supervised.txt", draw(scene.board(), 80, 24));
        Board board = pressed(scene.board(), Kind.DOWN, Kind.DOWN);
        scene.show(board);
        assertShows("parked.txt", draw(board, 80, 24));
        String large = String.join("\n", draw(board, 200, 60));
        assertTrue(
                large.contains("11:00:00 resumed for m-0000000000000042: did its turn (11:00:33), 0.0123 USD in all"),
                large);
        assertTrue(large.contains("ended 1 h, parked"), large);
    }

    @Test
    void aMessageIsReadWhole() throws Exception {
        Scene scene = Scene.shop();
        Board board = pressed(scene.board(), Kind.DOWN);
        scene.show(board);
        pressed(board, Kind.ENTER, Kind.UP, Kind.ENTER);
        assertShows("message.txt", draw(board, 80, 24));
    }

    @Test
    void theWaitsAreATreeUnderWhoHoldsThemUp() throws Exception {
        assertShows("waits.txt", draw(pressed(Scene.shop().board(), Kind.TAB, Kind.TAB), 80, 24));
    }

    @Test
    void theHelpNamesEveryNeed() {
        String help = String.join("\n", draw(typed(Scene.shop().board(), "?"), 80, 24));
        for (Need need : Need.values()) {
            assertTrue(help.contains(Needs.heading(need, 1)), need + ": " + help);
        }
    }

    @Test
    void theHelpFitsTheSmallSize() throws Exception {
        assertShows("help.txt", draw(typed(Scene.shop().board(), "?"), 80, 24));
    }

    @Test
    void whatIsTypedIsSeenWithItsCursor() throws Exception {
        Board board = typed(Scene.shop().board(), "mstop, please");
        assertEquals("message to bold-elk> stop, please", draw(board, 80, 24).get(22));
        assertEquals(
                "Enter send  Esc cancel  Alt-Enter new line",
                draw(board, 80, 24).get(23));
    }

    /** Every line of every size is exactly as wide as the screen, whatever peers write. */
    @Test
    void nothingIsEverWiderThanTheScreen() {
        String nasty = "日本語 \u001b[31mred\u001b[0m \u202eevil\u202c \u0007 e\u0301 👩‍👩‍👧 \t" + "x".repeat(300)
                + "\n\u009b2J";
        Scene scene = new Scene()
                .session("an-otter", Activity.BUSY, Duration.ofDays(3), nasty, nasty)
                .session("b", Activity.IDLE, Duration.ZERO, "日本語", "")
                .message("b", "an-otter", Duration.ofSeconds(3), MessageState.SHOWN, nasty)
                .waits("an-otter", "b", Duration.ofSeconds(3), true);
        for (int pane = 0; pane < 3; pane++) {
            Board board = scene.board();
            for (int i = 0; i < pane; i++) {
                pressed(board, Kind.TAB);
            }
            for (int width = 1; width <= 210; width += width < 40 ? 1 : 17) {
                for (int height = 1; height <= 62; height += height < 12 ? 1 : 10) {
                    Canvas canvas = Screen.draw(board.view(Scene.NOW).orElseThrow(), width, height);
                    for (int row = 0; row < height; row++) {
                        int end = 0;
                        for (Canvas.Strip strip : canvas.row(row)) {
                            assertEquals(end, strip.column());
                            end += Piece.cells(strip.pieces());
                            strip.pieces().forEach(piece -> assertInert(piece.text()));
                        }
                        assertEquals(width, end, width + "x" + height + " row " + row);
                    }
                }
            }
        }
    }

    private static void assertInert(String text) {
        assertTrue(
                text.codePoints()
                        .noneMatch(c -> Character.isISOControl(c)
                                || (Character.getType(c) == Character.FORMAT && c != 0x200d && c != 0x200c)),
                () -> "not inert: " + text);
    }

    @Test
    void withManySessionsTheSelectedOneIsAlwaysSeen() {
        Scene scene = new Scene();
        for (int i = 0; i < 60; i++) {
            scene.session("session-%02d".formatted(i), Activity.IDLE, Duration.ofMinutes(100 - i), "codex", "");
        }
        Board board = scene.board();
        for (int i = 0; i < 60; i++) {
            String name = "> session-%02d".formatted(i);
            assertTrue(draw(board, 80, 24).stream().anyMatch(line -> line.startsWith(name)), name);
            pressed(board, Kind.DOWN);
        }
    }

    @Test
    void whatCannotBeReadIsSaid() {
        Scene scene = Scene.shop();
        Board board = scene.board();
        board.sees(
                Talk.of(
                        Scene.id("bold-elk"),
                        "",
                        List.of(),
                        false,
                        List.of(new Unreadable(
                                Scene.id("bold-elk"),
                                Optional.of(new MessageId("m-0000000000000009")),
                                "checksum\u001b[2J"))),
                Scene.NOW);
        String text = String.join("\n", draw(board, 80, 24));
        assertTrue(text.contains("cannot be read: m-0000000000000009: checksum [2J (parley check)"), text);
    }

    @Test
    void aCircleOfWaitsIsNamedAndEndsThere() {
        Scene scene = new Scene()
                .session("a", Activity.BUSY, Duration.ZERO, "codex", "")
                .session("b", Activity.BUSY, Duration.ZERO, "codex", "")
                .waits("a", "b", Duration.ofMinutes(2), true)
                .waits("b", "a", Duration.ofMinutes(1), true);
        List<String> lines = draw(pressed(scene.board(), Kind.TAB, Kind.TAB), 80, 24);
        assertEquals("> b: waits for a 1 min", lines.get(5));
        assertEquals("  └─ a waits 2 min", lines.get(6));
        assertEquals("     └─ b waits 1 min: a circle", lines.get(7));
    }

    @Test
    void noSessionIsSaidToBeThereIfNoneIs() {
        List<String> lines = draw(new Scene().board(), 80, 24);
        assertTrue(lines.get(0).startsWith("no session has been here yet"), lines.get(0));
        assertFalse(lines.get(23).contains("message"), "nobody could get one");
        assertTrue(lines.stream().allMatch(line -> Cells.of(line) <= 80));
    }
}
