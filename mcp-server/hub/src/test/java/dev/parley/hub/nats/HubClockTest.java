package dev.parley.hub.nats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.parley.hub.RoadException;
import dev.parley.hub.RoadException.Kind;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** The hub's clock, beside two of this machine's. */
final class HubClockTest {

    private static final Instant HUB = Instant.parse("2026-11-28T12:00:00Z");

    private long nanos = 5;
    private Instant here = Instant.parse("2026-01-01T00:00:00Z");
    private Instant hub = HUB;
    private int asked;

    private final HubClock clock = new HubClock(
            () -> {
                asked++;
                return hub;
            },
            () -> nanos,
            () -> here);

    private void pass(long millis) {
        nanos += millis * 1_000_000;
        sleep(millis);
    }

    /** The machine: the one clock stands still. */
    private void sleep(long millis) {
        here = here.plusMillis(millis);
        hub = hub.plusMillis(millis);
    }

    @Test
    void itIsAskedOnceAMinute() throws Exception {
        assertEquals(HUB, clock.now());
        pass(59_000);
        assertEquals(HUB.plusSeconds(59), clock.now());
        assertEquals(1, asked);
        hub = hub.plusMillis(70);
        pass(2000);
        assertEquals(HUB.plusMillis(61_070), clock.now());
        assertEquals(2, asked);
    }

    @Test
    void aMachineThatHasSleptAsksAgain() throws Exception {
        assertEquals(HUB, clock.now());
        sleep(3_600_000);
        assertEquals(HUB.plusSeconds(3600), clock.now());
        assertEquals(2, asked);
    }

    @Test
    void aClockThatWasSetHereChangesNothing() throws Exception {
        assertEquals(HUB, clock.now());
        here = here.minusSeconds(86_400);
        pass(1000);
        assertEquals(HUB.plusSeconds(1), clock.now());
    }

    @Test
    void whatCouldNotBeAskedIsNotGuessed() throws Exception {
        boolean[] fails = {false};
        HubClock failing = new HubClock(
                () -> {
                    if (fails[0]) {
                        throw new RoadException(Kind.UNREACHABLE, "gone");
                    }
                    return HUB;
                },
                () -> nanos,
                () -> here);
        assertEquals(HUB, failing.now());
        fails[0] = true;
        sleep(3_600_000);
        assertThrows(RoadException.class, failing::now);
        assertThrows(RoadException.class, failing::now);
        fails[0] = false;
        assertEquals(HUB, failing.now());
    }
}
