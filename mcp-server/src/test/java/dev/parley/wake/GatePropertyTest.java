package dev.parley.wake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.MessageId;
import dev.parley.address.RequestId;
import dev.parley.peer.Peer;
import dev.parley.peer.Presence;
import dev.parley.peer.Presence.Activity;
import dev.parley.peer.Presence.Life;
import dev.parley.wake.WakeLog.Entry;
import dev.parley.wake.Wish.Cause;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The gates, over arbitrary sequences of wishes for one target. */
final class GatePropertyTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Peer TARGET = Peers.codex("target");

    /** One wish, so long after the one before. */
    record Event(
            Duration after,
            String sender,
            Cause cause,
            Optional<String> replyTo,
            Activity activity,
            boolean outstanding) {}

    private record Fired(Instant at, Event event) {}

    @Provide
    Arbitrary<List<Event>> events() {
        Arbitrary<Duration> steps = Arbitraries.frequencyOf(
                net.jqwik.api.Tuple.of(6, Arbitraries.longs().between(0, 3_000).map(Duration::ofMillis)),
                net.jqwik.api.Tuple.of(3, Arbitraries.longs().between(3, 30).map(Duration::ofSeconds)),
                net.jqwik.api.Tuple.of(1, Arbitraries.longs().between(5, 70).map(Duration::ofMinutes)));
        Arbitrary<Event> event = Combinators.combine(
                        steps,
                        Arbitraries.of("a", "b"),
                        Arbitraries.of(Cause.class),
                        Arbitraries.of("q-0000000000000001", "q-0000000000000002", "q-0000000000000003")
                                .optional(0.3),
                        Arbitraries.of(
                                Activity.IDLE,
                                Activity.IDLE,
                                Activity.HELD,
                                Activity.BUSY,
                                Activity.ASKING,
                                Activity.UNKNOWN),
                        Arbitraries.frequencyOf(
                                net.jqwik.api.Tuple.of(9, Arbitraries.just(false)),
                                net.jqwik.api.Tuple.of(1, Arbitraries.just(true))))
                .as(Event::new);
        return event.list().ofMinSize(1).ofMaxSize(200);
    }

    @Property(tries = 400)
    void whatFiresKeepsEveryGate(@ForAll("events") List<Event> events) {
        List<Fired> fired = play(events);
        for (int i = 0; i < fired.size(); i++) {
            Fired now = fired.get(i);
            assertTrue(now.event().activity() != Activity.BUSY, "a busy peer was woken");
            assertTrue(now.event().activity() != Activity.ASKING, "a peer that asks its user was woken");
            assertTrue(!now.event().outstanding(), "a second text was put behind one that still waits");
            int pair = 0;
            for (Fired earlier : fired.subList(0, i)) {
                Duration apart = Duration.between(earlier.at(), now.at());
                assertTrue(apart.compareTo(Gate.DEBOUNCE) >= 0, "two wakes within the debounce");
                boolean sameAnswer = now.event().replyTo().isPresent()
                        && now.event().replyTo().equals(earlier.event().replyTo());
                assertTrue(!sameAnswer || apart.compareTo(Gate.DEDUPE) >= 0, "one answer woke its asker twice");
                if (earlier.event().sender().equals(now.event().sender()) && apart.compareTo(Gate.PAIR_TIME) < 0) {
                    pair++;
                }
            }
            assertTrue(pair < Gate.PAIR_WAKES, "a pair exceeded its budget");
        }
    }

    /** The gates are not simply shut: a wish that nothing stands against fires. */
    @Property(tries = 200)
    void aFirstWishForAnIdlePeerFires(@ForAll("events") List<Event> events) {
        Event first = events.get(0);
        boolean mayFire =
                first.activity() != Activity.BUSY && first.activity() != Activity.ASKING && !first.outstanding();
        assertEquals(mayFire ? 1 : 0, play(events.subList(0, 1)).size());
    }

    /** Time spent between two wishes only ever opens a gate, and the log's memory covers every gate. */
    @Property(tries = 200)
    void theLogSurvivesItsFile(@ForAll("events") List<Event> events) throws Exception {
        WakeLog log = WakeLog.empty();
        Instant now = START;
        for (Event event : events) {
            now = now.plus(event.after());
            log = log.plus(entry(event, now));
            assertTrue(log.entries().size() <= WakeLog.MOST);
            assertEquals(log, WakeLog.decode(log.encode()));
        }
        Entry last = log.entries().get(log.entries().size() - 1);
        assertEquals(log.entries().size() - 1, log.minus(last.nonce()).entries().size());
    }

    private static List<Fired> play(List<Event> events) {
        List<Fired> fired = new ArrayList<>();
        WakeLog log = WakeLog.empty();
        Instant now = START;
        for (Event event : events) {
            now = now.plus(event.after());
            Presence presence = new Presence(Life.LIVE, event.activity(), Optional.of(now));
            Wish wish = new Wish(
                    TARGET,
                    Peers.codex(event.sender()),
                    event.cause(),
                    MessageId.create(Optional.empty()),
                    event.replyTo().map(RequestId::new));
            if (Gate.refusal(wish, presence, log, event.outstanding(), now).isEmpty()) {
                log = log.plus(entry(event, now));
                fired.add(new Fired(now, event));
            }
        }
        return fired;
    }

    private static Entry entry(Event event, Instant at) {
        return new Entry(
                at,
                event.sender(),
                event.replyTo(),
                MessageId.create(Optional.empty()).value());
    }
}
