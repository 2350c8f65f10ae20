package dev.parley.cockpit.watch;

import dev.parley.address.MessageId;
import dev.parley.address.SessionId;
import dev.parley.cockpit.Edges;
import dev.parley.cockpit.Notice;
import dev.parley.cockpit.Notifier;
import dev.parley.cockpit.SessionEvent;
import dev.parley.cockpit.SessionHistory;
import dev.parley.cockpit.WorkWords;
import dev.parley.mailbox.PlainText;
import dev.parley.overview.Feed;
import dev.parley.overview.Message;
import dev.parley.overview.Need;
import dev.parley.overview.Overview;
import dev.parley.overview.OwedWork;
import dev.parley.overview.ProjectOverview;
import dev.parley.overview.Selection;
import dev.parley.overview.SessionOverview;
import dev.parley.overview.Standing;
import dev.parley.overview.Unreadable;
import dev.parley.trace.Why;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The view without a screen: a line for each change, for screen readers and logs. Nothing moves the cursor, and nothing that was
 * printed is changed. A time stands at the beginning of every line, so that no line of a message can be taken for one of its own.
 */
final class PlainWatch {

    private static final Duration PACE = Duration.ofMillis(250);
    /** So often is looked what time alone has changed, such as that a question to a user is an old one. */
    private static final Duration TICK = Duration.ofSeconds(1);
    /** So much before the last message a later one may seem to be sent. */
    private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(2);

    private final Watch watch;
    private final PrintStream out;
    private final Looker looker;
    private final Edges edges = new Edges();
    private final Notifier notifier;
    private Map<SessionId, String> told = new HashMap<>();
    private Map<MessageId, String> owed = new HashMap<>();
    private Map<MessageId, Instant> seen = new HashMap<>();
    private Set<String> done = new HashSet<>();
    private Set<Unreadable> unreadable = new HashSet<>();
    private Instant newest;
    private boolean isFirst = true;

    PlainWatch(Watch watch, PrintStream out, boolean hasBell) {
        this.watch = watch;
        this.out = out;
        this.looker = new Looker(watch.office(), watch.project());
        this.newest = watch.office().clock().instant();
        this.notifier = watch.notifier((notice, title, text) -> line((hasBell ? "\u0007" : "") + "notice: " + text));
    }

    void run() throws InterruptedException {
        out.println("watching " + PlainText.line(watch.root()) + "; Ctrl-C ends it");
        out.flush();
        while (!out.checkError()) {
            try (Feed feed = new Overview(watch.office()).feed(watch.project())) {
                Set<SessionId> changed = Set.of();
                Situation situation = looker.lookAnew();
                while (!out.checkError()) {
                    print(situation, !changed.isEmpty() || isFirst);
                    isFirst = false;
                    Thread.sleep(PACE.toMillis());
                    changed = feed.next(TICK);
                    changed = changed.isEmpty() ? looker.abandoned() : changed;
                    situation = changed.isEmpty() ? situation : looker.look(changed);
                }
            } catch (IOException e) {
                line("the project cannot be looked at: " + PlainText.line(Why.of(e)));
                Thread.sleep(TICK.toMillis());
            }
        }
    }

    private void print(Situation situation, boolean hasChanged) throws IOException {
        Instant now = watch.office().clock().instant();
        ProjectOverview project = situation.project().at(now);
        sessions(situation, situation.standings(now));
        work(situation, now);
        events(situation, now);
        if (hasChanged) {
            messages();
        }
        for (Notice notice : edges.next(project, situation.work())) {
            notifier.tell(notice, now).forEach(this::line);
        }
        out.flush();
    }

    private void sessions(Situation situation, List<Standing> standings) {
        Map<SessionId, String> now = new LinkedHashMap<>();
        for (Standing standing : standings) {
            String words = words(standing, situation);
            SessionId id = standing.session().id();
            now.put(id, words);
            // Those that ended long ago are no news.
            boolean isOld = isFirst && standing.need() == Need.GONE;
            if (!words.equals(told.get(id)) && !isOld) {
                line(PlainText.line(standing.session().peer().name()) + ": " + words);
            }
        }
        situation.project().unreadable().forEach((id, why) -> {
            now.put(id, why);
            if (!why.equals(told.get(id))) {
                line("the card of session " + id + " cannot be read: " + PlainText.line(why) + "; run 'parley check'");
            }
        });
        told = now;
    }

    /** What somebody owes: when it is new, and when its owner has said something else of it, or it has fallen due. */
    private void work(Situation situation, Instant at) {
        Map<MessageId, String> now = new HashMap<>();
        for (OwedWork item : situation.work().items()) {
            MessageId id = item.work().request().id();
            String words = words(item.at(at), situation);
            now.put(id, words);
            if (!words.equals(owed.get(id))) {
                line(words);
            }
        }
        owed = now;
    }

    /** What was done to go on with a session: when it is new, and when it has ended. Of before only that it is parked. */
    private void events(Situation situation, Instant at) {
        Set<String> now = new HashSet<>();
        for (SessionOverview session : situation.project().sessions()) {
            SessionHistory history = situation.history(session.id()).orElseThrow();
            for (SessionEvent event : history.events()) {
                String words = event.name() + ": " + event.words(time -> Times.clock(time, at, watch.zone()));
                boolean isNews = !isFirst || history.isHeldBackBy(event, at);
                String key = session.id() + " " + event.at() + " " + event.words(ZoneOffset.UTC);
                now.add(key);
                if (isNews && !done.contains(key)) {
                    line(words);
                }
            }
        }
        done = now;
    }

    private static String words(OwedWork item, Situation situation) {
        return PlainText.line(situation.name(item.owner())) + " owes " + WorkWords.requester(item, situation.project())
                + " an answer: " + item.work().state().word() + (item.isOverdue() ? ", overdue" : "") + ", "
                + item.work().request().id()
                + WorkWords.said(item.work()).map(said -> ": " + said).orElse("");
    }

    private static String words(Standing standing, Situation situation) {
        return switch (standing.need()) {
            case USER -> "needs you";
            case OVERDUE ->
                "overdue, owes "
                        + standing.overdue().stream()
                                .map(item -> WorkWords.requester(item, situation.project()))
                                .distinct()
                                .collect(Collectors.joining(", "));
            case ANSWER ->
                "waits for "
                        + standing.waits().stream()
                                .map(wait -> PlainText.line(situation.name(wait.asked())))
                                .distinct()
                                .collect(Collectors.joining(", "));
            case WORKING -> "working";
            case IDLE -> "idle";
            case UNTOLD -> standing.session().hasBegun() ? "running" : "not begun";
            case GONE -> "ended";
        };
    }

    private void messages() throws IOException {
        Map<MessageId, Instant> kept = new HashMap<>();
        Instant since = newest.minus(CLOCKS_DIFFER);
        boolean isSilent = isFirst;
        List<Unreadable> cannot = looker.letters().read(Selection.ALL.since(since), message -> {
            kept.put(message.id(), message.sentAt());
            newest = message.sentAt().isAfter(newest) ? message.sentAt() : newest;
            if (!isSilent && !seen.containsKey(message.id())) {
                message(message);
            }
        });
        seen = kept;
        for (Unreadable one : cannot) {
            if (!unreadable.contains(one)) {
                line("a message cannot be read: " + PlainText.line(one.reason()) + "; run 'parley check'");
            }
        }
        unreadable = new HashSet<>(cannot);
    }

    private void message(Message message) {
        line(PlainText.line(message.senderName()) + " to " + PlainText.line(message.receiverName()) + ": "
                + TalkPane.kind(message) + " " + message.id());
        for (String line : PlainText.lines(message.envelope().body()).split("\n", -1)) {
            out.println("    " + line);
        }
    }

    private void line(String text) {
        Instant now = watch.office().clock().instant();
        out.println(Times.clock(now, now, watch.zone()) + " " + text);
    }
}
