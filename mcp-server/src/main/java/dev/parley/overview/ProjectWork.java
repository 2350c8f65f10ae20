package dev.parley.overview;

import dev.parley.address.SessionId;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The open work of a project at one moment.
 *
 * @param items the requests in no terminal state: what is overdue first, the longest overdue before the others; then the
 *     oldest first
 * @param waits who waits for whom, by these requests and by questions that are none; the oldest first. A session that has ended
 *     waits for nobody
 * @param chains who waits for whom, by these requests and in calls
 * @param unreadable whose requests or questions cannot be looked at, each with the reason
 */
public record ProjectWork(
        List<OwedWork> items, List<Wait> waits, List<WaitChain> chains, Map<SessionId, String> unreadable) {

    /** Copies all of them. */
    public ProjectWork {
        items = List.copyOf(items);
        waits = List.copyOf(waits);
        chains = List.copyOf(chains);
        unreadable = Collections.unmodifiableMap(new LinkedHashMap<>(unreadable));
    }

    /** The request by which somebody waits; empty for a question that is none, such as one of an older version. */
    public Optional<OwedWork> item(Wait wait) {
        return items.stream()
                .filter(item -> item.work()
                        .request()
                        .requestId()
                        .filter(wait.question().requestId()::equals)
                        .isPresent())
                .findFirst();
    }

    /** Whether somebody has to look after something: a request, or a circle of sessions that wait for each other. */
    public boolean isStuck() {
        return items.stream().anyMatch(OwedWork::isStuck) || chains.stream().anyMatch(WaitChain::isCycle);
    }
}
