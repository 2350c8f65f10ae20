package dev.parley.overview;

import dev.parley.address.SessionId;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The sessions of a project at one moment.
 *
 * @param at when they were looked at
 * @param sessions all whose card can be read, by name; also those that have ended
 * @param unreadable those that may be of this project but whose card cannot be read, each with the reason
 */
public record ProjectOverview(Instant at, List<SessionOverview> sessions, Map<SessionId, String> unreadable) {

    /** Copies both. */
    public ProjectOverview {
        sessions = List.copyOf(sessions);
        unreadable = Collections.unmodifiableMap(new LinkedHashMap<>(unreadable));
    }

    /**
     * The sessions that somebody may mean: that of this name, else that of this address, else those whose address begins so.
     */
    public List<SessionOverview> called(String typed) {
        List<SessionOverview> named = sessions.stream()
                .filter(session -> session.peer().name().equals(typed))
                .toList();
        if (!named.isEmpty()) {
            return named;
        }
        List<SessionOverview> addressed = sessions.stream()
                .filter(session -> session.id().value().equals(typed))
                .toList();
        return addressed.isEmpty() && !typed.isEmpty()
                ? sessions.stream()
                        .filter(session -> session.id().value().startsWith(typed))
                        .toList()
                : addressed;
    }

    /** The session of an address; empty if it is not among these. */
    public Optional<SessionOverview> session(SessionId id) {
        return sessions.stream().filter(session -> session.id().equals(id)).findFirst();
    }
}
