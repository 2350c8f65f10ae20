package dev.parley.ledger;

import dev.parley.address.MessageId;
import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A question that has been asked and not answered yet.
 *
 * @param requestId its ticket: an answer carries it
 * @param messageId the message that asked
 * @param to who was asked, and alone may answer
 * @param askedAt when
 * @param due when the asker wants the answer
 */
public record PendingAsk(
        RequestId requestId, MessageId messageId, SessionId to, Instant askedAt, Optional<Instant> due) {

    /** How long a ticket is good for, and how long it is good for after it was due. */
    public static final Duration LIFE = Duration.ofHours(24);

    /** A question that is due at no time. */
    public PendingAsk(RequestId requestId, MessageId messageId, SessionId to, Instant askedAt) {
        this(requestId, messageId, to, askedAt, Optional.empty());
    }

    /** The last moment at which the ticket is good: {@link #LIFE} after it was asked, or after it was due, if that is later. */
    public Instant runsOutAt() {
        return due.filter(askedAt::isBefore).orElse(askedAt).plus(LIFE);
    }

    /** Whether the ticket has run out. */
    public boolean isExpired(Instant now) {
        return runsOutAt().isBefore(now);
    }
}
