package dev.parley.cockpit.watch;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.parley.address.MessageId;
import dev.parley.address.SessionId;
import dev.parley.cockpit.watch.Key.Kind;
import dev.parley.cockpit.watch.Prompt.Purpose;
import dev.parley.cockpit.watch.View.Hand;
import dev.parley.cockpit.watch.View.Pane;
import dev.parley.mailbox.Envelope;
import dev.parley.mailbox.PlainText;
import dev.parley.overview.Message;
import dev.parley.overview.Standing;
import dev.parley.overview.TextSearch;
import dev.parley.overview.Threads.Placed;
import dev.parley.peer.Peer;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What the person at the keyboard is at: which pane, which session, which message, what they are typing. Knows no terminal.
 * Belongs to one thread.
 *
 * <p>A selection is kept by id, not by place: the lists move under it. As long as nobody has moved it, the first session and the
 * newest message are selected, whichever they are.
 */
final class Board {

    private static final int PAGE = 10;

    private final String root;
    private final ZoneId zone;
    private final int retained;
    /** Why nothing can be sent from here; empty if it can. */
    private final Optional<String> mute;

    private Optional<Situation> situation = Optional.empty();
    private Optional<Talk> talk = Optional.empty();
    private Set<SessionId> inPanes = Set.of();
    private Pane pane = Pane.SESSIONS;
    private Optional<SessionId> chosen = Optional.empty();
    private Optional<MessageId> chosenMessage = Optional.empty();
    private int node;
    private boolean isReading;
    private int scrolled;
    private boolean isHelp;
    private Optional<Prompt> prompt = Optional.empty();
    private String filter = "";
    private String search = "";
    private String status = "";
    private String trouble = "";

    Board(String root, ZoneId zone, int retained, Optional<String> mute) {
        this.root = root;
        this.zone = zone;
        this.retained = retained;
        this.mute = mute;
    }

    void sees(Situation next) {
        situation = Optional.of(next);
        trouble = "";
    }

    /** That the project cannot be looked at; what was seen last stays on the screen. */
    void cannotSee(String why) {
        trouble = why;
    }

    /** A conversation that was read; one that is not wanted any more is left out. */
    void sees(Talk next, Instant now) {
        if (selected(now).filter(next.with()::equals).isPresent()
                && next.search().equals(search)) {
            talk = Optional.of(next);
        }
    }

    /** Which sessions run in a pane that can be opened. */
    void seesPanes(Set<SessionId> sessions) {
        inPanes = Set.copyOf(sessions);
    }

    /** Tells the person at the keyboard something. */
    void tell(String text) {
        status = text;
    }

    /** Ends a search that cannot be carried out. */
    void refuseSearch(String why) {
        search = "";
        tell(why);
    }

    String search() {
        return search;
    }

    /** The session whose conversation is to be shown. */
    Optional<SessionId> selected(Instant now) {
        List<Standing> sessions = sessions(now);
        return chosen.filter(id -> sessions.stream()
                        .anyMatch(standing -> standing.session().id().equals(id)))
                .or(() -> sessions.stream()
                        .findFirst()
                        .map(first -> first.session().id()));
    }

    private List<Standing> sessions(Instant now) {
        Predicate<Peer> passes = passes(filter);
        return situation.stream()
                .flatMap(seen -> seen.standings(now).stream())
                .filter(standing -> passes.test(standing.session().peer()))
                .toList();
    }

    /** What is no regular expression is no filter yet: somebody is still typing it. */
    private static Predicate<Peer> passes(String filter) {
        if (filter.isEmpty()) {
            return peer -> true;
        }
        try {
            TextSearch text = TextSearch.of(filter);
            return peer -> text.isIn(peer.name() + "\n" + peer.client() + "\n" + peer.id() + "\n"
                    + peer.purpose().orElse(""));
        } catch (IllegalArgumentException e) {
            return peer -> true;
        }
    }

    private List<WaitTree.Node> nodes() {
        return situation.map(seen -> WaitTree.of(seen.work().waits())).orElse(List.of());
    }

    private List<Message> messages(Instant now) {
        return talk.filter(read -> selected(now).filter(read.with()::equals).isPresent()).stream()
                .flatMap(read -> read.messages().stream())
                .map(Placed::message)
                .toList();
    }

    private Optional<Message> message(Instant now) {
        List<Message> messages = messages(now);
        return chosenMessage
                .flatMap(id -> messages.stream()
                        .filter(message -> message.id().equals(id))
                        .findFirst())
                .or(() -> messages.isEmpty() ? Optional.empty() : Optional.of(messages.get(messages.size() - 1)));
    }

    /** All that is to be shown; empty until something has been seen. */
    Optional<View> view(Instant now) {
        return situation.map(seen -> {
            List<WaitTree.Node> nodes = nodes();
            return new View(
                    root,
                    now,
                    zone,
                    seen,
                    seen.standings(now),
                    sessions(now),
                    selected(now),
                    talk.filter(
                            read -> selected(now).filter(read.with()::equals).isPresent()),
                    chosenMessage.filter(id -> messages(now).stream()
                            .anyMatch(message -> message.id().equals(id))),
                    nodes,
                    Math.max(0, Math.min(node, nodes.size() - 1)),
                    retained,
                    new Hand(
                            pane,
                            isReading,
                            scrolled,
                            isHelp,
                            prompt,
                            filter,
                            search,
                            keys(now),
                            trouble.isEmpty() ? status : trouble));
        });
    }

    /** The keys that do something now, the most useful first; the two that always do, last. */
    private List<String> keys(Instant now) {
        List<String> keys = new ArrayList<>();
        if (prompt.isPresent()) {
            boolean isMessage = prompt.get().purpose() == Purpose.MESSAGE;
            keys.add("Enter " + (isMessage ? "send" : "apply"));
            keys.add("Esc cancel");
            if (isMessage) {
                keys.add("Alt-Enter new line");
            }
            return keys;
        }
        if (isHelp) {
            return List.of("Esc back", "q quit");
        }
        boolean isMessage = pane == Pane.TALK && message(now).isPresent();
        keys.add("↑↓ " + (isReading ? "scroll" : "select"));
        if (isReading) {
            keys.add("Esc back");
        } else if (pane == Pane.SESSIONS || isMessage || (pane == Pane.WAITS && !nodes().isEmpty())) {
            keys.add("Enter " + (pane == Pane.TALK ? "read" : "open"));
        }
        if (pane != Pane.SESSIONS && !isReading) {
            keys.add("Esc back");
        }
        keys.add("Tab pane");
        if (pane != Pane.WAITS) {
            keys.add("/ " + (pane == Pane.TALK ? "search" : "filter"));
        }
        if (mute.isEmpty() && isMessage && message(now).flatMap(Message::sender).isPresent()) {
            keys.add("r answer");
        }
        if (mute.isEmpty() && selected(now).isPresent()) {
            keys.add("m message");
        }
        if (selected(now).filter(inPanes::contains).isPresent()) {
            keys.add("o tmux");
        }
        if (selected(now).isPresent()) {
            keys.add("c copy id");
        }
        keys.add("? help");
        keys.add("q quit");
        return keys;
    }

    /** Takes a key. */
    Act press(Key key, Instant now) {
        if (key.kind() == Kind.INTERRUPT || key.kind() == Kind.END_OF_INPUT) {
            return new Act.Quit();
        }
        if (key.kind() == Kind.REDRAW) {
            return new Act.DrawAll();
        }
        if (prompt.isPresent()) {
            return typed(prompt.get(), key);
        }
        if (isHelp) {
            isHelp = false;
            return key.text().equals("q") ? new Act.Quit() : new Act.Draw();
        }
        status = "";
        return switch (key.kind()) {
            case UP -> move(-1, now);
            case DOWN -> move(1, now);
            case PAGE_UP -> move(-PAGE, now);
            case PAGE_DOWN -> move(PAGE, now);
            case HOME -> move(-1_000_000, now);
            case END -> move(1_000_000, now);
            case ENTER -> enter(now);
            case ESCAPE -> back();
            case TAB -> turnTo(pane.next());
            case BACK_TAB -> turnTo(pane.previous());
            case TEXT -> letter(key.text(), now);
            default -> new Act.Draw();
        };
    }

    private Act letter(String letter, Instant now) {
        return switch (letter) {
            case "q" -> new Act.Quit();
            case "j" -> move(1, now);
            case "k" -> move(-1, now);
            case "g" -> move(-1_000_000, now);
            case "G" -> move(1_000_000, now);
            case "/" -> filter();
            case "?" -> {
                isHelp = true;
                yield new Act.Draw();
            }
            case "m" -> message(selected(now));
            case "r" -> answer(now);
            case "o" -> selected(now).<Act>map(Act.Open::new).orElse(new Act.Draw());
            case "c" -> copy(now);
            default -> new Act.Draw();
        };
    }

    private Act turnTo(Pane next) {
        pane = next;
        isReading = false;
        return new Act.Draw();
    }

    private Act move(int by, Instant now) {
        if (isReading) {
            scrolled = Math.max(0, Math.min(scrolled + by, 100_000));
        } else if (pane == Pane.SESSIONS) {
            List<SessionId> ids = sessions(now).stream()
                    .map(standing -> standing.session().id())
                    .toList();
            if (!ids.isEmpty()) {
                select(ids.get(moved(ids.indexOf(selected(now).orElseThrow()), by, ids.size())));
            }
        } else if (pane == Pane.TALK) {
            List<Message> messages = messages(now);
            if (!messages.isEmpty()) {
                int next = moved(messages.indexOf(message(now).orElseThrow()), by, messages.size());
                // At the end the newest is selected, also when there is a newer one.
                chosenMessage = next == messages.size() - 1
                        ? Optional.empty()
                        : Optional.of(messages.get(next).id());
            }
        } else {
            node = moved(node, by, nodes().size());
        }
        return new Act.Draw();
    }

    private static int moved(int from, int by, int size) {
        return Math.max(0, Math.min(from + by, size - 1));
    }

    private void select(SessionId session) {
        if (chosen.filter(session::equals).isEmpty()) {
            chosen = Optional.of(session);
            chosenMessage = Optional.empty();
            isReading = false;
        }
    }

    private Act enter(Instant now) {
        if (pane == Pane.SESSIONS) {
            // Whoever opens a session means this one, whatever becomes more urgent.
            selected(now).ifPresent(this::select);
            pane = Pane.TALK;
        } else if (pane == Pane.TALK) {
            message(now).ifPresent(message -> {
                chosenMessage = Optional.of(message.id());
                isReading = !isReading;
                scrolled = 0;
            });
        } else {
            List<WaitTree.Node> nodes = nodes();
            if (!nodes.isEmpty()) {
                filter = "";
                select(nodes.get(Math.max(0, Math.min(node, nodes.size() - 1))).session());
                pane = Pane.TALK;
            }
        }
        return new Act.Draw();
    }

    private Act back() {
        if (isReading) {
            isReading = false;
        } else if (pane == Pane.TALK && !search.isEmpty()) {
            search = "";
        } else if (pane != Pane.SESSIONS) {
            pane = Pane.SESSIONS;
        } else {
            filter = "";
        }
        return new Act.Draw();
    }

    private Act filter() {
        if (pane == Pane.TALK) {
            prompt = Optional.of(new Prompt(
                    Purpose.SEARCH_MESSAGES, "search messages", Optional.empty(), Optional.empty(), Editor.of(search)));
        } else if (pane == Pane.SESSIONS) {
            prompt = Optional.of(new Prompt(
                    Purpose.FILTER_SESSIONS, "filter sessions", Optional.empty(), Optional.empty(), Editor.of(filter)));
        }
        return new Act.Draw();
    }

    private Act message(Optional<SessionId> to) {
        if (mute.isPresent()) {
            tell(mute.get());
        } else {
            to.ifPresent(id -> ask("message to " + name(id), id, Optional.empty()));
        }
        return new Act.Draw();
    }

    private Act answer(Instant now) {
        Optional<Message> message = pane == Pane.TALK ? message(now) : Optional.empty();
        if (mute.isPresent()) {
            tell(mute.get());
        } else if (message.isEmpty()) {
            tell("select the message to answer first: Enter, or Tab, leads to the messages");
        } else if (message.get().sender().isEmpty()) {
            tell("nobody can be answered: it came from "
                    + PlainText.line(message.get().senderName()));
        } else {
            SessionId to = message.get().sender().get();
            ask("answer to " + name(to), to, Optional.of(message.get().envelope()));
        }
        return new Act.Draw();
    }

    private void ask(String label, SessionId to, Optional<Envelope> about) {
        prompt = Optional.of(new Prompt(Purpose.MESSAGE, label, Optional.of(to), about, Editor.EMPTY));
    }

    private String name(SessionId id) {
        return PlainText.line(situation.map(seen -> seen.name(id)).orElse(id.value()));
    }

    private Act copy(Instant now) {
        Optional<String> id = pane == Pane.TALK
                ? message(now).map(Message::id).map(MessageId::value)
                : selected(now).map(SessionId::value);
        return id.<Act>map(Act.Copy::new).orElse(new Act.Draw());
    }

    private Act typed(Prompt open, Key key) {
        if (key.kind() == Kind.ESCAPE) {
            prompt = Optional.empty();
            if (open.purpose() == Purpose.FILTER_SESSIONS) {
                filter = "";
            }
            return new Act.Draw();
        }
        if (key.kind() == Kind.ENTER) {
            return finished(open);
        }
        Prompt next = open.with(open.editor().press(key));
        prompt = Optional.of(next);
        if (next.purpose() == Purpose.FILTER_SESSIONS) {
            filter = next.editor().text();
        }
        return new Act.Draw();
    }

    private Act finished(Prompt open) {
        String text = open.editor().text();
        if (open.purpose() == Purpose.MESSAGE) {
            Optional<String> problem = problem(text);
            if (problem.isPresent()) {
                tell(problem.get());
                return new Act.Draw();
            }
            prompt = Optional.empty();
            tell("sending …");
            return new Act.Say(open.to().orElseThrow(), open.about(), text);
        }
        Optional<String> problem = text.isEmpty() ? Optional.empty() : searchProblem(text);
        tell(problem.orElse(""));
        if (problem.isEmpty()) {
            prompt = Optional.empty();
            if (open.purpose() == Purpose.SEARCH_MESSAGES) {
                search = text;
                chosenMessage = Optional.empty();
            }
        }
        return new Act.Draw();
    }

    private static Optional<String> problem(String text) {
        // What is typed or pasted may hold half a character.
        int bytes = text.getBytes(UTF_8).length;
        boolean isWhole = UTF_8.newEncoder().canEncode(text);
        if (!isWhole) {
            return Optional.of("the text holds half a character: it cannot be sent");
        }
        return bytes >= 1 && bytes <= Envelope.MAX_BODY_BYTES
                ? Optional.empty()
                : Optional.of("a message has 1 to " + Envelope.MAX_BODY_BYTES + " bytes, this one has "
                        + (bytes > Envelope.MAX_BODY_BYTES ? "more" : "none"));
    }

    private static Optional<String> searchProblem(String text) {
        try {
            TextSearch.of(text);
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.ofNullable(e.getMessage());
        }
    }
}
