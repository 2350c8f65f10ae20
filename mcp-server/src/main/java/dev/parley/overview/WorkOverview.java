package dev.parley.overview;

import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.ledger.Work;
import dev.parley.office.PostOffice;
import dev.parley.trace.Event;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Looks at the open work of a post office: who owes what to whom, and who waits for whom. Looking changes nothing and takes no
 * lock; what cannot be read is said to be so, and hides nothing else. Safe for use by several threads.
 */
public final class WorkOverview {

    private static final Comparator<OwedWork> MOST_OVERDUE_FIRST = Comparator.comparing((OwedWork item) ->
                    item.isOverdue() ? item.work().request().due().orElse(Instant.MAX) : Instant.MAX)
            .thenComparing(OwedWork::since)
            .thenComparing(item -> item.work().request().id().value());

    private final PostOffice office;

    /** Over this office. */
    public WorkOverview(PostOffice office) {
        this.office = office;
    }

    /** What the sessions of a project owe, also those that have ended, and who waits for whom. */
    public ProjectWork of(ProjectOverview project) {
        Waits asked = new Overview(office).waits(project);
        Map<SessionId, String> unreadable = new LinkedHashMap<>(asked.unreadable());
        Map<RequestId, Wait> calls = asked.waits().stream()
                .filter(Wait::isAtThisMoment)
                .collect(Collectors.toMap(wait -> wait.question().requestId(), wait -> wait, (one, same) -> one));
        List<OwedWork> items = new ArrayList<>();
        for (SessionOverview owner : project.sessions()) {
            try {
                for (Work work : office.work(owner.id()).unfinished()) {
                    items.add(item(work, owner, calls.keySet(), project.at()));
                }
            } catch (IOException e) {
                office.trace()
                        .event(
                                Event.LEDGER_UNREADABLE,
                                Map.of("session", owner.id().value(), "reason", e.toString()));
                unreadable.putIfAbsent(owner.id(), String.valueOf(e.getMessage()));
            }
        }
        items.sort(MOST_OVERDUE_FIRST);
        List<Wait> waits = waits(items, calls);
        return new ProjectWork(marked(items, waits), WaitChain.of(waits), unreadable);
    }

    private OwedWork item(Work work, SessionOverview owner, Set<RequestId> awaited, Instant now) {
        return new OwedWork(
                work,
                owner.id(),
                work.request().from().map(this::current),
                work.request().requestId().filter(awaited::contains).isPresent(),
                work.isOverdue(now),
                owner.isGone(),
                false);
    }

    /** By what is owed, and by calls that wait for what is no work to their owner, such as one of an older version. */
    private static List<Wait> waits(List<OwedWork> items, Map<RequestId, Wait> calls) {
        Map<RequestId, Wait> others = new LinkedHashMap<>(calls);
        List<Wait> waits = new ArrayList<>();
        for (OwedWork item : items) {
            item.work().request().requestId().ifPresent(others::remove);
            item.asWait().ifPresent(waits::add);
        }
        waits.addAll(others.values());
        return waits;
    }

    private static List<OwedWork> marked(List<OwedWork> items, List<Wait> waits) {
        WaitGraph graph = WaitGraph.of(waits);
        return items.stream()
                .map(item -> item.inCycle(item.asWait().flatMap(graph::closedBy).isPresent()))
                .toList();
    }

    private SessionId current(SessionId id) {
        try {
            return office.peers().current(id);
        } catch (IOException e) {
            office.trace().event(Event.MOVED_TO_UNREADABLE, Map.of("session", id.value(), "reason", e.toString()));
            return id;
        }
    }
}
