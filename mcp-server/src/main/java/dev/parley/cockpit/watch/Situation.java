package dev.parley.cockpit.watch;

import dev.parley.address.SessionId;
import dev.parley.overview.ProjectOverview;
import dev.parley.overview.Standing;
import dev.parley.overview.UnreadMail;
import dev.parley.overview.Waits;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What was last seen of a project.
 *
 * @param unread how much mail waits for each of its sessions
 */
record Situation(ProjectOverview project, Waits waits, Map<SessionId, UnreadMail> unread) {

    Situation {
        unread = Map.copyOf(unread);
    }

    /** The sessions by need at a later time, if nothing has changed but the time. */
    List<Standing> standings(Instant now) {
        return Standing.of(new ProjectOverview(now, project.sessions(), project.unreadable()), waits);
    }

    /** The name of a session; of one that is not here, its address. */
    String name(SessionId id) {
        return project.session(id).map(session -> session.peer().name()).orElse(id.value());
    }
}
