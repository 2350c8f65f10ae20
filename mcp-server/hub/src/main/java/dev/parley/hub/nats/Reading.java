package dev.parley.hub.nats;

import dev.parley.hub.RoadException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;

/**
 * Reads what a stream holds between two sequences, by questions for the next message at or behind one. Many are asked at once, so that
 * a round trip is paid for all of them and not for each; where nothing is known yet they are spread, since what was written over
 * again and again has left gaps. Belongs to one thread.
 *
 * @param <T> a message
 */
final class Reading<T> {

    /** So many questions at once at the most. */
    static final int MOST = 64;

    /** So many at first: what a hub and its line bear shows with the answers. */
    static final int FIRST = 8;

    /** Answers of so many bytes together are enough at once: they are to be here within the limit of one question. */
    static final int ENOUGH_BYTES = 256 * 1024;

    private final Source<T> source;
    private final ToLongFunction<T> sequence;
    private final ToLongFunction<T> bytes;
    private int width = FIRST;

    /** A stream. */
    interface Source<T> {

        /** For each of these sequences the first message that is at it or behind it; empty if there is none. One round trip. */
        List<Optional<T>> atOrBehind(List<Long> sequences) throws RoadException;
    }

    /** Between these all is unknown, both included. */
    private record Gap(long first, long last) {}

    Reading(Source<T> source, ToLongFunction<T> sequence, ToLongFunction<T> bytes) {
        this.source = source;
        this.sequence = sequence;
        this.bytes = bytes;
    }

    /**
     * Gives each message between two sequences, both included, to somebody, once, and in no order. What is written meanwhile stands behind
     * them.
     *
     * @throws RoadException if the hub did not answer; some have been given by then, and the next try asks less at once
     */
    void read(long first, long last, Consumer<T> taker) throws RoadException {
        List<Gap> gaps = first <= last ? List.of(new Gap(first, last)) : List.of();
        while (!gaps.isEmpty()) {
            List<Gap> parts = parts(gaps);
            List<Gap> asked = parts.subList(0, Math.min(width, parts.size()));
            List<Gap> left = new ArrayList<>();
            List<Optional<T>> answers = answers(asked);
            for (int i = 0; i < asked.size(); i++) {
                Gap gap = asked.get(i);
                // One behind the part belongs to another part, or was written since.
                answers.get(i)
                        .filter(message -> sequence.applyAsLong(message) <= gap.last())
                        .ifPresent(message -> {
                            taker.accept(message);
                            if (sequence.applyAsLong(message) < gap.last()) {
                                left.add(new Gap(sequence.applyAsLong(message) + 1, gap.last()));
                            }
                        });
            }
            left.addAll(parts.subList(asked.size(), parts.size()));
            gaps = left;
        }
    }

    private List<Optional<T>> answers(List<Gap> asked) throws RoadException {
        int tried = width;
        width = 1;
        List<Optional<T>> answers =
                source.atOrBehind(asked.stream().map(Gap::first).toList());
        long all = answers.stream().flatMap(Optional::stream).mapToLong(bytes).sum();
        width = all > ENOUGH_BYTES ? Math.max(1, tried / 2) : Math.min(MOST, tried * 2);
        return answers;
    }

    /** The same gaps, in about as many parts as are asked at once. */
    private List<Gap> parts(List<Gap> gaps) {
        long all = gaps.stream().mapToLong(gap -> gap.last() - gap.first() + 1).sum();
        long length = (all + width - 1) / width;
        List<Gap> parts = new ArrayList<>();
        for (Gap gap : gaps) {
            for (long at = gap.first(); at <= gap.last(); at += length) {
                parts.add(new Gap(at, Math.min(gap.last(), at + length - 1)));
            }
        }
        return parts;
    }
}
