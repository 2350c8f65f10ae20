package dev.parley.ledger;

import java.util.Locale;
import java.util.Optional;

/**
 * How far the work on a request is.
 *
 * <p>A terminal state is final. Before that the owner, who received the request, may say that it works, is blocked, has
 * completed, failed or declined; the requester may cancel; and time alone lets a request expire, if it had a due time.
 */
public enum WorkState {
    /** It was sent, and its owner has said nothing yet. */
    OPEN,
    /** Its owner works on it. */
    WORKING,
    /** Its owner cannot go on without something that another has. */
    BLOCKED,
    /** Its owner has answered, or has done it without an answer. Terminal. */
    COMPLETED,
    /** Its owner tried and could not. Terminal. */
    FAILED,
    /** Its owner will not do it. Terminal. */
    DECLINED,
    /** Its requester no longer wants it. Terminal. */
    CANCELED,
    /** Nothing came of it for {@link PendingAsk#LIFE} after it was due. Terminal. */
    EXPIRED;

    /** Who changes the state of a request. */
    public enum Actor {
        /** The session that received it. */
        OWNER,
        /** The session that sent it. */
        REQUESTER,
        /** The time. */
        TIME
    }

    /** Whether nothing follows it. */
    public boolean isTerminal() {
        return switch (this) {
            case OPEN, WORKING, BLOCKED -> false;
            case COMPLETED, FAILED, DECLINED, CANCELED, EXPIRED -> true;
        };
    }

    /** Who alone may bring a request into this state; empty for {@link #OPEN}, in which it begins. */
    public Optional<Actor> mover() {
        return switch (this) {
            case OPEN -> Optional.empty();
            case WORKING, BLOCKED, COMPLETED, FAILED, DECLINED -> Optional.of(Actor.OWNER);
            case CANCELED -> Optional.of(Actor.REQUESTER);
            case EXPIRED -> Optional.of(Actor.TIME);
        };
    }

    /** Whether a request in this state may be brought into the next by this actor. */
    public boolean allows(WorkState next, Actor actor) {
        return !isTerminal() && next.mover().filter(actor::equals).isPresent();
    }

    /** Its name in results, files and commands. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The state of a name; empty if there is none. */
    public static Optional<WorkState> of(String word) {
        for (WorkState state : values()) {
            if (state.word().equals(word)) {
                return Optional.of(state);
            }
        }
        return Optional.empty();
    }
}
