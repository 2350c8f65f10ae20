package dev.parley.cockpit.web;

import dev.parley.address.MessageId;
import dev.parley.cockpit.SessionHistory;
import dev.parley.mailbox.PlainText;
import dev.parley.overview.Message;
import dev.parley.overview.Need;
import dev.parley.overview.ProjectOverview;
import dev.parley.overview.ProjectWork;
import dev.parley.overview.Selection;
import dev.parley.overview.Standing;
import dev.parley.overview.TextSearch;
import dev.parley.overview.Threads;
import dev.parley.overview.Threads.Placed;
import dev.parley.overview.UnreadMail;
import dev.parley.overview.Unreadable;
import dev.parley.overview.WorkOverview;
import dev.parley.trace.Why;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the page asks for. Reading changes nothing. */
final class ReadingApi {

    /** So many messages are shown at once, at the most. */
    static final int MAX_MESSAGES = 1000;

    /** So many sessions that have ended are listed, those with mail first: there may be thousands. */
    static final int MAX_GONE = 100;

    private static final int MAX_ON_TIMELINE = 500;
    private static final Duration TIMELINE = Duration.ofHours(1);

    /** A session, before all that is shown of it has been looked at. */
    private record Seen(Standing standing, UnreadMail unread) {}

    private final ProjectView view;
    private final boolean isWriting;

    ReadingApi(ProjectView view, boolean isWriting) {
        this.view = view;
        this.isWriting = isWriting;
    }

    /** Who is there, what each needs, and who waits for whom. */
    Map<String, Object> overview(URI uri) throws IOException, RefusedException {
        Query.of(uri, Set.of());
        ProjectOverview project = view.overview().of(view.project().key());
        ProjectWork work = new WorkOverview(view.office()).of(project);
        List<Seen> here = new ArrayList<>();
        List<Seen> gone = new ArrayList<>();
        List<Seen> goneWithoutMail = new ArrayList<>();
        for (Standing standing : Standing.of(project, work)) {
            UnreadMail unread = view.overview().unread(standing.session());
            List<Seen> list = standing.need() != Need.GONE ? here : unread.isThere() ? gone : goneWithoutMail;
            list.add(new Seen(standing, unread));
        }
        gone.addAll(goneWithoutMail);
        List<Seen> shown = gone.subList(0, Math.min(gone.size(), MAX_GONE));
        here.addAll(shown);
        List<Object> sessions = new ArrayList<>();
        List<Object> troubles = new ArrayList<>();
        for (Seen seen : here) {
            SessionHistory history =
                    SessionHistory.of(view.office(), seen.standing().session().peer());
            history.trouble()
                    .ifPresent(why -> troubles.add(Fields.trouble(
                            "what was done to go on with "
                                    + Fields.name(history.peer().id(), project),
                            why)));
            sessions.add(Fields.session(seen.standing(), seen.unread(), history, project.at()));
        }
        project.unreadable().forEach((id, why) -> troubles.add(Fields.trouble("the card of session " + id, why)));
        work.unreadable()
                .forEach((id, why) ->
                        troubles.add(Fields.trouble("some of the open work of " + Fields.name(id, project), why)));
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("project", PlainText.line(view.project().root()));
        out.put("at", project.at().toString());
        out.put("write", isWriting);
        out.put("kept", view.kept());
        out.put("sessions", sessions);
        out.put(
                "elsewhere",
                project.elsewhere().stream()
                        .filter(each -> !each.isGone())
                        .map(each -> Fields.elsewhere(each, project.at()))
                        .toList());
        out.put("gone_not_listed", gone.size() - shown.size());
        out.put(
                "waits",
                work.waits().stream().map(wait -> Fields.wait(wait, project)).toList());
        out.put(
                "work",
                work.items().stream().map(item -> Fields.work(item, project)).toList());
        out.put("unreadable", troubles);
        return out;
    }

    /** The newest messages, all or those of a session, all or those with a text; each answer under its question. */
    Map<String, Object> messages(URI uri) throws IOException, RefusedException {
        Query query = Query.of(uri, Set.of("with", "text", "limit"));
        int limit = query.number("limit", MAX_MESSAGES);
        // One more than is shown tells that there are more.
        Selection selection = Selection.ALL.newest(limit + 1);
        selection = query.session("with").map(selection::with).orElse(selection);
        Optional<TextSearch> search = search(query.text("text"));
        List<Message> found = new ArrayList<>();
        List<Unreadable> troubles = read(search.map(selection::containing).orElse(selection), found);
        boolean hasMore = found.size() > limit;
        return listed(found.subList(hasMore ? 1 : 0, found.size()), hasMore, troubles);
    }

    /** A message and all that it is tied to. */
    Map<String, Object> thread(URI uri) throws IOException, RefusedException {
        MessageId id = Query.of(uri, Set.of("id")).message("id");
        List<Message> found = new ArrayList<>();
        List<Unreadable> troubles = view.correspondence().readThread(id, found::add);
        if (found.isEmpty()) {
            throw new RefusedException(
                    404, "message-not-found", "message " + id + " is not kept in this project any more");
        }
        boolean hasMore = found.size() > MAX_MESSAGES;
        return listed(found.subList(hasMore ? found.size() - MAX_MESSAGES : 0, found.size()), hasMore, troubles);
    }

    /** What was sent in the last hour, without the texts. */
    Map<String, Object> timeline(URI uri) throws IOException, RefusedException {
        Query.of(uri, Set.of());
        Instant now = view.office().clock().instant();
        List<Message> found = new ArrayList<>();
        List<Unreadable> troubles =
                read(Selection.ALL.since(now.minus(TIMELINE)).newest(MAX_ON_TIMELINE + 1), found);
        boolean hasMore = found.size() > MAX_ON_TIMELINE;
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("at", now.toString());
        out.put("minutes", TIMELINE.toMinutes());
        out.put(
                "messages",
                found.stream().skip(hasMore ? 1 : 0).map(Fields::heading).toList());
        out.put("more", hasMore);
        out.put("unreadable", told(troubles));
        return out;
    }

    private static Optional<TextSearch> search(Optional<String> typed) throws RefusedException {
        try {
            return typed.map(TextSearch::of);
        } catch (IllegalArgumentException e) {
            throw badSearch(e);
        }
    }

    private List<Unreadable> read(Selection selection, List<Message> into) throws IOException, RefusedException {
        try {
            return view.correspondence().read(selection, into::add);
        } catch (IllegalArgumentException e) {
            // An expression that never ends.
            throw badSearch(e);
        }
    }

    private static RefusedException badSearch(IllegalArgumentException e) {
        return new RefusedException(400, "bad-search", PlainText.line(Why.of(e)));
    }

    private Map<String, Object> listed(List<Message> messages, boolean hasMore, List<Unreadable> troubles)
            throws IOException {
        List<Object> placed = new ArrayList<>();
        for (Placed each : Threads.arranged(messages)) {
            placed.add(Fields.message(each.message(), each.depth()));
        }
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("messages", placed);
        out.put("more", hasMore);
        out.put("unreadable", told(troubles));
        return out;
    }

    private List<Object> told(List<Unreadable> troubles) throws IOException {
        if (troubles.isEmpty()) {
            return List.of();
        }
        ProjectOverview project = view.overview().of(view.project().key());
        List<Object> told = new ArrayList<>();
        troubles.forEach(trouble -> told.add(Fields.unreadable(trouble, project)));
        return told;
    }
}
