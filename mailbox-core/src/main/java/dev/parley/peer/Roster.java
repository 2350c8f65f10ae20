package dev.parley.peer;

import dev.parley.address.SessionId;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The sessions of a project as they stand in the directory at one moment.
 *
 * @param peers those whose card can be read, by name
 * @param unreadable those that may be of this project but whose card cannot be read, by id, each with the reason
 */
public record Roster(List<Peer> peers, Map<SessionId, String> unreadable) {

    /** Copies both. */
    public Roster {
        peers = List.copyOf(peers);
        unreadable = Collections.unmodifiableMap(new LinkedHashMap<>(unreadable));
    }
}
