package dev.parley.overview;

import dev.parley.address.MessageId;
import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.ledger.MessageStatus;
import dev.parley.ledger.Work;
import dev.parley.office.PostOffice;
import dev.parley.peer.RemotePeer;
import dev.parley.trace.Event;
import dev.parley.trace.Why;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Looks at the open work of a post office: who owes what to whom, and who waits for whom. Looking changes nothing and takes no
 * lock; what cannot be read is said to be so, and hides nothing else. Safe for use by several threads.
 */
public final class WorkOverview {

    private final PostOffice office;

    /** Over this office. */
    public WorkOverview(PostOffice office) {
        this.office = office;
    }

    /** What the sessions of a project owe, also those that have ended, and who waits for whom. */
    public ProjectWork of(ProjectOverview project) {
        Map<SessionId, Owed> owed = new HashMap<>();
        project.sessions().forEach(owner -> owed.put(owner.id(), owed(owner)));
        return of(project, owed);
    }

    /** What a session owes. Costs one look at the names of its ledger, and one at each request that is not finished. */
    public Owed owed(SessionOverview owner) {
        try {
            return new Owed(office.work(owner.id()).unfinished(), Optional.empty());
        } catch (IOException e) {
            office.trace()
                    .event(Event.LEDGER_UNREADABLE, Map.of("session", owner.id().value(), "reason", e.toString()));
            return Owed.hidden(Why.of(e));
        }
    }

    /**
     * The same as {@link #of(ProjectOverview)}, from what the sessions were last seen to owe: for whoever knows which of them may
     * have changed since. The questions of all of them are looked at anew.
     *
     * @param owed of each session, see {@link #owed}; a session that is missing owes nothing
     */
    public ProjectWork of(ProjectOverview project, Map<SessionId, Owed> owed) {
        Set<MessageId> open = new HashSet<>();
        owed.values()
                .forEach(each -> each.unfinished()
                        .forEach(work -> open.add(work.request().id())));
        Waits asked = new Overview(office).waits(project, open);
        Map<SessionId, String> unreadable = new LinkedHashMap<>(asked.unreadable());
        Map<RequestId, Wait> calls = asked.waits().stream()
                .filter(Wait::isAtThisMoment)
                .collect(Collectors.toMap(wait -> wait.question().requestId(), wait -> wait, (one, same) -> one));
        List<OwedWork> items = new ArrayList<>();
        for (SessionOverview owner : project.sessions()) {
            Owed own = owed.getOrDefault(owner.id(), new Owed(List.of(), Optional.empty()));
            own.unfinished().forEach(work -> items.add(item(work, owner, calls.keySet(), project.at())));
            own.trouble().ifPresent(why -> unreadable.putIfAbsent(owner.id(), why));
        }
        asked.waits().stream()
                .filter(wait -> wait.asked().host().isPresent())
                .flatMap(wait -> elsewhere(wait, project).stream())
                .forEach(items::add);
        items.sort(OwedWork.MOST_OVERDUE_FIRST);
        List<Wait> holdUps = waits(items, calls.values());
        return new ProjectWork(
                marked(items, holdUps),
                ofThoseWhoLive(project, waits(items, asked.waits())),
                WaitChain.of(holdUps),
                unreadable);
    }

    /** What a session on another machine owes, as that has told; empty if it has told nothing of a request. */
    private Optional<OwedWork> elsewhere(Wait wait, ProjectOverview project) {
        try {
            Optional<Work> work = office.tracker()
                    .status(wait.question().messageId(), wait.asker())
                    .elsewhere()
                    .flatMap(MessageStatus.Elsewhere::work);
            boolean isOrphaned =
                    project.elsewhere(wait.asked()).filter(RemotePeer::isGone).isPresent();
            return work.map(found -> new OwedWork(
                    found,
                    wait.asked(),
                    Optional.of(wait.asker()),
                    wait.isAtThisMoment(),
                    found.isOverdue(project.at()),
                    isOrphaned,
                    false));
        } catch (IOException e) {
            office.trace()
                    .event(Event.STATE_UNKNOWN, Map.of("session", wait.asked().target(), "reason", e.toString()));
            return Optional.empty();
        }
    }

    private static List<Wait> ofThoseWhoLive(ProjectOverview project, List<Wait> waits) {
        return waits.stream()
                .filter(wait -> project.session(wait.asker())
                        .filter(asker -> !asker.isGone())
                        .isPresent())
                .sorted(Comparator.comparing(Wait::since))
                .toList();
    }

    private OwedWork item(Work work, SessionOverview owner, Set<RequestId> awaited, Instant now) {
        return new OwedWork(
                work,
                Who.here(owner.id()),
                work.request().localSender().map(this::current),
                work.request().requestId().filter(awaited::contains).isPresent(),
                work.isOverdue(now),
                owner.isGone(),
                false);
    }

    /** By what is owed, and by questions that are no work to their owner, such as those of an older version. */
    private static List<Wait> waits(List<OwedWork> items, Collection<Wait> asked) {
        Map<RequestId, Wait> others = new LinkedHashMap<>();
        asked.forEach(wait -> others.put(wait.question().requestId(), wait));
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
