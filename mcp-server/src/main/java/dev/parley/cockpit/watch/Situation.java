package dev.parley.cockpit.watch;

import dev.parley.address.SessionId;
import dev.parley.cockpit.SessionHistory;
import dev.parley.overview.Need;
import dev.parley.overview.ProjectOverview;
import dev.parley.overview.ProjectWork;
import dev.parley.overview.SessionOverview;
import dev.parley.overview.Standing;
import dev.parley.overview.UnreadMail;
import dev.parley.overview.Who;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What was last seen of a project.
 *
 * @param work what its sessions owe each other
 * @param unread how much mail waits for each of its sessions
 * @param histories what was done to go on with each of them
 */
record Situation(
        ProjectOverview project,
        ProjectWork work,
        Map<SessionId, UnreadMail> unread,
        Map<SessionId, SessionHistory> histories) {

    Situation {
        unread = Map.copyOf(unread);
        histories = Map.copyOf(histories);
    }

    /** The sessions by need at a later time, if nothing has changed but the time. */
    List<Standing> standings(Instant now) {
        return Standing.of(project.at(now), work);
    }

    /** Those of other machines that have not ended, by name. */
    List<Standing> elsewhere(Instant now) {
        return project.elsewhere().stream()
                .filter(each -> !each.isGone())
                .map(each -> new Standing(
                        new SessionOverview(each.peer(), each.presence()),
                        Need.of(each, now),
                        List.of(),
                        List.of(),
                        each.presence().since()))
                .toList();
    }

    /** What was done to go on with a session; empty if it is not here. */
    Optional<SessionHistory> history(SessionId id) {
        return Optional.ofNullable(histories.get(id));
    }

    /** See {@link ProjectOverview#name(SessionId)}. */
    String name(SessionId id) {
        return project.name(id);
    }

    /** See {@link ProjectOverview#name(Who)}. */
    String name(Who who) {
        return project.name(who);
    }
}
