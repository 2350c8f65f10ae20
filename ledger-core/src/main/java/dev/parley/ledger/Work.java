package dev.parley.ledger;

import dev.parley.mailbox.Cancellation;
import dev.parley.mailbox.Envelope;
import java.time.Instant;
import java.util.Optional;

/**
 * A request and how far the work on it is.
 *
 * @param request the message that asked; its {@link Envelope#requestId} is there
 * @param state how far it is
 * @param revision how many changes led to it; 0 for a request of which its owner has said nothing
 * @param since when the last change was made; for an open one, when it was sent
 * @param note what whoever made the last change said of it
 * @param needs whom or what a blocked one needs
 */
public record Work(
        Envelope request, WorkState state, int revision, Instant since, Optional<String> note, Optional<String> needs) {

    /** The longest note or need, in characters. */
    public static final int MAX_NOTE = Cancellation.MAX_NOTE;

    /** When it expires if it is not finished by then: {@link PendingAsk#LIFE} after it was due. Never without a due time. */
    public Optional<Instant> expiresAt() {
        return request.due().map(due -> due.plus(PendingAsk.LIFE));
    }

    /** Whether a change may be made now: its state allows it, and what is to expire has had its time. */
    public boolean allows(WorkChange change, Instant now) {
        return state.allows(change.next(), change.actor())
                && (change.next() != WorkState.EXPIRED
                        || expiresAt().filter(end -> !end.isAfter(now)).isPresent());
    }

    /** Whether it was due before this moment and is not finished. */
    public boolean isOverdue(Instant now) {
        return !state.isTerminal()
                && request.due().filter(due -> !due.isAfter(now)).isPresent();
    }
}
