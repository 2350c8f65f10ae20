package dev.parley.overview;

import dev.parley.address.SessionId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Who waits for whom, as a graph: the sessions are its nodes, each wait leads from the asker to the asked. Knows nothing but
 * the waits it is given, of whatever kind: those of this moment can hold sessions up, those of open questions show who owes
 * whom. All askers are of this machine, so what was asked of another one leads no further.
 */
public final class WaitGraph {

    /** The oldest question first; the ticket tells apart what was asked in the same instant. */
    static final Comparator<Wait> BY_AGE = Comparator.comparing(Wait::since)
            .thenComparing(wait -> wait.question().requestId().value());

    private final Function<SessionId, List<Wait>> waitsOf;

    private WaitGraph(Function<SessionId, List<Wait>> waitsOf) {
        this.waitsOf = waitsOf;
    }

    /** A graph of which only what is on the way is looked at. */
    static WaitGraph lookedUp(Function<SessionId, List<Wait>> waitsOf) {
        return new WaitGraph(waitsOf);
    }

    /** The graph of these waits. */
    static WaitGraph of(List<Wait> waits) {
        Map<SessionId, List<Wait>> byAsker = new HashMap<>();
        waits.stream()
                .sorted(BY_AGE)
                .forEach(wait -> byAsker.computeIfAbsent(wait.asker(), id -> new ArrayList<>())
                        .add(wait));
        return new WaitGraph(asker -> byAsker.getOrDefault(asker, List.of()));
    }

    /**
     * Circles that these waits form, each told once, begun at its oldest question; the circle with the oldest question first.
     * Where circles share sessions not all are told, but every session that is in a circle is in one of these.
     */
    public static List<WaitCycle> cycles(List<Wait> waits) {
        WaitGraph graph = of(waits);
        Set<WaitCycle> cycles = new LinkedHashSet<>();
        Set<SessionId> told = new HashSet<>();
        waits.stream().sorted(BY_AGE).forEach(wait -> {
            if (!told.contains(wait.asker())) {
                graph.closedBy(wait).map(WaitCycle::fromTheOldest).ifPresent(cycle -> {
                    cycles.add(cycle);
                    told.addAll(cycle.sessions());
                });
            }
        });
        return cycles.stream()
                .sorted(Comparator.comparing(cycle -> cycle.waits().get(0), BY_AGE))
                .toList();
    }

    /**
     * The shortest circle that a wait closes, begun with it; empty if it closes none.
     *
     * @param closing a wait; whether it is in the graph already does not matter
     */
    public Optional<WaitCycle> closedBy(Wait closing) {
        Map<SessionId, Wait> reachedBy = new HashMap<>();
        Deque<SessionId> next = new ArrayDeque<>();
        closing.asked().local().ifPresent(asked -> {
            reachedBy.put(asked, closing);
            next.add(asked);
        });
        while (!next.isEmpty() && !reachedBy.containsKey(closing.asker())) {
            for (Wait wait : waitsOf.apply(next.remove())) {
                wait.asked()
                        .local()
                        .filter(asked -> reachedBy.putIfAbsent(asked, wait) == null)
                        .ifPresent(next::add);
            }
        }
        Deque<Wait> way = new ArrayDeque<>();
        Wait step = reachedBy.get(closing.asker());
        while (step != null) {
            way.addFirst(step);
            step = step.equals(closing) ? null : reachedBy.get(step.asker());
        }
        return way.isEmpty() ? Optional.empty() : Optional.of(new WaitCycle(List.copyOf(way)));
    }
}
