package dev.parley.overview;

import dev.parley.address.SessionId;
import dev.parley.office.Changes;
import dev.parley.office.PostOffice;
import dev.parley.peer.RemotePeer;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Tells a view when there is something new to see in a project, within a second: what the post office tells of, and that a
 * session has ended without a word. Looking changes nothing and takes no lock. Belongs to one thread.
 *
 * <pre>{@code
 * try (Feed feed = overview.feed(key)) {
 *     while (isOpen()) {
 *         draw();
 *         feed.next(Duration.ofSeconds(10));
 *     }
 * }
 * }</pre>
 */
public final class Feed implements AutoCloseable {

    /** Whether a process lives is not told, but has to be looked at. */
    private static final Duration PULSE = Duration.ofMillis(900);

    /** How often is looked at what is known of other machines: they tell of themselves every few seconds. */
    private static final Duration ELSEWHERE = Duration.ofSeconds(1);

    private final PostOffice office;
    private final Overview overview;
    private final String project;
    private final Changes changes;
    private Map<SessionId, SessionOverview> sessions;
    private List<RemotePeer> elsewhere;
    private long elsewhereAt = System.nanoTime();

    Feed(PostOffice office, Overview overview, String project) throws IOException {
        this.office = office;
        this.overview = overview;
        this.project = project;
        this.changes = office.changes(project);
        this.sessions = look();
        this.elsewhere = office.peers().elsewhere(project);
    }

    /**
     * Waits until something may have changed that a view shows. What changed since the last call is told at once. A view draws
     * anew also when nothing has: times grow.
     *
     * @param limit how long at the most
     * @return the sessions of which something may have changed; those that were never there, or are gone, are among them
     * @throws IOException if the sessions cannot be listed now; the next call looks again
     */
    public Set<SessionId> next(Duration limit) throws IOException, InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        while (true) {
            Duration left = Duration.ofNanos(Math.max(0, end - System.nanoTime()));
            Set<SessionId> changed = new HashSet<>(changes.await(left.compareTo(PULSE) < 0 ? left : PULSE));
            changed.addAll(livesChanged(!changed.isEmpty()));
            changed.addAll(elsewhereChanged());
            if (!changed.isEmpty() || left.isZero()) {
                return changed;
            }
        }
    }

    /** Those that do something else than when they were last looked at. */
    private Set<SessionId> livesChanged(boolean isListedAnew) throws IOException {
        Map<SessionId, SessionOverview> before = sessions;
        if (isListedAnew) {
            sessions = look();
        } else {
            sessions = new HashMap<>(before);
            sessions.replaceAll((id, session) -> overview.again(session));
        }
        Set<SessionId> changed = new HashSet<>();
        sessions.forEach((id, session) -> {
            if (!session.equals(before.get(id))) {
                changed.add(id);
            }
        });
        return changed;
    }

    /** Those of other machines of which something else is known than before. */
    private Set<SessionId> elsewhereChanged() throws IOException {
        long now = System.nanoTime();
        if (now - elsewhereAt < ELSEWHERE.toNanos()) {
            return Set.of();
        }
        elsewhereAt = now;
        Set<RemotePeer> before = new HashSet<>(elsewhere);
        elsewhere = office.peers().elsewhere(project);
        Set<RemotePeer> known = new HashSet<>(elsewhere);
        return Stream.concat(before.stream(), known.stream())
                .filter(each -> !before.contains(each) || !known.contains(each))
                .map(each -> each.peer().id())
                .collect(Collectors.toSet());
    }

    private Map<SessionId, SessionOverview> look() throws IOException {
        Map<SessionId, SessionOverview> seen = new HashMap<>();
        overview.of(project).sessions().forEach(session -> seen.put(session.id(), session));
        return seen;
    }

    @Override
    public void close() {
        changes.close();
    }
}
