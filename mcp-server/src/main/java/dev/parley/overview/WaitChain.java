package dev.parley.overview;

import dev.parley.address.SessionId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Sessions one behind the other, each of which waits for the next. A graph is told as chains: each pair of sessions of which
 * one waits for the other stands in at least one.
 *
 * @param waits one behind the other; never empty
 */
public record WaitChain(List<Wait> waits) {

    /**
     * Copies them.
     *
     * @throws IllegalArgumentException if they are no chain
     */
    public WaitChain {
        waits = List.copyOf(waits);
        if (waits.isEmpty()) {
            throw new IllegalArgumentException("nobody waits");
        }
        for (int i = 1; i < waits.size(); i++) {
            if (!waits.get(i - 1).asked().isHere(waits.get(i).asker())) {
                throw new IllegalArgumentException("these waits are no chain");
            }
        }
    }

    /** Whether the last waits for the first. */
    public boolean isCycle() {
        return waits.get(waits.size() - 1).asked().isHere(waits.get(0).asker());
    }

    /** Whether anybody in it does nothing but wait at this moment. */
    public boolean isHeldUp() {
        return waits.stream().anyMatch(Wait::isAtThisMoment);
    }

    /** Who is in it, in this order; in a cycle the first comes again at the end. */
    public List<Who> sessions() {
        return Stream.concat(
                        Stream.of(Who.here(waits.get(0).asker())),
                        waits.stream().map(Wait::asked))
                .toList();
    }

    /** In words: {@code calm-otter → tidy-fox → calm-otter (cycle)}. */
    public String text(Function<Who, String> nameOf) {
        String path = String.join(" → ", sessions().stream().map(nameOf).toList());
        if (!isCycle()) {
            return path;
        }
        return path + (isHeldUp() ? " (cycle)" : " (cycle, nobody is in a call)");
    }

    /**
     * The chains of a graph: first its cycles, then the others, each with the oldest first. However many waits lead from one
     * session to another, they count once: as one that holds a session up at this moment, if there is one, else as the oldest.
     */
    public static List<WaitChain> of(List<Wait> waits) {
        Map<Pair, Wait> edges = new LinkedHashMap<>();
        waits.stream()
                .sorted(WaitGraph.BY_AGE)
                .forEach(wait -> edges.merge(
                        Pair.of(wait),
                        wait,
                        (one, other) -> one.isAtThisMoment() || !other.isAtThisMoment() ? one : other));
        List<WaitChain> chains = new ArrayList<>();
        for (WaitCycle cycle : WaitGraph.cycles(List.copyOf(edges.values()))) {
            chains.add(new WaitChain(cycle.waits()));
            cycle.waits().forEach(wait -> edges.remove(Pair.of(wait)));
        }
        // Who waits and is not waited for begins a chain; what is left after those has no such beginning.
        Set<Who> waitedFor = edges.values().stream().map(Wait::asked).collect(Collectors.toSet());
        for (Wait wait : List.copyOf(edges.values())) {
            if (!waitedFor.contains(Who.here(wait.asker())) && edges.containsKey(Pair.of(wait))) {
                chains.add(beginningWith(wait, edges));
            }
        }
        while (!edges.isEmpty()) {
            chains.add(beginningWith(edges.values().iterator().next(), edges));
        }
        return chains;
    }

    /** As far as it goes without coming to a session again; takes its edges out of the graph. */
    private static WaitChain beginningWith(Wait first, Map<Pair, Wait> edges) {
        List<Wait> chain = new ArrayList<>();
        Set<Who> seen = new HashSet<>(Set.of(Who.here(first.asker())));
        Optional<Wait> next = Optional.of(first);
        while (next.isPresent()) {
            edges.remove(Pair.of(next.get()));
            chain.add(next.get());
            Who end = next.get().asked();
            boolean isNew = seen.add(end);
            next = edges.values().stream()
                    .filter(wait -> isNew && end.isHere(wait.asker()))
                    .findFirst();
        }
        return new WaitChain(chain);
    }

    /** Of which one waits for the other. */
    private record Pair(SessionId asker, Who asked) {
        static Pair of(Wait wait) {
            return new Pair(wait.asker(), wait.asked());
        }
    }
}
