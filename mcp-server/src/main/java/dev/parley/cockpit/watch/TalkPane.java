package dev.parley.cockpit.watch;

import dev.parley.address.MessageId;
import dev.parley.cockpit.SessionEvent;
import dev.parley.cockpit.SessionHistory;
import dev.parley.cockpit.WorkWords;
import dev.parley.cockpit.watch.OpenItems.Item;
import dev.parley.cockpit.watch.View.Pane;
import dev.parley.mailbox.PlainText;
import dev.parley.overview.Message;
import dev.parley.overview.OwedWork;
import dev.parley.overview.Standing;
import dev.parley.overview.Threads.Placed;
import dev.parley.overview.Unreadable;
import dev.parley.peer.Peer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/** The selected session: who it is, its open work, and its messages; or one message of it, whole. */
final class TalkPane {

    private static final int MOST_OPEN = 3;
    /** So many lines of a message are shown beside others, where there is little room and where there is more. */
    private static final int FEW_LINES = 3;

    private static final int MORE_LINES = 12;
    private static final int ROOMY = 25;
    private static final int FEW_EVENTS = 2;
    private static final int MORE_EVENTS = 5;
    private static final int INDENT = 2;
    private static final int MOST_DEPTH = 4;

    private final View view;

    TalkPane(View view) {
        this.view = view;
    }

    /** A message as lines, and where they begin. */
    private record Block(int first, int end) {}

    /** So many lines at the most. */
    List<List<Piece>> lines(int width, int rows) {
        Optional<Standing> selected = view.selected();
        if (selected.isEmpty()) {
            return List.of();
        }
        Optional<Talk> talk = view.talk();
        if (view.hand().isReading() && talk.isPresent()) {
            Optional<Message> message = talk.get().messages().stream()
                    .map(Placed::message)
                    .filter(each -> view.message().filter(each.id()::equals).isPresent())
                    .findFirst();
            if (message.isPresent()) {
                return Windowed.from(whole(message.get(), width), view.hand().scrolled(), rows);
            }
        }
        List<List<Piece>> lines = new ArrayList<>(about(selected.get(), width, rows));
        int left = Math.max(0, rows - lines.size());
        lines.addAll(talk.map(read -> messages(read, width, left))
                .orElse(List.of(List.of(Piece.of(Look.FAINT, "  reading …")))));
        return lines;
    }

    private List<List<Piece>> about(Standing standing, int width, int rows) {
        Peer peer = standing.session().peer();
        List<List<Piece>> lines = new ArrayList<>();
        lines.add(List.of(
                Piece.plain("  " + Needs.words(standing, view) + " · " + PlainText.line(peer.client()) + " · "
                        + PlainText.line(peer.id().value()) + " · "),
                Piece.of(Look.FAINT, PlainText.line(peer.cwd()))));
        OpenItems open = OpenItems.of(peer.id(), view.situation(), view.now());
        open(lines, open.owed(), item -> "owes " + item.other() + " an answer", ", waited for in a call");
        open(lines, open.awaited(), item -> "waits for " + item.other(), ", in a call");
        view.situation()
                .history(peer.id())
                .ifPresent(history -> history(lines, history, width, rows < ROOMY ? FEW_EVENTS : MORE_EVENTS));
        return lines;
    }

    /** What was done to go on with it, the newest, and whether somebody still does. */
    private void history(List<List<Piece>> lines, SessionHistory history, int width, int most) {
        history.trouble()
                .ifPresent(why -> lines.add(List.of(Piece.of(
                        Look.ALERT,
                        "  what was done to go on with it cannot be read: " + PlainText.line(why)
                                + " (parley check)"))));
        int earlier = history.earlier(most);
        if (earlier > 0) {
            lines.add(List.of(Piece.of(
                    Look.FAINT,
                    "  " + earlier + " earlier: parley log --with "
                            + PlainText.line(history.peer().name()))));
        }
        for (SessionEvent event : history.newest(most)) {
            boolean isHolding = history.isHeldBackBy(event, view.now());
            String text = clock(event.at()) + " " + event.words(this::clock);
            Wrapping.lines(text, width - INDENT)
                    .forEach(line -> lines.add(
                            List.of(Piece.of(isHolding ? Look.ALERT : Look.PLAIN, " ".repeat(INDENT) + line))));
        }
        history.present()
                .ifPresent(step -> lines.add(List.of(Piece.plain("  supervised at this moment, by process "
                        + step.supervisor().pid()))));
    }

    private void open(List<List<Piece>> lines, List<Item> items, Function<Item, String> what, String inCall) {
        for (Item item : items.subList(0, Math.min(MOST_OPEN, items.size()))) {
            lines.add(List.of(
                    Piece.of(
                            item.work().filter(OwedWork::isOverdue).isPresent() ? Look.ALERT : Look.WAITING,
                            "  " + what.apply(item)),
                    Piece.plain(", " + Times.since(item.since(), view.now())
                            + item.work()
                                    .map(work -> ", " + WorkWords.state(work, view.now()))
                                    .orElse("")
                            + (item.isAwaited() ? inCall : "") + ": " + item.message())));
            item.work()
                    .flatMap(work -> WorkWords.said(work.work()))
                    .ifPresent(said -> lines.add(List.of(Piece.plain("    note: " + said))));
        }
        if (items.size() > MOST_OPEN) {
            lines.add(List.of(Piece.of(Look.WAITING, "  and " + (items.size() - MOST_OPEN) + " more: parley work")));
        }
    }

    /** Only those near the selected one are laid out: no message takes less than a line. */
    private List<List<Piece>> messages(Talk talk, int width, int rows) {
        List<Placed> messages = talk.messages();
        int selected = messages.size() - 1;
        for (int i = 0; i < messages.size(); i++) {
            MessageId id = messages.get(i).message().id();
            selected = view.message().filter(id::equals).isPresent() ? i : selected;
        }
        int from = Math.max(0, selected - rows);
        int to = Math.min(messages.size(), selected + rows + 1);
        List<List<Piece>> lines = new ArrayList<>(from == 0 ? before(talk) : List.of());
        boolean hasKeys = view.hand().pane() == Pane.TALK;
        int most = rows < ROOMY ? FEW_LINES : MORE_LINES;
        Block block = new Block(lines.size(), lines.size());
        for (int i = from; i < to; i++) {
            int first = lines.size();
            add(lines, messages.get(i), width, most, i == selected && hasKeys);
            block = i == selected ? new Block(first, lines.size()) : block;
        }
        return view.message().isPresent()
                ? Windowed.around(lines, block.first(), block.end(), rows)
                : Windowed.from(lines, lines.size(), rows);
    }

    /** How far back this goes, and what of it is missing. */
    private List<List<Piece>> before(Talk talk) {
        List<List<Piece>> lines = new ArrayList<>();
        lines.add(List.of(Piece.of(Look.FAINT, "  " + beginning(talk))));
        for (Unreadable unreadable : talk.unreadable()) {
            lines.add(List.of(Piece.of(
                    Look.ALERT,
                    "  cannot be read: "
                            + unreadable.messageId().map(id -> id + ": ").orElse("")
                            + PlainText.line(unreadable.reason()) + " (parley check)")));
        }
        return lines;
    }

    /** What stands before the first message: how far back this goes. */
    private String beginning(Talk talk) {
        if (talk.messages().isEmpty()) {
            return talk.search().isEmpty() ? "no message is kept" : "nothing that is kept has this in it";
        }
        return talk.isCut()
                ? "the newest " + talk.messages().size() + "; there are older ones"
                : "this is all that is kept: of each session the last " + view.retained() + " that it received";
    }

    private void add(List<List<Piece>> lines, Placed placed, int width, int most, boolean isSelected) {
        Message message = placed.message();
        String indent = " ".repeat(INDENT * Math.min(MOST_DEPTH, placed.depth()));
        List<Piece> heading = new ArrayList<>();
        heading.add(Piece.plain(isSelected ? "> " : "  "));
        heading.add(Piece.plain(indent + Times.clock(message.sentAt(), view.now(), view.zone()) + " "));
        heading.add(Piece.of(
                Look.STRONG, PlainText.line(message.senderName()) + " → " + PlainText.line(message.receiverName())));
        heading.add(Piece.plain("  " + kind(message) + ", " + state(message) + "  "));
        heading.add(Piece.of(Look.FAINT, message.id().value()));
        lines.add(isSelected ? Piece.in(Look.SELECTED, heading) : heading);
        String margin = "    " + indent;
        List<String> body = Wrapping.lines(message.envelope().body(), width - margin.length());
        int shown = body.size() > most ? most - 1 : body.size();
        body.subList(0, shown).forEach(line -> lines.add(List.of(Piece.plain(margin + line))));
        if (shown < body.size()) {
            lines.add(List.of(
                    Piece.of(Look.FAINT, margin + "… " + (body.size() - shown) + " more lines: Enter shows them")));
        }
    }

    private List<List<Piece>> whole(Message message, int width) {
        List<List<Piece>> lines = new ArrayList<>();
        lines.add(List.of(Piece.of(
                Look.STRONG,
                "  " + PlainText.line(message.senderName()) + " → " + PlainText.line(message.receiverName()))));
        lines.add(List.of(Piece.plain("  " + kind(message) + " " + message.id()
                + message.envelope().requestId().map(id -> ", request " + id).orElse(""))));
        message.envelope().sourceMessageId().ifPresent(id -> lines.add(List.of(Piece.plain("  refers to " + id))));
        lines.add(List.of(Piece.plain("  " + times(message))));
        lines.add(List.of());
        Wrapping.lines(message.envelope().body(), width - 2)
                .forEach(line -> lines.add(List.of(Piece.plain("  " + line))));
        return lines;
    }

    private String times(Message message) {
        StringBuilder times = new StringBuilder("stored " + clock(message.sentAt()));
        message.status().rung().ifPresent(rung -> times.append(", rung by ").append(PlainText.line(rung.rung())));
        message.status().handed().ifPresent(at -> times.append(", handed ").append(clock(at)));
        message.status().shown().ifPresent(at -> times.append(", shown ").append(clock(at)));
        message.status().answered().ifPresent(at -> times.append(", answered ").append(clock(at)));
        return times.toString();
    }

    private String clock(Instant at) {
        return Times.clock(at, view.now(), view.zone());
    }

    /** What kind of message it is. */
    static String kind(Message message) {
        if (message.isQuestion()) {
            return "question";
        }
        return message.envelope().replyTo().isPresent() ? "answer" : "message";
    }

    /** How far it has come, in the tools' word. */
    static String state(Message message) {
        return message.status().state().name().toLowerCase(Locale.ROOT);
    }
}
