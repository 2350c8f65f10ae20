package dev.parley.overview;

import dev.parley.mailbox.Envelope;
import java.time.Instant;
import java.util.Optional;

/**
 * What ties one message to others.
 *
 * @param requestId the request that it makes
 * @param replyTo the request that it answers
 * @param source the message that it refers to
 */
record Link(String id, Instant sentAt, Optional<String> requestId, Optional<String> replyTo, Optional<String> source) {

    static Link of(Envelope envelope) {
        return new Link(
                envelope.id(), envelope.sentAt(), envelope.requestId(), envelope.replyTo(), envelope.sourceMessageId());
    }
}
