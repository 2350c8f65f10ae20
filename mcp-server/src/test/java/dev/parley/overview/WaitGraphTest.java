package dev.parley.overview;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.parley.address.MessageId;
import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.ledger.PendingAsk;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Who waits for whom in a circle, told by its way round. */
final class WaitGraphTest {

    private static final Instant BEGIN = Instant.parse("2026-03-04T05:06:07Z");

    /** A wait that is the later the higher its number. */
    static Wait wait(String asker, String asked, int number) {
        PendingAsk question = new PendingAsk(
                new RequestId(String.format(java.util.Locale.ROOT, "q-%016d", number)),
                new MessageId(String.format(java.util.Locale.ROOT, "m-%016d", number)),
                new SessionId(asked),
                BEGIN.plusSeconds(number));
        return new Wait(new SessionId(asker), Who.here(new SessionId(asked)), question, true);
    }

    private static Optional<WaitCycle> closedBy(Wait closing, Wait... others) {
        List<Wait> all = List.of(others);
        return WaitGraph.lookedUp(asker ->
                        all.stream().filter(wait -> wait.asker().equals(asker)).toList())
                .closedBy(closing);
    }

    private static List<String> paths(Wait... waits) {
        return WaitGraph.cycles(List.of(waits)).stream()
                .map(cycle -> cycle.path(SessionId::value))
                .toList();
    }

    @Test
    void aWaitClosesTheCircleOfThoseWhoWaitForItsAsker() {
        Wait closing = wait("cat", "ann", 3);
        Wait one = wait("ann", "ben", 1);
        Wait two = wait("ben", "cat", 2);
        WaitCycle cycle = closedBy(closing, one, two, wait("ann", "dan", 0), wait("dan", "eve", 4))
                .orElseThrow();
        assertEquals(List.of(closing, one, two), cycle.waits());
        assertEquals("cat → ann → ben → cat", cycle.path(SessionId::value));
        assertEquals("CAT → ANN → BEN → CAT", cycle.path(id -> id.value().toUpperCase(java.util.Locale.ROOT)));
        assertEquals(two, cycle.last(), "the question that cat answers first");
        assertEquals(
                List.of("cat", "ann", "ben"),
                cycle.sessions().stream().map(SessionId::value).toList());
    }

    @Test
    void aChainAndACircleOfOthersAreNone() {
        assertEquals(Optional.empty(), closedBy(wait("cat", "ann", 3)));
        assertEquals(Optional.empty(), closedBy(wait("cat", "ann", 3), wait("ann", "ben", 1), wait("cat", "ann", 2)));
        assertEquals(Optional.empty(), closedBy(wait("cat", "ann", 3), wait("ann", "ben", 1), wait("ben", "ann", 2)));
    }

    @Test
    void theShortestWayRoundIsTold() {
        WaitCycle cycle = closedBy(
                        wait("ann", "ben", 9),
                        wait("ben", "cat", 1),
                        wait("cat", "dan", 2),
                        wait("dan", "ann", 3),
                        wait("ben", "dan", 4))
                .orElseThrow();
        assertEquals("ann → ben → dan → ann", cycle.path(SessionId::value));
    }

    @Test
    void twoWhoWaitForEachOtherAreACircleHoweverOftenTheyAsk() {
        assertEquals(
                List.of("ben → ann → ben"),
                paths(wait("ann", "ben", 2), wait("ben", "ann", 1), wait("ben", "ann", 3), wait("ann", "ben", 4)));
    }

    @Test
    void everyCircleIsToldOnceAndTheOldestFirst() {
        assertEquals(
                List.of("dan → eve → dan", "ann → ben → cat → ann"),
                paths(
                        wait("cat", "ann", 7),
                        wait("ann", "ben", 5),
                        wait("ben", "cat", 6),
                        wait("eve", "dan", 2),
                        wait("dan", "eve", 1),
                        wait("fox", "ann", 0)));
        assertEquals(List.of(), paths());
    }

    @Test
    void aCircleBeginsWhereItIsWanted() {
        WaitCycle cycle = new WaitCycle(List.of(wait("ann", "ben", 5), wait("ben", "cat", 6), wait("cat", "ann", 4)));
        assertEquals("ben → cat → ann → ben", cycle.from(new SessionId("ben")).path(SessionId::value));
        assertEquals("cat → ann → ben → cat", cycle.fromTheOldest().path(SessionId::value));
        assertThrows(IllegalArgumentException.class, () -> cycle.from(new SessionId("dan")));
    }

    @Test
    void whatIsNoCircleCannotBeOne() {
        assertThrows(IllegalArgumentException.class, () -> new WaitCycle(List.of()));
        assertThrows(IllegalArgumentException.class, () -> new WaitCycle(List.of(wait("ann", "ben", 1))));
        assertThrows(
                IllegalArgumentException.class,
                () -> new WaitCycle(List.of(wait("ann", "ben", 1), wait("cat", "ann", 2))));
    }
}
