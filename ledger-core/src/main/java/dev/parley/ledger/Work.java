package dev.parley.ledger;

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
        Envelope request,
        WorkState state,
        int revision,
        Instant since,
        Optional<String> note,
        Optional<String> needs) {

    /** The longest note or need, in characters. */
    public static final int MAX_NOTE = 500;

    /** Whether it was due before this moment and is not finished. */
    public boolean isOverdue(Instant now) {
        return !state.isTerminal() && request.due().filter(due -> !due.isAfter(now)).isPresent();
    }
}
