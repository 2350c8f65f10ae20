package dev.parley.cockpit.watch;

import dev.parley.cockpit.Cells;
import dev.parley.cockpit.WorkWords;
import dev.parley.cockpit.watch.View.Hand;
import dev.parley.cockpit.watch.View.Pane;
import dev.parley.mailbox.PlainText;
import dev.parley.overview.Need;
import dev.parley.overview.Wait;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Lays a view out on a screen of any size: what needs somebody above, and, where there is room, the conversation beside it. Pure:
 * the same view and size give the same canvas.
 */
final class Screen {

    /** From this size on the conversation stands beside the sessions. */
    private static final int WIDE = 120;

    private static final int HIGH = 30;
    private static final int SMALLEST_WIDTH = 30;
    private static final int SMALLEST_HEIGHT = 8;

    private static final List<String> HELP = List.of(
            "↑ ↓ j k     select; scroll in a message",
            "g G         first, last",
            "Enter       open: a session's messages, a message, a session of the waits",
            "Esc         back; ends a search or a filter",
            "Tab         next pane: sessions, messages, waits",
            "/           filter the sessions, or search the messages: a text, or /regex/",
            "m           write a message to the selected session, as the operator",
            "r           answer the selected message, as the operator",
            "o           go to the session's tmux pane",
            "c           copy the id of what is selected, by the terminal's clipboard",
            "Ctrl-L      draw everything anew",
            "q Ctrl-C    quit",
            "",
            "The sessions stand in the order of need: needs you (its client asks its user",
            "something for over 20 s), overdue (it owes what was due before), waits for an",
            "answer, working, idle, running (it does not tell what it does), ended.",
            "A message is stored, then rung for, handed to the client, shown, answered.");

    private final View view;
    private final Canvas canvas;

    private Screen(View view, Canvas canvas) {
        this.view = view;
        this.canvas = canvas;
    }

    /** Draws a view. */
    static Canvas draw(View view, int width, int height) {
        Canvas canvas = new Canvas(width, height);
        if (width < SMALLEST_WIDTH || height < SMALLEST_HEIGHT) {
            canvas.putAll(0, List.of(Piece.plain("too small for parley watch")));
            for (int row = 1; row < height; row++) {
                canvas.putAll(row, List.of());
            }
            return canvas;
        }
        new Screen(view, canvas).draw();
        return canvas;
    }

    /** What is shown until something has been seen. */
    static Canvas waiting(String root, int width, int height) {
        Canvas canvas = new Canvas(width, height);
        for (int row = 0; row < height; row++) {
            canvas.putAll(
                    row,
                    row == 0 ? List.of(Piece.plain("parley watch: looking at " + PlainText.line(root))) : List.of());
        }
        return canvas;
    }

    private void draw() {
        Hand hand = view.hand();
        canvas.putAll(0, heading());
        int body = canvas.height() - 3;
        if (hand.isHelp()) {
            canvas.putBlock(1, body, 0, canvas.width(), help());
        } else if (canvas.width() >= WIDE && canvas.height() >= HIGH) {
            wide(body);
        } else {
            narrow(body);
        }
        canvas.putAll(canvas.height() - 2, hand.prompt().map(this::prompt).orElseGet(this::status));
        canvas.putAll(canvas.height() - 1, footer());
    }

    private void narrow(int body) {
        int width = canvas.width();
        int rows =
                Math.max(1, Math.min(view.sessions().size() + view.elsewhere().size(), (body - 2) * 2 / 5));
        canvas.putAll(1, title(Pane.SESSIONS, sessionsTitle(), width));
        canvas.putBlock(2, rows, 0, width, new SessionList(view).lines(width, rows));
        int top = 2 + rows;
        int left = body - 1 - rows;
        boolean isWaits = view.hand().pane() == Pane.WAITS;
        canvas.putAll(top, isWaits ? title(Pane.WAITS, waitsTitle(), width) : title(Pane.TALK, talkTitle(), width));
        canvas.putBlock(
                top + 1, left - 1, 0, width, isWaits ? waits(left - 1) : new TalkPane(view).lines(width, left - 1));
    }

    private void wide(int body) {
        int leftWidth = Math.min(90, canvas.width() * 2 / 5);
        int column = leftWidth + 1;
        int rightWidth = canvas.width() - column;
        int rows =
                Math.max(1, Math.min(view.sessions().size() + view.elsewhere().size(), (body - 2) * 3 / 5));
        int below = body - 2 - rows;
        List<List<Piece>> left = new ArrayList<>();
        left.add(title(Pane.SESSIONS, sessionsTitle(), leftWidth));
        left.addAll(padded(new SessionList(view).lines(leftWidth, rows), rows));
        left.add(title(Pane.WAITS, waitsTitle(), leftWidth));
        left.addAll(padded(waits(below), below));
        List<List<Piece>> right = new ArrayList<>();
        right.add(title(Pane.TALK, talkTitle(), rightWidth));
        right.addAll(new TalkPane(view).lines(rightWidth, body - 1));
        for (int i = 0; i < body; i++) {
            canvas.put(1 + i, 0, leftWidth, left.get(i));
            canvas.put(1 + i, leftWidth, 1, List.of(Piece.of(Look.FAINT, "│")));
            canvas.put(1 + i, column, rightWidth, i < right.size() ? right.get(i) : List.of());
        }
    }

    private static List<List<Piece>> padded(List<List<Piece>> lines, int rows) {
        List<List<Piece>> padded = new ArrayList<>(lines.subList(0, Math.min(rows, lines.size())));
        while (padded.size() < rows) {
            padded.add(List.of());
        }
        return padded;
    }

    /** How many need what, and the time: what is most urgent stands where nothing is cut off. */
    private List<Piece> heading() {
        List<Piece> line = new ArrayList<>();
        for (Need need : Need.values()) {
            long count = view.all().stream()
                    .filter(standing ->
                            standing.need() == need && standing.session().hasBegun())
                    .count();
            if (count > 0) {
                line.add(Piece.plain(line.isEmpty() ? "" : " · "));
                line.add(Piece.of(Needs.look(need), count + " " + Needs.heading(need, count)));
            }
        }
        if (line.isEmpty()) {
            line.add(Piece.plain("no session has been here yet"));
        }
        String clock = Times.clock(view.now(), view.now(), view.zone());
        int room = canvas.width() - Piece.cells(line) - Cells.of(clock) - 4;
        String root = room > 8 ? Cells.endOf(PlainText.line(view.root()), room) : "";
        line.add(Piece.plain("  "));
        line.add(Piece.of(Look.FAINT, root));
        line.add(Piece.plain(" ".repeat(Math.max(1, canvas.width() - Piece.cells(line) - Cells.of(clock)))));
        line.add(Piece.plain(clock));
        return line;
    }

    private String sessionsTitle() {
        int unreadable = view.situation().project().unreadable().size();
        String filter = PlainText.line(view.hand().filter());
        return "Sessions"
                + (filter.isEmpty()
                        ? ""
                        : " with \"" + filter + "\": " + view.sessions().size() + " of "
                                + view.all().size())
                + (unreadable == 0 ? "" : " (" + unreadable + " cannot be read: parley check)");
    }

    private String waitsTitle() {
        int unreadable = view.situation().work().unreadable().size();
        return "Who waits for whom" + (unreadable == 0 ? "" : " (" + unreadable + " cannot be read: parley check)");
    }

    private String talkTitle() {
        String search = PlainText.line(view.hand().search());
        return view.selected()
                .map(standing -> "Messages of "
                        + PlainText.line(standing.session().peer().name())
                        + (search.isEmpty() ? "" : " with \"" + search + "\""))
                .orElse("Messages");
    }

    /** The pane that has the keys has another mark and another line, not only another look. */
    private List<Piece> title(Pane pane, String text, int width) {
        boolean hasKeys = view.hand().pane() == pane;
        String line = hasKeys ? "═" : "─";
        String begin = hasKeys ? "══▶ " : "──  ";
        String title = Cells.beginOf(text, Math.max(1, width - 6));
        int rest = Math.max(0, width - Cells.of(begin) - Cells.of(title) - 1);
        Look look = hasKeys ? Look.STRONG : Look.PLAIN;
        return List.of(Piece.of(look, begin), Piece.of(look, title), Piece.of(look, " " + line.repeat(rest)));
    }

    private List<List<Piece>> waits(int rows) {
        List<List<Piece>> lines = new ArrayList<>();
        if (view.nodes().isEmpty()) {
            lines.add(List.of(Piece.of(Look.FAINT, "  nobody waits for anybody")));
        }
        for (int i = 0; i < view.nodes().size(); i++) {
            WaitTree.Node node = view.nodes().get(i);
            boolean isHere = view.hand().pane() == Pane.WAITS && i == view.node();
            List<Piece> line = new ArrayList<>();
            line.add(Piece.plain(isHere ? "> " : "  "));
            line.add(Piece.of(Look.FAINT, node.prefix()));
            line.add(Piece.plain(PlainText.line(view.situation().name(node.session()))));
            line.add(Piece.plain(words(node)));
            lines.add(isHere ? Piece.in(Look.SELECTED, line) : line);
        }
        return Windowed.around(lines, view.node(), view.node() + 1, rows);
    }

    private String words(WaitTree.Node node) {
        if (node.cause().isEmpty()) {
            return Stream.concat(view.all().stream(), view.situation().elsewhere(view.now()).stream())
                    .filter(standing -> node.session().equals(standing.session().who()))
                    .findFirst()
                    .map(standing -> ": " + Needs.words(standing, view))
                    .orElse(": not in this project");
        }
        Wait cause = node.cause().get();
        return (cause.isAtThisMoment() ? " waits " : " asked, no answer for ")
                + Times.since(cause.since(), view.now())
                + view.situation()
                        .work()
                        .item(cause)
                        .flatMap(item -> WorkWords.news(item, view.now()))
                        .map(news -> " (" + news + ")")
                        .orElse("")
                + (node.isCircle() ? ": a circle" : "");
    }

    private static List<List<Piece>> help() {
        return HELP.stream().map(line -> List.of(Piece.plain("  " + line))).toList();
    }

    private List<Piece> prompt(Prompt prompt) {
        String label = prompt.label() + "> ";
        // A refusal of what was typed has to be seen beside it.
        String status = PlainText.line(view.hand().status());
        String behind = status.isEmpty() ? "" : "  " + Cells.beginOf(status, canvas.width() / 2);
        String[] parts = prompt.editor().shown(canvas.width() - Cells.of(label) - Cells.of(behind));
        return List.of(
                Piece.of(Look.STRONG, label),
                Piece.plain(parts[0]),
                Piece.of(Look.SELECTED, parts[1]),
                Piece.plain(parts[2]),
                Piece.of(Look.ALERT, behind));
    }

    private List<Piece> status() {
        return List.of(Piece.of(Look.STRONG, PlainText.line(view.hand().status())));
    }

    /** The keys, as many as fit; the last two always. */
    private List<Piece> footer() {
        List<String> keys = view.hand().keys();
        int always = Math.max(0, keys.size() - 2);
        String end = String.join("  ", keys.subList(always, keys.size()));
        StringBuilder line = new StringBuilder();
        for (String key : keys.subList(0, always)) {
            if (Cells.of(line.toString()) + Cells.of(key) + 2 + Cells.of(end) > canvas.width()) {
                break;
            }
            line.append(key).append("  ");
        }
        return List.of(Piece.of(Look.FAINT, line + end));
    }
}
