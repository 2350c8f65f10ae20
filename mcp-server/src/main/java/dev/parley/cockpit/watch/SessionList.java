package dev.parley.cockpit.watch;

import dev.parley.cockpit.Cells;
import dev.parley.cockpit.watch.View.Pane;
import dev.parley.mailbox.PlainText;
import dev.parley.overview.Standing;
import dev.parley.overview.UnreadMail;
import dev.parley.peer.Peer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** The sessions, one a line, in columns as wide as what stands in them. */
final class SessionList {

    private static final int NAME_MOST = 24;
    private static final int CLIENT_MOST = 14;

    private final View view;

    SessionList(View view) {
        this.view = view;
    }

    /** So many lines at the most; the selected one is among them. */
    List<List<Piece>> lines(int width, int rows) {
        List<Standing> elsewhere = view.elsewhere();
        if (view.sessions().isEmpty() && elsewhere.isEmpty()) {
            return List.of(List.of(Piece.of(
                    Look.FAINT,
                    view.all().isEmpty() ? "  no session has been here yet" : "  no session passes the filter")));
        }
        int name = widest(SessionList::name, NAME_MOST, elsewhere);
        int need = widest(standing -> Needs.words(standing, view), Math.max(26, width / 3), elsewhere);
        int mail = widest(this::mail, 12, List.of());
        int client = widest(SessionList::client, CLIENT_MOST, elsewhere);
        List<List<Piece>> lines = new ArrayList<>();
        int selected = 0;
        for (Standing standing : view.sessions()) {
            boolean isSelected =
                    view.session().filter(standing.session().id()::equals).isPresent();
            selected = isSelected ? lines.size() : selected;
            List<Piece> line = new ArrayList<>();
            line.add(Piece.plain(isSelected ? "> " : "  "));
            line.add(Piece.of(Look.STRONG, column(name(standing), name)));
            line.add(Piece.of(Needs.look(standing.need()), column(Needs.words(standing, view), need)));
            line.add(Piece.plain(mail == 0 ? "" : column(mail(standing), mail)));
            line.add(Piece.of(Look.FAINT, column(client(standing), client)));
            line.add(Piece.plain(purpose(standing)));
            lines.add(isSelected ? Piece.in(look(), line) : line);
        }
        for (Standing standing : elsewhere) {
            lines.add(List.of(Piece.of(
                    Look.FAINT,
                    "  "
                            + column(name(standing), name)
                            + column(Needs.words(standing, view), need)
                            + (mail == 0 ? "" : column("", mail))
                            + column(client(standing), client)
                            + purpose(standing))));
        }
        return Windowed.around(lines, selected, selected + 1, rows);
    }

    private Look look() {
        return view.hand().pane() == Pane.SESSIONS ? Look.SELECTED : Look.MARKED;
    }

    private int widest(Function<Standing, String> column, int most, List<Standing> more) {
        return Math.min(
                most,
                Stream.concat(view.sessions().stream(), more.stream())
                        .map(column)
                        .mapToInt(Cells::of)
                        .max()
                        .orElse(0));
    }

    private static String column(String text, int width) {
        String shown = Cells.beginOf(text, width);
        return shown + " ".repeat(width - Cells.of(shown) + 2);
    }

    private String mail(Standing standing) {
        UnreadMail unread = view.situation().unread().get(standing.session().id());
        if (unread == null) {
            return "";
        }
        return unread.trouble().isPresent()
                ? "mail: ?"
                : unread.isThere() ? unread.count().orElse(0) + " unread" : "";
    }

    private static String name(Standing standing) {
        return PlainText.line(peer(standing).called());
    }

    private static String client(Standing standing) {
        return PlainText.line(peer(standing).client());
    }

    private static String purpose(Standing standing) {
        return PlainText.line(peer(standing).purpose().orElse(""));
    }

    private static Peer peer(Standing standing) {
        return standing.session().peer();
    }
}
