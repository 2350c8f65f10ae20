package dev.parley.overview;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A session among the others: what it needs, and since when.
 *
 * @param waits for whom it waits, the oldest first
 * @param overdue what it owes and was due before, the longest overdue first
 * @param since since when it needs that, as far as it is known: of {@link Need#OVERDUE} since the first was due, of
 *     {@link Need#ANSWER} since it asked first, else since its client last said what it does
 */
public record Standing(
        SessionOverview session, Need need, List<Wait> waits, List<OwedWork> overdue, Optional<Instant> since) {

    /** Copies the lists. */
    public Standing {
        waits = List.copyOf(waits);
        overdue = List.copyOf(overdue);
    }

    /** The most urgent need first; of the same need who has had it longest, and what is not known since when last, by name. */
    private static final Comparator<Standing> URGENT_FIRST = Comparator.comparing(Standing::need)
            .thenComparing(standing -> standing.since().orElse(Instant.MAX))
            .thenComparing(standing -> standing.session().peer().name());

    /**
     * The sessions of a project, the most urgent first, at the moment of the project: what has fallen due since the work was
     * looked at is overdue.
     */
    public static List<Standing> of(ProjectOverview project, ProjectWork work) {
        List<OwedWork> overdue = work.items().stream()
                .map(item -> item.at(project.at()))
                .filter(OwedWork::isOverdue)
                .sorted(OwedWork.MOST_OVERDUE_FIRST)
                .toList();
        List<Standing> standings = new ArrayList<>();
        for (SessionOverview session : project.sessions()) {
            standings.add(of(
                    session,
                    work.waits().stream()
                            .filter(wait -> wait.asker().equals(session.id()))
                            .toList(),
                    overdue.stream()
                            .filter(item -> item.owner().isHere(session.id()))
                            .toList(),
                    project.at()));
        }
        standings.sort(URGENT_FIRST);
        return standings;
    }

    private static Standing of(SessionOverview session, List<Wait> waits, List<OwedWork> overdue, Instant at) {
        Need need = Need.of(session, waits, overdue, at);
        Optional<Instant> since = switch (need) {
            case OVERDUE ->
                overdue.stream()
                        .findFirst()
                        .flatMap(item -> item.work().request().due());
            case ANSWER -> waits.stream().findFirst().map(Wait::since);
            case USER, WORKING, IDLE, UNTOLD, GONE -> session.presence().since();
        };
        return new Standing(session, need, waits, overdue, since);
    }
}
