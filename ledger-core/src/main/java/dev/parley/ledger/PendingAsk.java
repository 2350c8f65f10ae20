package dev.parley.ledger;

import dev.parley.address.MessageId;
import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import java.time.Duration;
import java.time.Instant;

/**
 * A question that has been asked and not answered yet.
 *
 * @param requestId its ticket: an answer carries it
 * @param messageId the message that asked
 * @param to who was asked, and alone may answer
 * @param askedAt when
 */
public record PendingAsk(RequestId requestId, MessageId messageId, SessionId to, Instant askedAt) {

    /** How long a ticket is good for. */
    public static final Duration LIFE = Duration.ofHours(24);

    /** Whether the ticket has run out. */
    public boolean isExpired(Instant now) {
        return askedAt.plus(LIFE).isBefore(now);
    }
}
