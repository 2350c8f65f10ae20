package dev.parley.cli;

import dev.parley.address.MessageId;
import dev.parley.address.SessionId;
import dev.parley.cockpit.Heading;
import dev.parley.cockpit.HtmlLog;
import dev.parley.cockpit.Ink;
import dev.parley.cockpit.JsonLog;
import dev.parley.cockpit.LogForm;
import dev.parley.cockpit.MarkdownLog;
import dev.parley.cockpit.SessionEvent;
import dev.parley.cockpit.SessionHistory;
import dev.parley.cockpit.TextLog;
import dev.parley.overview.Correspondence;
import dev.parley.overview.Excerpt;
import dev.parley.overview.Feed;
import dev.parley.overview.Message;
import dev.parley.overview.Overview;
import dev.parley.overview.ProjectOverview;
import dev.parley.overview.Selection;
import dev.parley.overview.SessionOverview;
import dev.parley.overview.TextSearch;
import dev.parley.overview.Threads.Placed;
import dev.parley.overview.Unreadable;
import dev.parley.session.Setting;
import dev.parley.trace.Why;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code parley log}: what the sessions of a project have said to each other. */
@Command(
        name = "log",
        description = {
            "Shows what the sessions of this project have said to each other, and the operator to them: when, who to whom,"
                    + " how far it has come, and the text. Answers stand under their questions.",
            "Behind them, when sessions that had ended were resumed without a terminal, how that ended, and what it cost; and"
                    + " what supervisors did ('parley run').",
            "Looking changes nothing: what is unread stays unread."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class LogCommand implements Callable<Integer> {

    private static final String ALL = "all";
    private static final String USUAL = "50";

    /** A message that was sent so long before a look may have come to the disk only after it. */
    private static final Duration ON_ITS_WAY = Duration.ofMinutes(1);

    private static final Duration PAUSE = Duration.ofMillis(200);

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private CommandSpec spec;

    @Option(
            names = "--with",
            paramLabel = "NAME",
            description = "only what this session sent or got: its name, its id or the beginning of one; or 'operator'")
    private Optional<String> with = Optional.empty();

    @Option(names = "--since", paramLabel = "TIME", description = "only what was sent since: " + PastTime.FORMS)
    private Optional<String> since = Optional.empty();

    @Option(
            names = "--grep",
            paramLabel = "TEXT",
            description = "only messages with this in their text, in whatever case; /REGEX/ is a regular expression")
    private Optional<String> grep = Optional.empty();

    @Option(
            names = "--thread",
            paramLabel = "ID",
            description = "only this message, the question that it answers, its answers, and so on")
    private Optional<String> thread = Optional.empty();

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "only the newest N, or 'all' that are kept; default: " + USUAL + ", of a thread all")
    private Optional<String> limit = Optional.empty();

    @Option(
            names = {"-f", "--follow"},
            description = "go on, and show each further message as it is sent, until Ctrl-C")
    private boolean follow;

    @ArgGroup
    private Form form = new Form();

    /** In which form; text, unless another is wanted. */
    static final class Form {
        @Option(
                names = "--json",
                description =
                        "for programs: all that is known, one JSON object a line; what was done to go on with a session is one"
                                + " with 'resume', 'resume_parked' or 'supervision' alone")
        private boolean json;

        @Option(names = "--markdown", description = "as Markdown")
        private boolean markdown;

        @Option(
                names = "--html",
                paramLabel = "FILE",
                description =
                        "into a file: one page that needs nothing else; replaces only a page that Parley has written")
        private Optional<Path> html = Optional.empty();
    }

    @Mixin
    private ProjectOption where = new ProjectOption();

    private final Map<String, String> environment;

    /** For picocli. */
    LogCommand(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (follow && (form.markdown || form.html.isPresent())) {
            throw wrong("--follow shows text or --json: a page is written once");
        }
        Operator operator = where.operator(environment);
        Overview overview = new Overview(operator.office());
        Correspondence letters = overview.correspondence(operator.project().key());
        Source source = source(operator, overview, letters);
        if (follow) {
            return follow(operator, overview, source);
        }
        Heading heading = new Heading(
                operator.project().root(),
                operator.office().clock().instant(),
                ZoneId.systemDefault(),
                Heading.kept((int) Setting.RECEIVED_MAX.number(environment)));
        List<SessionEvent> events = events(operator, overview, session -> true);
        if (form.html.isPresent()) {
            PageFile page = PageFile.at(form.html.get());
            page.write(out -> shown(source, events, new HtmlLog(out, heading)));
        } else {
            print(source, heading, events);
        }
        return ExitCode.OK;
    }

    /** What was done to go on with sessions, which is no message. */
    private List<SessionEvent> events(Operator operator, Overview overview, Predicate<SessionId> wanted)
            throws IOException {
        List<SessionEvent> events = new ArrayList<>();
        Selection selection = selection(operator, overview);
        for (SessionOverview session : overview.of(operator.project().key()).sessions()) {
            if (wanted.test(session.id()) && hasEvents(session, selection)) {
                events.addAll(events(SessionHistory.of(operator.office(), session.peer()), selection));
            }
        }
        events.sort(SessionEvent.BY_TIME);
        return events;
    }

    /** None is shown where texts or a thread are looked for, or the operator's messages. */
    private boolean hasEvents(SessionOverview session, Selection selection) {
        return grep.isEmpty()
                && thread.isEmpty()
                && !selection.byOperator()
                && selection.with().map(session.id()::equals).orElse(true);
    }

    private List<SessionEvent> events(SessionHistory history, Selection selection) {
        history.trouble()
                .ifPresent(why -> tell("what was done to go on with "
                        + history.peer().name() + " cannot be read: " + why + "; run 'parley check'"));
        return history.events().stream()
                .filter(event -> selection.since().filter(event.at()::isBefore).isEmpty())
                .toList();
    }

    /** What is shown, however it is found. */
    private interface Source {
        Excerpt select(Optional<Integer> newest, Optional<Instant> since) throws IOException;
    }

    private Source source(Operator operator, Overview overview, Correspondence letters) throws IOException {
        Selection selection = selection(operator, overview);
        if (thread.isEmpty()) {
            return (newest, from) -> {
                Selection narrowed = newest.map(selection::newest).orElse(selection);
                Optional<Instant> later = from.filter(
                        time -> selection.since().filter(time::isBefore).isEmpty());
                return letters.select(later.map(narrowed::since).orElse(narrowed));
            };
        }
        MessageId id = MessageId.parse(thread.get())
                .orElseThrow(
                        () -> wrong(
                                "'" + thread.get()
                                        + "' is no id of a message: one is like m-0123456789abcdef, and stands in each message's line"));
        if (with.isPresent() || since.isPresent() || grep.isPresent()) {
            throw wrong("--thread goes with neither --with nor --since nor --grep");
        }
        if (letters.find(id).isEmpty()) {
            throw new IOException("no message " + id + " is kept in this project");
        }
        return (newest, from) -> {
            Excerpt all = letters.thread(id);
            return newest.map(all::newest).orElse(all);
        };
    }

    private Selection selection(Operator operator, Overview overview) throws IOException {
        Selection selection = Selection.ALL;
        try {
            if (grep.isPresent()) {
                selection = selection.containing(TextSearch.of(grep.get()));
            }
            if (since.isPresent()) {
                selection = selection.since(
                        PastTime.of(since.get(), operator.office().clock().instant(), ZoneId.systemDefault()));
            }
        } catch (IllegalArgumentException e) {
            throw wrong(Why.of(e));
        }
        if (with.isPresent()) {
            selection = with.get().equals(Operator.NAME)
                    ? selection.fromOperator()
                    : selection.with(session(
                            with.get(), operator, overview.of(operator.project().key())));
        }
        return selection;
    }

    private SessionId session(String typed, Operator operator, ProjectOverview project) throws IOException {
        List<SessionOverview> called = project.called(typed);
        if (called.size() == 1) {
            return called.get(0).id();
        }
        if (called.size() > 1) {
            throw new IOException("several sessions match '" + typed + "': "
                    + called.stream()
                            .map(session -> session.peer().name() + " (" + session.id() + ")")
                            .collect(Collectors.joining(", ")));
        }
        if (SessionId.isValid(typed)) {
            SessionId now = operator.office().peers().current(new SessionId(typed));
            if (project.session(now).isPresent()) {
                return now;
            }
        }
        throw new IOException("no session of this project is called '" + typed + "'"
                + (project.sessions().isEmpty()
                        ? "; there is none at all"
                        : ". There are: "
                                + project.sessions().stream()
                                        .map(session -> session.peer().name())
                                        .collect(Collectors.joining(", "))));
    }

    /** How many; empty for all. */
    private Optional<Integer> newest() {
        String typed = limit.orElse(thread.isPresent() ? ALL : USUAL);
        if (typed.equals(ALL)) {
            return Optional.empty();
        }
        try {
            int count = Integer.parseInt(typed);
            if (count >= 1) {
                return Optional.of(count);
            }
        } catch (NumberFormatException e) {
            // As one below 1.
        }
        throw wrong("--limit takes a number from 1 on, or 'all', not '" + typed + "'");
    }

    private void print(Source source, Heading heading, List<SessionEvent> events)
            throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        if (form.json) {
            shown(source, events, new JsonLog(out));
        } else if (form.markdown) {
            shown(source, events, new MarkdownLog(out, heading));
        } else {
            Pager pager = new Pager(environment);
            Ink ink = pager.showsColours() ? Terminal.ink(environment) : Ink.PLAIN;
            Set<String> notes = new LinkedHashSet<>();
            pager.show(
                    page -> {
                        TextLog log = text(page, ink);
                        if (shown(source, List.of(), log, notes) == 0) {
                            page.println("no such message is kept here. " + heading.retention());
                        }
                        log.events(events);
                    },
                    out);
            out.flush();
            notes.forEach(this::tell);
        }
        out.flush();
    }

    private TextLog text(PrintWriter out, Ink ink) {
        OptionalInt width = Terminal.width(environment);
        return new TextLog(out, ZoneId.systemDefault(), width, ink);
    }

    private void shown(Source source, List<SessionEvent> events, LogForm log) throws IOException {
        Set<String> notes = new LinkedHashSet<>();
        shown(source, events, log, notes);
        notes.forEach(this::tell);
    }

    /**
     * Writes the newest messages.
     *
     * @param events stand behind them
     * @param notes takes what else is to be said
     * @return how many they are
     */
    private int shown(Source source, List<SessionEvent> events, LogForm log, Set<String> notes) throws IOException {
        Optional<Integer> newest = newest();
        Excerpt found = select(source, newest.map(count -> count + 1), Optional.empty());
        if (newest.filter(count -> found.size() > count).isPresent()) {
            notes.add("older messages are left out; --limit " + ALL + " shows every one that is kept");
        }
        Excerpt wanted = newest.map(found::newest).orElse(found);
        log.begin();
        write(wanted, log, message -> {}).forEach(each -> notes.add(Troubles.sentence(each)));
        log.events(events);
        log.end();
        return wanted.size();
    }

    /**
     * Writes messages, in the order of the form, as they are read: however many they are, few of their texts are held at once.
     *
     * @param also sees each of them
     */
    private static List<Unreadable> write(Excerpt messages, LogForm log, Consumer<Message> also) throws IOException {
        Excerpt.PlacedReader writer = placed -> {
            also.accept(placed.message());
            log.message(placed);
        };
        return log instanceof JsonLog
                ? messages.read(message -> writer.read(new Placed(message, 0)))
                : messages.readThreads(writer);
    }

    private Excerpt select(Source source, Optional<Integer> newest, Optional<Instant> from) throws IOException {
        try {
            return source.select(newest, from);
        } catch (IllegalArgumentException e) {
            // An expression that never ends.
            throw wrong("--grep: " + Why.of(e));
        }
    }

    private int follow(Operator operator, Overview overview, Source source) throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        LogForm log = form.json ? new JsonLog(out) : text(out, Terminal.ink(environment));
        Instant looked = operator.office().clock().instant();
        try (Feed feed = overview.feed(operator.project().key())) {
            Set<MessageId> seen = new HashSet<>();
            Set<Unreadable> told = new HashSet<>();
            select(source, Optional.empty(), Optional.of(looked.minus(ON_ITS_WAY)))
                    .read(message -> seen.add(message.id()));
            told.addAll(write(select(source, newest(), Optional.empty()), log, message -> seen.add(message.id())));
            told.forEach(each -> tell(Troubles.sentence(each)));
            Set<String> known = new HashSet<>();
            log.events(news(events(operator, overview, session -> true), known));
            // Whoever reads it may have gone; a writer tells that only when it is asked.
            while (!out.checkError()) {
                Set<SessionId> changed = feed.next(Duration.ofSeconds(10));
                if (!changed.isEmpty()) {
                    // Since the last look, however long ago that was: this process may have been stopped.
                    Optional<Instant> from = Optional.of(looked.minus(ON_ITS_WAY));
                    looked = operator.office().clock().instant();
                    List<Unreadable> unreadable = select(source, Optional.empty(), from)
                            .read(message -> {
                                if (seen.add(message.id())) {
                                    log.message(new Placed(message, 0));
                                }
                            });
                    unreadable.stream().filter(told::add).forEach(each -> tell(Troubles.sentence(each)));
                    log.events(news(events(operator, overview, changed::contains), known));
                    Thread.sleep(PAUSE.toMillis());
                }
            }
        }
        return ExitCode.OK;
    }

    /** Those that were not shown before; one that has ended since is shown again, with its end. */
    private static List<SessionEvent> news(List<SessionEvent> events, Set<String> shown) {
        return events.stream()
                .filter(event -> shown.add(event.peer().id() + " " + event.at() + " " + event.words(ZoneOffset.UTC)))
                .toList();
    }

    private void tell(String what) {
        spec.commandLine().getErr().println("parley: " + what);
    }

    private ParameterException wrong(String what) {
        return new ParameterException(spec.commandLine(), what);
    }
}
