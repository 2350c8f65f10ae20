package dev.parley.overview;

import dev.parley.address.SessionId;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Sessions that wait for each other in a circle: each for the next, and the last for the first.
 *
 * @param waits who waits for whom, one behind the other
 */
public record WaitCycle(List<Wait> waits) {

    /**
     * Copies them.
     *
     * @throws IllegalArgumentException if they are no circle
     */
    public WaitCycle {
        waits = List.copyOf(waits);
        for (int i = 0; i < waits.size(); i++) {
            if (!waits.get(i).asked().isHere(waits.get((i + 1) % waits.size()).asker())) {
                throw new IllegalArgumentException("these waits are no circle");
            }
        }
        if (waits.isEmpty()) {
            throw new IllegalArgumentException("nobody waits");
        }
    }

    /** Who waits in it, each once, in this order. */
    public List<SessionId> sessions() {
        return waits.stream().map(Wait::asker).toList();
    }

    /** The wait that ends at the session with which this begins: the question that it should answer first. */
    public Wait last() {
        return waits.get(waits.size() - 1);
    }

    /**
     * The way round in words: {@code calm-otter → tidy-fox → calm-otter}.
     *
     * @param nameOf what a session is called
     */
    public String path(Function<SessionId, String> nameOf) {
        StringBuilder path = new StringBuilder();
        for (Wait wait : waits) {
            path.append(nameOf.apply(wait.asker())).append(" → ");
        }
        return path.append(nameOf.apply(waits.get(0).asker())).toString();
    }

    /**
     * The same circle, begun with the wait of a session.
     *
     * @throws IllegalArgumentException if it is not in it
     */
    public WaitCycle from(SessionId session) {
        int begin = sessions().indexOf(session);
        if (begin < 0) {
            throw new IllegalArgumentException(session + " is not in this circle");
        }
        return begunAt(begin);
    }

    /** The same circle, begun at the question that was asked first. */
    WaitCycle fromTheOldest() {
        return begunAt(waits.indexOf(Collections.min(waits, WaitGraph.BY_AGE)));
    }

    private WaitCycle begunAt(int index) {
        return new WaitCycle(
                Stream.concat(waits.stream().skip(index), waits.stream().limit(index))
                        .toList());
    }
}
