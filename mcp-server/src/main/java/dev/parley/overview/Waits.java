package dev.parley.overview;

import dev.parley.address.SessionId;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Who waits for whom.
 *
 * @param waits oldest question first
 * @param unreadable whose questions cannot be looked at, each with the reason
 */
public record Waits(List<Wait> waits, Map<SessionId, String> unreadable) {

    /** Copies both. */
    public Waits {
        waits = List.copyOf(waits);
        unreadable = Collections.unmodifiableMap(new LinkedHashMap<>(unreadable));
    }
}
