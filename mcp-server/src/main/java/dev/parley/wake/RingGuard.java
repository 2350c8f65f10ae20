package dev.parley.wake;

import dev.parley.address.SessionId;
import dev.parley.ledger.Delivery;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * Keeps two agents from waking each other for ever: after so many rings of one target in ten minutes, or so many replies in
 * a row, mail is stored without ringing.
 *
 * <p>Rings within one second are one, as they are for the client that watches the bell. Counted by the sending process,
 * so that a plain send needs no shared file; what climbs the ladder is counted across processes by {@link Gate}.
 */
public final class RingGuard {

    /** The longest chain of replies that still rings. */
    public static final int MAX_HOPS = Delivery.MAX_HOPS_RUNG;

    /** So many messages to groups within {@link Gate#PAIR_TIME}, however many sessions each of them reaches. */
    public static final int MAX_TO_GROUPS = Gate.PAIR_WAKES;

    private static final Duration BURST = Duration.ofSeconds(1);
    private static final int MAX_TARGETS = 1024;

    private final Map<SessionId, Deque<Instant>> rings = new HashMap<>();
    private final Deque<Instant> toGroups = new ArrayDeque<>();

    /** Whether a ring is allowed now; if so, it is counted. */
    public synchronized boolean admit(SessionId target, int hops, Instant now) {
        if (hops > MAX_HOPS) {
            return false;
        }
        if (rings.size() > MAX_TARGETS) {
            rings.clear();
        }
        Deque<Instant> past = rings.computeIfAbsent(target, id -> new ArrayDeque<>());
        forgetOld(past, now);
        Instant last = past.peekLast();
        if (last != null && Duration.between(last, now).abs().compareTo(BURST) < 0) {
            return true;
        }
        if (past.size() >= Gate.PAIR_WAKES) {
            return false;
        }
        past.addLast(now);
        return true;
    }

    /**
     * Whether a message to a group is allowed now; if so, it is counted, once. It rings nobody, but each of its receivers pays
     * for it with its context.
     */
    public synchronized boolean admitToGroup(Instant now) {
        forgetOld(toGroups, now);
        if (toGroups.size() >= MAX_TO_GROUPS) {
            return false;
        }
        toGroups.addLast(now);
        return true;
    }

    private static void forgetOld(Deque<Instant> past, Instant now) {
        past.removeIf(at -> Duration.between(at, now).abs().compareTo(Gate.PAIR_TIME) > 0);
    }
}
