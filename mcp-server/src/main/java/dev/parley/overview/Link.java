package dev.parley.overview;

import dev.parley.address.MessageId;
import dev.parley.address.RequestId;
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
record Link(
        MessageId id,
        Instant sentAt,
        Optional<RequestId> requestId,
        Optional<RequestId> replyTo,
        Optional<MessageId> source) {

    static Link of(Envelope envelope) {
        return new Link(
                envelope.id(), envelope.sentAt(), envelope.requestId(), envelope.replyTo(), envelope.sourceMessageId());
    }
}
