package dev.parley.hub.nats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.hub.RoadException;
import dev.parley.hub.RoadException.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** How many round trips and questions it takes to read what a stream holds. */
final class ReadingTest {

    /** A message. */
    private record Held(long sequence, long bytes) {}

    /** What is there, by its sequence. */
    private final TreeMap<Long, Held> stream = new TreeMap<>();

    /** How many were asked at once, for each round trip. */
    private final List<Integer> rounds = new ArrayList<>();

    private int failsAt = -1;
    private final Reading<Held> reading = new Reading<>(this::answer, Held::sequence, Held::bytes);

    private List<Optional<Held>> answer(List<Long> sequences) throws RoadException {
        rounds.add(sequences.size());
        if (rounds.size() == failsAt) {
            throw new RoadException(Kind.UNREACHABLE, "slow");
        }
        return sequences.stream()
                .map(from -> Optional.ofNullable(stream.ceilingEntry(from)).map(Map.Entry::getValue))
                .toList();
    }

    private void holds(LongStream sequences, long bytes) {
        sequences.forEach(each -> stream.put(each, new Held(each, bytes)));
    }

    /** What is read between two sequences, in their order; each once. */
    private List<Long> read(long first, long last) throws RoadException {
        List<Long> read = new ArrayList<>();
        reading.read(first, last, held -> read.add(held.sequence()));
        List<Long> inOrder = read.stream().sorted().toList();
        assertEquals(
                List.copyOf(
                        stream.subMap(first, true, Math.max(first, last), true).keySet()),
                inOrder);
        return inOrder;
    }

    private int questions() {
        return rounds.stream().mapToInt(Integer::intValue).sum();
    }

    /** A thousand machines have said that they are there: one by one that would be as many round trips. */
    @Test
    void whatWasWrittenSinceIsReadInFewRoundTrips() throws Exception {
        holds(LongStream.range(5_000, 6_000), 120);
        var unused = read(5_000, 5_999);
        assertTrue(rounds.size() <= 20, rounds::toString);
        assertEquals(1_000, questions(), "and no question is in vain");
        assertTrue(rounds.stream().allMatch(round -> round <= Reading.MOST), rounds::toString);
    }

    /** The first look: the cards of months, and behind them the leases, which have been written again and again. */
    @Test
    void gapsAreLeftOut() throws Exception {
        holds(LongStream.range(0, 8_000).map(card -> card * 1_000), 400);
        holds(LongStream.range(50_000_000, 50_001_000), 120);
        var unused = read(1, 50_000_999);
        int least = stream.size() / Reading.MOST;
        assertTrue(rounds.size() < 2 * least, () -> rounds.size() + " round trips, and " + least + " are the least");
        assertTrue(questions() < 2 * stream.size(), () -> questions() + " questions");
    }

    @Test
    void eachMessageIsReadOnceWhereverItIs() throws Exception {
        SplittableRandom random = new SplittableRandom(7);
        for (int round = 0; round < 200; round++) {
            stream.clear();
            holds(random.longs(random.nextInt(0, 40), 1, 120), 1);
            long first = random.nextLong(1, 60);
            var unused = read(first, random.nextLong(first - 1, 130));
        }
    }

    /** They would not all be here within the limit of one question. */
    @Test
    void longMessagesAreReadAFewAtATime() throws Exception {
        holds(LongStream.range(1, 300), Reading.ENOUGH_BYTES / 4);
        var unused = read(1, 299);
        assertTrue(rounds.stream().skip(3).allMatch(round -> round <= 8), rounds::toString);
        assertTrue(rounds.stream().skip(3).anyMatch(round -> round > 1), rounds::toString);
    }

    @Test
    void whatWasNotAnsweredIsAskedAgainOneByOneAtFirst() throws Exception {
        holds(LongStream.range(1, 300), 120);
        failsAt = 4;
        assertThrows(RoadException.class, () -> reading.read(1, 299, held -> {}));
        rounds.clear();
        failsAt = -1;
        var unused = read(1, 299);
        assertEquals(List.of(1, 2, 4, 8), rounds.subList(0, 4));
    }
}
