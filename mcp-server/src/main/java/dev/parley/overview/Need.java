package dev.parley.overview;

import dev.parley.peer.Presence.Activity;
import dev.parley.peer.RemotePeer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** How much a session needs somebody's attention, the most urgent first. */
public enum Need {
    /** Its client has asked its user something, and has stood still for longer than {@link #PATIENCE}. */
    USER,
    /** It owes another session what was due before now. */
    OVERDUE,
    /** It has asked another session, has no answer yet, and does nothing else that is known. */
    ANSWER,
    /** It is in a turn. */
    WORKING,
    /** It waits for its user's next prompt. */
    IDLE,
    /** Nobody tells what it does. */
    UNTOLD,
    /** It has ended. */
    GONE;

    /** A question that its user answers sooner than this needs nobody else to be told. */
    public static final Duration PATIENCE = Duration.ofSeconds(20);

    /** What a session on another machine needs, as far as that machine tells. */
    public static Need of(RemotePeer session, Instant at) {
        return of(new SessionOverview(session.peer(), session.presence()), List.of(), List.of(), at);
    }

    /**
     * What a session needs.
     *
     * @param waits for whom it waits
     * @param overdue what it owes and was due before
     * @param at when it was looked at
     */
    static Need of(SessionOverview session, List<Wait> waits, List<OwedWork> overdue, Instant at) {
        if (session.isGone()) {
            return GONE;
        }
        Activity activity = session.presence().activity();
        if (activity == Activity.ASKING && isLong(session.presence().since(), at)) {
            return USER;
        }
        if (!overdue.isEmpty()) {
            return OVERDUE;
        }
        boolean isWaiting = waits.stream().anyMatch(Wait::isAtThisMoment)
                || (!waits.isEmpty() && activity != Activity.BUSY && activity != Activity.ASKING);
        if (isWaiting) {
            return ANSWER;
        }
        return switch (activity) {
            case BUSY, ASKING -> WORKING;
            case IDLE, HELD -> IDLE;
            case ENDED -> GONE;
            case UNKNOWN -> UNTOLD;
        };
    }

    private static boolean isLong(Optional<Instant> since, Instant at) {
        return since.map(begun -> Duration.between(begun, at).compareTo(PATIENCE) > 0)
                .orElse(true);
    }
}
