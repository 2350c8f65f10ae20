package dev.parley.cockpit;

import dev.parley.address.MessageId;
import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.cockpit.Notice.Kind;
import dev.parley.mailbox.PlainText;
import dev.parley.overview.Need;
import dev.parley.overview.OwedWork;
import dev.parley.overview.ProjectOverview;
import dev.parley.overview.ProjectWork;
import dev.parley.overview.Standing;
import dev.parley.overview.Wait;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds what a person is to be told of: what has become so since the last look, never what is so still. What is so at the first
 * look is no news: who looks sees it. Belongs to one thread.
 *
 * <pre>{@code
 * Edges edges = new Edges();
 * edges.next(project, work.of(project)).forEach(notifier::tell);
 * }</pre>
 */
public final class Edges {

    /** Between two turns of a conversation everybody is idle for a moment. */
    static final Duration SETTLED = Duration.ofSeconds(5);

    private boolean isFirst = true;
    /** Who needed its user at the last look, and since when. */
    private Map<SessionId, Instant> needing = new HashMap<>();
    /** What was overdue at the last look. */
    private Set<MessageId> late = new HashSet<>();
    /** What was owed at the last look by who has ended. */
    private Set<RequestId> lost = new HashSet<>();

    private boolean wasActive;
    private Optional<Instant> quietSince = Optional.empty();

    /** Nothing has been looked at. */
    public Edges() {}

    /** What has become so since the last look; what is overdue, at the moment of the project. */
    public List<Notice> next(ProjectOverview project, ProjectWork work) {
        List<Standing> standings = Standing.of(project, work);
        List<Notice> notices = new ArrayList<>();
        needsYou(standings, notices);
        overdue(project, work, notices);
        goneOwing(project, work, notices);
        allFinished(standings, project.at(), notices);
        if (isFirst) {
            notices.clear();
            isFirst = false;
        }
        return notices;
    }

    private void needsYou(List<Standing> standings, List<Notice> notices) {
        Map<SessionId, Instant> now = new HashMap<>();
        for (Standing standing : standings) {
            if (standing.need() != Need.USER) {
                continue;
            }
            SessionId id = standing.session().id();
            Instant since = standing.since().orElse(Instant.EPOCH);
            now.put(id, since);
            if (!since.equals(needing.get(id))) {
                String name = name(standing);
                notices.add(new Notice(
                        Kind.NEEDS_YOU,
                        Optional.of(id),
                        Optional.of(name),
                        name + " needs you: its client asks its user something"));
            }
        }
        needing = now;
    }

    private void overdue(ProjectOverview project, ProjectWork work, List<Notice> notices) {
        Map<SessionId, Set<String>> requesters = new LinkedHashMap<>();
        Set<MessageId> now = new HashSet<>();
        for (OwedWork item : work.items()) {
            MessageId id = item.work().request().id();
            if (item.work().isOverdue(project.at())) {
                now.add(id);
                if (!late.contains(id)) {
                    requesters
                            .computeIfAbsent(item.owner(), owner -> new HashSet<>())
                            .add(WorkWords.requester(item, project));
                }
            }
        }
        late = now;
        requesters.forEach((owner, names) -> {
            String name = name(project, owner);
            notices.add(new Notice(
                    Kind.OVERDUE,
                    Optional.of(owner),
                    Optional.of(name),
                    name + " owes an answer that is overdue to " + listed(names)));
        });
    }

    private void goneOwing(ProjectOverview project, ProjectWork work, List<Notice> notices) {
        Map<SessionId, Set<String>> askers = new LinkedHashMap<>();
        Set<RequestId> now = new HashSet<>();
        for (Wait wait : work.waits()) {
            boolean isGone = project.session(wait.asked())
                    .filter(session -> session.isGone())
                    .isPresent();
            if (isGone) {
                now.add(wait.question().requestId());
                if (!lost.contains(wait.question().requestId())) {
                    askers.computeIfAbsent(wait.asked(), id -> new HashSet<>()).add(name(project, wait.asker()));
                }
            }
        }
        lost = now;
        askers.forEach((gone, names) -> {
            String name = name(project, gone);
            notices.add(new Notice(
                    Kind.GONE_OWING,
                    Optional.of(gone),
                    Optional.of(name),
                    name + " has ended and still owes an answer to " + listed(names)));
        });
    }

    private static String listed(Set<String> names) {
        return String.join(", ", names.stream().sorted().toList());
    }

    private void allFinished(List<Standing> standings, Instant at, List<Notice> notices) {
        boolean isActive = standings.stream()
                .anyMatch(standing -> standing.need() == Need.USER
                        || standing.need() == Need.OVERDUE
                        || standing.need() == Need.ANSWER
                        || standing.need() == Need.WORKING);
        if (isActive) {
            wasActive = true;
            quietSince = Optional.empty();
            return;
        }
        if (quietSince.isEmpty()) {
            quietSince = Optional.of(at);
        }
        if (wasActive && Duration.between(quietSince.get(), at).compareTo(SETTLED) >= 0) {
            wasActive = false;
            notices.add(new Notice(
                    Kind.ALL_FINISHED,
                    Optional.empty(),
                    Optional.empty(),
                    "all sessions are finished: nobody works or waits"));
        }
    }

    private static String name(Standing standing) {
        return PlainText.line(standing.session().peer().name());
    }

    private static String name(ProjectOverview project, SessionId id) {
        return PlainText.line(
                project.session(id).map(session -> session.peer().name()).orElse(id.value()));
    }
}
