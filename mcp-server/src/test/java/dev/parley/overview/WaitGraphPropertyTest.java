package dev.parley.overview;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.SessionId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Circles of waits, against reachability as it is defined. */
final class WaitGraphPropertyTest {

    private static final List<String> SESSIONS = List.of("a", "b", "c", "d", "e", "f");

    @Provide
    Arbitrary<List<Wait>> waits() {
        Arbitrary<Integer> session = Arbitraries.integers().between(0, SESSIONS.size() - 1);
        return session.list().ofMinSize(0).ofMaxSize(24).map(WaitGraphPropertyTest::waits);
    }

    /** Two numbers in turn are an asker and whom it asks. */
    private static List<Wait> waits(List<Integer> numbers) {
        List<Wait> waits = new ArrayList<>();
        for (int i = 0; i + 1 < numbers.size(); i += 2) {
            if (!numbers.get(i).equals(numbers.get(i + 1))) {
                waits.add(WaitGraphTest.wait(SESSIONS.get(numbers.get(i)), SESSIONS.get(numbers.get(i + 1)), i));
            }
        }
        return waits;
    }

    private static Set<SessionId> reachable(SessionId from, List<Wait> waits) {
        Set<SessionId> reached = new HashSet<>(Set.of(from));
        boolean grew = true;
        while (grew) {
            grew = false;
            for (Wait wait : waits) {
                if (reached.contains(wait.asker())) {
                    grew |= reached.add(wait.asked().id());
                }
            }
        }
        return reached;
    }

    @Property
    void aWaitClosesACircleExactlyIfItsAskerIsReached(@ForAll("waits") List<Wait> waits) {
        WaitGraph graph = WaitGraph.lookedUp(asker ->
                waits.stream().filter(wait -> wait.asker().equals(asker)).toList());
        for (Wait wait : waits) {
            Optional<WaitCycle> cycle = graph.closedBy(wait);
            assertEquals(reachable(wait.asked().id(), waits).contains(wait.asker()), cycle.isPresent());
            cycle.ifPresent(found -> {
                assertEquals(wait, found.waits().get(0));
                assertEquals(Who.here(wait.asker()), found.last().asked());
                assertTrue(waits.containsAll(found.waits()));
                assertEquals(found.sessions().size(), new HashSet<>(found.sessions()).size(), "nobody comes twice");
            });
        }
    }

    @Property
    void whoIsInACircleIsInOneThatIsTold(@ForAll("waits") List<Wait> waits) {
        List<WaitCycle> cycles = WaitGraph.cycles(waits);
        assertEquals(cycles.size(), new HashSet<>(cycles).size());
        Set<SessionId> told =
                cycles.stream().flatMap(cycle -> cycle.sessions().stream()).collect(Collectors.toSet());
        Set<SessionId> inOne = waits.stream()
                .filter(wait -> reachable(wait.asked().id(), waits).contains(wait.asker()))
                .map(Wait::asker)
                .collect(Collectors.toSet());
        assertEquals(inOne, told);
    }
}
