package dev.parley.tools;

import dev.parley.address.MessageId;
import dev.parley.address.RequestId;
import dev.parley.mailbox.Envelope;
import dev.parley.mailbox.Envelope.Origin;
import dev.parley.peer.Peer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a message refers to; all else in its envelope is stamped by the server.
 *
 * @param requestId set if its sender waits for an answer
 * @param replyTo the request it answers
 * @param sourceMessageId the message it refers to
 * @param hops how many replies led to it
 */
record Draft(
        Optional<RequestId> requestId, Optional<RequestId> replyTo, Optional<MessageId> sourceMessageId, int hops) {

    /** A message that somebody sends by himself. */
    static Draft message(@Nullable String replyTo, @Nullable String sourceMessageId) {
        return new Draft(
                Optional.empty(),
                Optional.ofNullable(replyTo).map(RequestId::new),
                Optional.ofNullable(sourceMessageId).map(MessageId::new),
                0);
    }

    /** A question, with a ticket of its own. */
    static Draft question() {
        return new Draft(Optional.of(RequestId.create()), Optional.empty(), Optional.empty(), 0);
    }

    /** The reply to a message. */
    static Draft replyTo(Envelope received) {
        return new Draft(Optional.empty(), received.requestId(), Optional.of(received.id()), received.hops() + 1);
    }

    /** The envelope, stamped with who sends it, when, and a new id. */
    Envelope addressed(Peer self, Peer target, String body, Instant now) {
        return new Envelope(
                MessageId.create(Optional.of(self.id())),
                now.truncatedTo(ChronoUnit.MILLIS),
                Origin.PEER,
                Optional.of(self.id()),
                self.name(),
                target.id(),
                requestId,
                replyTo,
                sourceMessageId,
                hops,
                body);
    }
}
