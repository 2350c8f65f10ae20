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
import dev.parley.overview.TextSearch;
import dev.parley.trace.Why;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the keys do: which pane has them, what is opened, what is being typed. What is selected is in {@link Focus}. Knows no
 * terminal. Belongs to one thread.
 */
final class Board {

    private static final int PAGE = 10;

    private final String root;
    private final ZoneId zone;
    private final int retained;
    /** Why nothing can be sent from here; empty if it can. */
    private final Optional<String> mute;

    private final Focus focus = new Focus();
    private Set<SessionId> inPanes = Set.of();
    private Pane pane = Pane.SESSIONS;
    private boolean isReading;
    private int scrolled;
    private boolean isHelp;
    private Optional<Prompt> prompt = Optional.empty();
    private String status = "";
    private String trouble = "";

    Board(String root, ZoneId zone, int retained, Optional<String> mute) {
        this.root = root;
        this.zone = zone;
        this.retained = retained;
        this.mute = mute;
    }

    void sees(Situation next) {
        focus.sees(next);
        trouble = "";
    }

    /** That the project cannot be looked at; what was seen last stays on the screen. */
    void cannotSee(String why) {
        trouble = why;
    }

    /** A conversation that was read; one that is not wanted any more is left out. */
    void sees(Talk next, Instant now) {
        focus.sees(next, now);
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
        focus.search("");
        tell(why);
    }

    String search() {
        return focus.search();
    }

    /** The session whose conversation is to be shown. */
    Optional<SessionId> selected(Instant now) {
        return focus.session(now);
    }

    /** All that is to be shown; empty until something has been seen. */
    Optional<View> view(Instant now) {
        return focus.situation()
                .map(seen -> new View(
                        root,
                        now,
                        zone,
                        seen,
                        focus.all(now),
                        focus.sessions(now),
                        focus.session(now),
                        focus.talk(now),
                        focus.chosenMessage(now),
                        focus.nodes(),
                        focus.node(),
                        retained,
                        new Hand(
                                pane,
                                isReading,
                                scrolled,
                                isHelp,
                                prompt,
                                focus.filter(),
                                focus.search(),
                                keys(now),
                                trouble.isEmpty() ? status : trouble)));
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
        boolean isMessage = pane == Pane.TALK && focus.message(now).isPresent();
        keys.add("↑↓ " + (isReading ? "scroll" : "select"));
        if (isReading) {
            keys.add("Esc back");
        } else if (pane == Pane.SESSIONS
                || isMessage
                || (pane == Pane.WAITS && !focus.nodes().isEmpty())) {
            keys.add("Enter " + (pane == Pane.TALK ? "read" : "open"));
        }
        if (pane != Pane.SESSIONS && !isReading) {
            keys.add("Esc back");
        }
        keys.add("Tab pane");
        if (pane != Pane.WAITS) {
            keys.add("/ " + (pane == Pane.TALK ? "search" : "filter"));
        }
        if (mute.isEmpty()
                && isMessage
                && focus.message(now).flatMap(Message::sender).isPresent()) {
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
            focus.sessionBy(by, now).ifPresent(this::select);
        } else if (pane == Pane.TALK) {
            focus.moveMessage(by, now);
        } else {
            focus.moveNode(by);
        }
        return new Act.Draw();
    }

    private void select(SessionId session) {
        if (focus.select(session)) {
            isReading = false;
        }
    }

    private Act enter(Instant now) {
        if (pane == Pane.SESSIONS) {
            // Whoever opens a session means this one, whatever becomes more urgent.
            selected(now).ifPresent(this::select);
            pane = Pane.TALK;
        } else if (pane == Pane.TALK) {
            focus.message(now).ifPresent(message -> {
                focus.selectMessage(Optional.of(message.id()));
                isReading = !isReading;
                scrolled = 0;
            });
        } else {
            List<WaitTree.Node> nodes = focus.nodes();
            if (!nodes.isEmpty()) {
                nodes.get(focus.node()).session().local().ifPresent(session -> {
                    focus.filter("");
                    select(session);
                    pane = Pane.TALK;
                });
            }
        }
        return new Act.Draw();
    }

    private Act back() {
        if (isReading) {
            isReading = false;
        } else if (pane == Pane.TALK && !focus.search().isEmpty()) {
            focus.search("");
        } else if (pane != Pane.SESSIONS) {
            pane = Pane.SESSIONS;
        } else {
            focus.filter("");
        }
        return new Act.Draw();
    }

    private Act filter() {
        if (pane == Pane.TALK) {
            prompt = Optional.of(new Prompt(
                    Purpose.SEARCH_MESSAGES,
                    "search messages",
                    Optional.empty(),
                    Optional.empty(),
                    Editor.of(focus.search())));
        } else if (pane == Pane.SESSIONS) {
            prompt = Optional.of(new Prompt(
                    Purpose.FILTER_SESSIONS,
                    "filter sessions",
                    Optional.empty(),
                    Optional.empty(),
                    Editor.of(focus.filter())));
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
        Optional<Message> message = pane == Pane.TALK ? focus.message(now) : Optional.empty();
        if (mute.isPresent()) {
            tell(mute.get());
        } else if (message.isEmpty()) {
            tell("select the message to answer first: Enter, or Tab, leads to the messages");
        } else if (message.get().sender().isEmpty()) {
            String sender = PlainText.line(message.get().senderName());
            tell(
                    message.get().envelope().from().isPresent()
                            ? sender + " is on another machine: parley send " + sender + " writes to it"
                            : "nobody can be answered: it came from " + sender);
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
        return PlainText.line(focus.situation().map(seen -> seen.name(id)).orElse(id.value()));
    }

    private Act copy(Instant now) {
        Optional<String> id = pane == Pane.TALK
                ? focus.message(now).map(Message::id).map(MessageId::value)
                : selected(now).map(SessionId::value);
        return id.<Act>map(Act.Copy::new).orElse(new Act.Draw());
    }

    private Act typed(Prompt open, Key key) {
        if (key.kind() == Kind.ESCAPE) {
            prompt = Optional.empty();
            if (open.purpose() == Purpose.FILTER_SESSIONS) {
                focus.filter("");
            }
            return new Act.Draw();
        }
        if (key.kind() == Kind.ENTER) {
            return finished(open);
        }
        Prompt next = open.with(open.editor().press(key));
        prompt = Optional.of(next);
        if (next.purpose() == Purpose.FILTER_SESSIONS) {
            focus.filter(next.editor().text());
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
                focus.search(text);
                focus.selectMessage(Optional.empty());
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
            return Optional.of(Why.of(e));
        }
    }
}
