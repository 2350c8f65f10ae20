package dev.parley.overview;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A session among the others: what it needs, and since when.
 *
 * @param waits for whom it waits: its open questions, oldest first
 * @param since since when it needs that, as far as it is known: of {@link Need#ANSWER} since its oldest question, else since its
 *     client last said what it does
 */
public record Standing(SessionOverview session, Need need, List<Wait> waits, Optional<Instant> since) {

    /** Copies the list. */
    public Standing {
        waits = List.copyOf(waits);
    }

    /** The most urgent need first; of the same need who has had it longest, and what is not known since when last, by name. */
    private static final Comparator<Standing> URGENT_FIRST = Comparator.comparing(Standing::need)
            .thenComparing(standing -> standing.since().orElse(Instant.MAX))
            .thenComparing(standing -> standing.session().peer().name());

    /** The sessions of a project, the most urgent first. */
    public static List<Standing> of(ProjectOverview project, Waits waits) {
        List<Standing> standings = new ArrayList<>();
        for (SessionOverview session : project.sessions()) {
            List<Wait> own = waits.waits().stream()
                    .filter(wait -> wait.asker().equals(session.id()))
                    .toList();
            Need need = Need.of(session, own, project.at());
            Optional<Instant> since = need == Need.ANSWER
                    ? own.stream().map(Wait::since).findFirst()
                    : session.presence().since();
            standings.add(new Standing(session, need, own, since));
        }
        standings.sort(URGENT_FIRST);
        return standings;
    }
}
