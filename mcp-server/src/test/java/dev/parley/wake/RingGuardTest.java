package dev.parley.wake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.SessionId;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Two agents that answer each other for ever stop ringing, and their mail goes on. */
final class RingGuardTest {

    private static final SessionId TARGET = new SessionId("target");
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final RingGuard guard = new RingGuard();

    @Test
    void aLongChainOfRepliesRingsNoMore() {
        assertTrue(guard.admit(TARGET, RingGuard.MAX_HOPS, START));
        assertFalse(guard.admit(TARGET, RingGuard.MAX_HOPS + 1, START.plusSeconds(2)));
    }

    @Test
    void soManyRingsInTenMinutesAndNoMore() {
        int admitted = 0;
        for (int i = 0; i < 200; i++) {
            admitted += guard.admit(TARGET, 0, START.plusSeconds(2L * i)) ? 1 : 0;
        }
        assertEquals(Gate.PAIR_WAKES, admitted);
        assertTrue(guard.admit(TARGET, 0, START.plusSeconds(2000)), "ten minutes later it rings again");
    }

    @Test
    void aBurstIsOneRing() {
        for (int i = 0; i < 500; i++) {
            assertTrue(guard.admit(TARGET, 0, START.plusMillis(i)));
        }
        assertTrue(guard.admit(TARGET, 0, START.plusSeconds(5)));
    }

    @Test
    void aMessageToAGroupCountsOnceAndRingsOfOneTargetDoNotCount() {
        for (int i = 0; i < 100; i++) {
            guard.admit(TARGET, 0, START.plusSeconds(i));
        }
        int admitted = 0;
        for (int i = 0; i < 200; i++) {
            admitted += guard.admitToGroup(START.plusMillis(i)) ? 1 : 0;
        }
        assertEquals(RingGuard.MAX_TO_GROUPS, admitted);
        assertFalse(guard.admitToGroup(START.plusSeconds(600)));
        assertTrue(guard.admitToGroup(START.plusSeconds(601)), "ten minutes later it may again");
    }

    @Test
    void anotherTargetHasItsOwnBudget() {
        for (int i = 0; i < 100; i++) {
            guard.admit(TARGET, 0, START.plusSeconds(2L * i));
        }
        assertTrue(guard.admit(new SessionId("other"), 0, START.plusSeconds(201)));
    }
}
