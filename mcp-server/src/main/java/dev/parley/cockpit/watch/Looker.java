package dev.parley.cockpit.watch;

import dev.parley.address.SessionId;
import dev.parley.cockpit.SessionHistory;
import dev.parley.office.PostOffice;
import dev.parley.overview.Correspondence;
import dev.parley.overview.Message;
import dev.parley.overview.Overview;
import dev.parley.overview.Owed;
import dev.parley.overview.ProjectOverview;
import dev.parley.overview.Selection;
import dev.parley.overview.SessionOverview;
import dev.parley.overview.TextSearch;
import dev.parley.overview.UnreadMail;
import dev.parley.overview.Unreadable;
import dev.parley.overview.WorkOverview;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Looks at a project for a view. A mailbox, what a session owes, and what was done to go on with it are looked at again only when
 * that session may have changed.
 */
final class Looker {

    /** So many messages of a conversation are shown. */
    static final int NEWEST = 200;

    private final PostOffice office;
    private final Overview overview;
    private final WorkOverview work;
    private final String project;
    private final Correspondence letters;
    /** Belongs to the thread that looks. */
    private final Map<SessionId, UnreadMail> unread = new HashMap<>();
    /** Belongs to the thread that looks. */
    private final Map<SessionId, Owed> owed = new HashMap<>();
    /** Belongs to the thread that looks. */
    private final Map<SessionId, SessionHistory> histories = new HashMap<>();

    Looker(PostOffice office, String project) {
        this.office = office;
        this.overview = new Overview(office);
        this.work = new WorkOverview(office);
        this.project = project;
        this.letters = overview.correspondence(project);
    }

    Correspondence letters() {
        return letters;
    }

    /**
     * Looks at the sessions, and at all that belongs to each, as where it is not known what has changed. Belongs to one thread.
     */
    Situation lookAnew() throws IOException {
        unread.clear();
        owed.clear();
        histories.clear();
        return look(Set.of());
    }

    /**
     * Looks at the sessions. Belongs to one thread.
     *
     * @param changed of which something may have changed
     */
    Situation look(Set<SessionId> changed) throws IOException {
        ProjectOverview seen = overview.of(project);
        unread.keySet().removeAll(changed);
        owed.keySet().removeAll(changed);
        histories.keySet().removeAll(changed);
        Set<SessionId> here = new HashSet<>();
        for (SessionOverview session : seen.sessions()) {
            here.add(session.id());
            unread.computeIfAbsent(session.id(), id -> overview.unread(session));
            owed.computeIfAbsent(session.id(), id -> work.owed(session));
            histories.computeIfAbsent(session.id(), id -> SessionHistory.of(office, session.peer()));
        }
        unread.keySet().retainAll(here);
        owed.keySet().retainAll(here);
        histories.keySet().retainAll(here);
        return new Situation(seen, work.of(seen, owed), unread, histories);
    }

    /**
     * The sessions that somebody had the right to start when they were looked at last, and nobody, or another, has now: a
     * supervisor that is killed writes nothing, so nothing else tells of it. Asks nothing where there was none. Belongs to one
     * thread.
     */
    Set<SessionId> abandoned() {
        Set<SessionId> abandoned = new HashSet<>();
        histories.forEach((id, history) -> {
            if (!history.again(office).equals(history)) {
                abandoned.add(id);
            }
        });
        return abandoned;
    }

    /**
     * Reads a conversation. Safe for use by several threads.
     *
     * @throws IllegalArgumentException if the search cannot be carried out; says why
     */
    Talk read(SessionId with, String search) throws IOException {
        Selection selection = Selection.ALL.with(with).newest(NEWEST + 1);
        List<Message> messages = new ArrayList<>();
        List<Unreadable> unreadable =
                letters.read(search.isEmpty() ? selection : selection.containing(TextSearch.of(search)), messages::add);
        boolean isCut = messages.size() > NEWEST;
        return Talk.of(
                with,
                search,
                isCut ? messages.subList(messages.size() - NEWEST, messages.size()) : messages,
                isCut,
                unreadable);
    }
}
