package dev.parley.cockpit;

import dev.parley.address.MessageId;
import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.cockpit.Notice.Kind;
import dev.parley.mailbox.PlainText;
import dev.parley.overview.Need;
import dev.parley.overview.ProjectOverview;
import dev.parley.overview.ProjectWork;
import dev.parley.overview.SessionOverview;
import dev.parley.overview.Standing;
import dev.parley.overview.Who;
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
        List<Debt<MessageId>> debts = work.items().stream()
                .filter(item -> item.work().isOverdue(project.at()))
                .map(item -> new Debt<>(item.work().request().id(), item.owner(), WorkWords.requester(item, project)))
                .toList();
        late = told(Kind.OVERDUE, " owes an answer that is overdue to ", debts, late, project, notices);
    }

    private void goneOwing(ProjectOverview project, ProjectWork work, List<Notice> notices) {
        List<Debt<RequestId>> debts = work.waits().stream()
                .filter(wait -> wait.asked()
                        .local()
                        .flatMap(project::session)
                        .filter(SessionOverview::isGone)
                        .isPresent())
                .map(wait -> new Debt<>(wait.question().requestId(), wait.asked(), name(project, wait.asker())))
                .toList();
        lost = told(Kind.GONE_OWING, " has ended and still owes an answer to ", debts, lost, project, notices);
    }

    /** What a session owes: its id, who owes it, and to whom, by name. */
    private record Debt<K>(K id, Who owner, String requester) {}

    /** Tells of those that were none at the last look, one notice for each session, and returns the ids of all of them. */
    private static <K> Set<K> told(
            Kind kind, String what, List<Debt<K>> debts, Set<K> before, ProjectOverview project, List<Notice> notices) {
        Map<Who, Set<String>> requesters = new LinkedHashMap<>();
        Set<K> now = new HashSet<>();
        for (Debt<K> debt : debts) {
            now.add(debt.id());
            if (!before.contains(debt.id())) {
                requesters.computeIfAbsent(debt.owner(), id -> new HashSet<>()).add(debt.requester());
            }
        }
        requesters.forEach((owner, names) -> {
            String name = PlainText.line(project.name(owner));
            notices.add(new Notice(kind, owner.local(), Optional.of(name), name + what + listed(names)));
        });
        return now;
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
        return PlainText.line(project.name(id));
    }
}
