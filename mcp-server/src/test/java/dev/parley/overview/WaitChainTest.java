package dev.parley.overview;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.MessageId;
import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.ledger.PendingAsk;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A graph of waits, told as lines of text. */
final class WaitChainTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final List<Wait> waits = new ArrayList<>();

    /** Each later than the one before; {@code a>b} is open, {@code a>>b} is waited for in a call. */
    private List<String> told(String... edges) {
        waits.clear();
        for (String edge : edges) {
            String[] ends = edge.split(">+", -1);
            waits.add(wait(ends[0], ends[1], waits.size(), edge.contains(">>")));
        }
        return WaitChain.of(waits).stream()
                .map(chain -> chain.text(Who::target))
                .toList();
    }

    private static Wait wait(String asker, String asked, int second, boolean isAtThisMoment) {
        return new Wait(
                new SessionId(asker),
                Who.here(new SessionId(asked)),
                new PendingAsk(
                        RequestId.create(),
                        MessageId.create(Optional.empty()),
                        new SessionId(asked),
                        START.plusSeconds(second)),
                isAtThisMoment);
    }

    @Test
    void eachWaitsForTheNext() {
        assertEquals(List.of(), told());
        assertEquals(List.of("a → b"), told("a>b"));
        assertEquals(List.of("a → b → c → d"), told("b>c", "c>d", "a>b"));
        assertEquals(List.of("a → b", "a → c"), told("a>b", "a>c"));
        assertEquals(List.of("a → c → d", "b → c"), told("a>c", "b>c", "c>d"));
    }

    @Test
    void aCycleIsSaidToBeOneAndComesFirst() {
        assertEquals(List.of("b → c → b (cycle, nobody is in a call)", "a → b"), told("a>b", "b>c", "c>b"));
        assertEquals(List.of("a → b → a (cycle)"), told("a>>b", "b>a"));
        assertEquals(
                List.of("a → b → a (cycle, nobody is in a call)", "d → c → d (cycle)", "c → a"),
                told("a>b", "b>a", "d>c", "c>>d", "c>a"));
    }

    @Test
    void whatGoesFromOneCycleToAnotherAndBackIsACycleToo() {
        List<String> lines = told("a>b", "b>a", "c>d", "d>c", "a>c", "c>a");
        assertEquals(
                List.of(
                        "a → b → a (cycle, nobody is in a call)",
                        "c → d → c (cycle, nobody is in a call)",
                        "a → c → a (cycle, nobody is in a call)"),
                lines);
    }

    @Test
    void manyWaitsOfOnePairAreOneAndACallCountsMost() {
        assertEquals(List.of("a → b"), told("a>b", "a>b", "a>b"));
        told("a>b", "a>>b", "a>>b");
        WaitChain chain = WaitChain.of(waits).get(0);
        assertEquals(List.of(waits.get(1)), chain.waits());
        assertTrue(chain.isHeldUp());
        told("a>b", "a>b");
        assertEquals(List.of(waits.get(0)), WaitChain.of(waits).get(0).waits());
        assertFalse(WaitChain.of(waits).get(0).isHeldUp());
    }

    @Test
    void everyPairOfAnyGraphIsToldAndEverySessionInACircleStandsInACycle() {
        Random random = new Random(1);
        for (int round = 0; round < 300; round++) {
            List<Wait> graph = new ArrayList<>();
            int sessions = 2 + random.nextInt(6);
            for (int i = random.nextInt(14); i >= 0; i--) {
                String asker = "s" + random.nextInt(sessions);
                String asked = "s" + random.nextInt(sessions);
                if (!asker.equals(asked)) {
                    graph.add(wait(asker, asked, i, random.nextBoolean()));
                }
            }
            List<WaitChain> chains = WaitChain.of(graph);
            List<String> inLines = pairs(chains.stream().filter(chain -> !chain.isCycle()));
            Set<String> told = new HashSet<>(pairs(chains.stream().filter(WaitChain::isCycle)));
            assertTrue(inLines.stream().allMatch(told::add), "only cycles share what is in them");
            Set<String> pairs = new HashSet<>();
            graph.forEach(wait -> pairs.add(pair(wait)));
            assertEquals(pairs, told);
            Set<Who> inCycles = new HashSet<>();
            chains.stream().filter(WaitChain::isCycle).forEach(chain -> inCycles.addAll(chain.sessions()));
            for (Wait wait : graph) {
                boolean closes = reaches(wait.asked().id(), wait.asker(), graph);
                assertTrue(!closes || inCycles.contains(Who.here(wait.asker())), () -> wait + " in " + graph);
            }
        }
    }

    private static List<String> pairs(Stream<WaitChain> chains) {
        return chains.flatMap(chain -> chain.waits().stream())
                .map(WaitChainTest::pair)
                .toList();
    }

    private static String pair(Wait wait) {
        return wait.asker() + ">" + wait.asked().id();
    }

    private static boolean reaches(SessionId from, SessionId to, List<Wait> graph) {
        Set<SessionId> reached = new HashSet<>(Set.of(from));
        boolean isMore = true;
        while (isMore) {
            isMore = false;
            for (Wait wait : graph) {
                isMore |= reached.contains(wait.asker())
                        && reached.add(wait.asked().id());
            }
        }
        return reached.contains(to);
    }

    @Test
    void whatIsNoChainIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> new WaitChain(List.of()));
        Wait first = wait("a", "b", 0, false);
        Wait other = wait("c", "d", 1, false);
        assertThrows(IllegalArgumentException.class, () -> new WaitChain(List.of(first, other)));
    }
}
