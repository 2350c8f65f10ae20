package dev.parley.cockpit.watch;

import dev.parley.address.SessionId;
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

/** Looks at a project for a view. A mailbox, and what a session owes, is looked at again only when that session may have changed. */
final class Looker {

    /** So many messages of a conversation are shown. */
    static final int NEWEST = 200;

    private final Overview overview;
    private final WorkOverview work;
    private final String project;
    private final Correspondence letters;
    /** Belongs to the thread that looks. */
    private final Map<SessionId, UnreadMail> unread = new HashMap<>();
    /** Belongs to the thread that looks. */
    private final Map<SessionId, Owed> owed = new HashMap<>();

    Looker(PostOffice office, String project) {
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
        Set<SessionId> here = new HashSet<>();
        for (SessionOverview session : seen.sessions()) {
            here.add(session.id());
            unread.computeIfAbsent(session.id(), id -> overview.unread(session));
            owed.computeIfAbsent(session.id(), id -> work.owed(session));
        }
        unread.keySet().retainAll(here);
        owed.keySet().retainAll(here);
        return new Situation(seen, work.of(seen, owed), unread);
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
