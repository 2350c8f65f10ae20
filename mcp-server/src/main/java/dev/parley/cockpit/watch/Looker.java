package dev.parley.cockpit.watch;

import dev.parley.address.SessionId;
import dev.parley.overview.Correspondence;
import dev.parley.overview.Message;
import dev.parley.overview.Overview;
import dev.parley.overview.ProjectOverview;
import dev.parley.overview.Selection;
import dev.parley.overview.SessionOverview;
import dev.parley.overview.TextSearch;
import dev.parley.overview.UnreadMail;
import dev.parley.overview.Unreadable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Looks at a project for a view. A mailbox is looked at again only when its session may have changed. */
final class Looker {

    /** So many messages of a conversation are shown. */
    static final int NEWEST = 200;

    private final Overview overview;
    private final String project;
    private final Correspondence letters;
    /** Belongs to the thread that looks. */
    private final Map<SessionId, UnreadMail> unread = new HashMap<>();

    Looker(Overview overview, String project) {
        this.overview = overview;
        this.project = project;
        this.letters = overview.correspondence(project);
    }

    Correspondence letters() {
        return letters;
    }

    /**
     * Looks at the sessions. Belongs to one thread.
     *
     * @param changed of which something may have changed
     */
    Situation look(Set<SessionId> changed) throws IOException {
        ProjectOverview seen = overview.of(project);
        Map<SessionId, UnreadMail> mail = new HashMap<>();
        for (SessionOverview session : seen.sessions()) {
            UnreadMail before = unread.get(session.id());
            mail.put(
                    session.id(), before == null || changed.contains(session.id()) ? overview.unread(session) : before);
        }
        unread.clear();
        unread.putAll(mail);
        return new Situation(seen, overview.waits(seen), mail);
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
