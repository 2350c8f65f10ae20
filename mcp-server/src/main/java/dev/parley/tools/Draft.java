package dev.parley.tools;

import dev.parley.address.MessageId;
import dev.parley.address.RequestId;
import dev.parley.mailbox.Envelope;
import dev.parley.mailbox.Envelope.Origin;
import dev.parley.peer.Peer;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a message refers to; all else in its envelope is stamped by the server.
 *
 * @param requestId set if it is a request
 * @param replyTo the request it answers
 * @param sourceMessageId the message it refers to
 * @param hops how many replies led to it
 * @param within how long after it is sent an answer is due; only of a request
 * @param supersedes the earlier message in whose place it comes
 */
record Draft(
        Optional<RequestId> requestId,
        Optional<RequestId> replyTo,
        Optional<MessageId> sourceMessageId,
        int hops,
        Optional<Duration> within,
        Optional<MessageId> supersedes) {

    private static Draft of(Optional<RequestId> replyTo, Optional<MessageId> sourceMessageId, int hops) {
        return new Draft(Optional.empty(), replyTo, sourceMessageId, hops, Optional.empty(), Optional.empty());
    }

    /** A message that somebody sends by himself. */
    static Draft message(@Nullable String replyTo, @Nullable String sourceMessageId) {
        return of(
                Optional.ofNullable(replyTo).map(RequestId::new),
                Optional.ofNullable(sourceMessageId).map(MessageId::new),
                0);
    }

    /** The reply to a message. */
    static Draft replyTo(Envelope received) {
        return of(received.requestId(), Optional.of(received.id()), received.hops() + 1);
    }

    /** What is said of a request before it is answered: it refers to it, and no wait for the answer ends with it. */
    static Draft interimReplyTo(Envelope received) {
        return of(Optional.empty(), Optional.of(received.id()), received.hops() + 1);
    }

    /**
     * The same as a request, with a ticket of its own.
     *
     * @param dueMinutes in how many minutes the answer is due
     */
    Draft asRequest(@Nullable Integer dueMinutes) {
        return new Draft(
                Optional.of(RequestId.create()),
                replyTo,
                sourceMessageId,
                hops,
                Optional.ofNullable(dueMinutes).map(Duration::ofMinutes),
                supersedes);
    }

    /** The same in the place of an earlier message. */
    Draft inPlaceOf(Optional<Supersession> earlier) {
        return new Draft(
                requestId,
                replyTo,
                sourceMessageId,
                hops,
                within,
                earlier.map(Supersession::predecessor).map(Envelope::id));
    }

    /** The envelope, stamped with who sends it, when, and a new id. */
    Envelope addressed(Peer self, Peer target, String body, Instant now) {
        Instant sentAt = now.truncatedTo(ChronoUnit.MILLIS);
        return new Envelope(
                MessageId.create(Optional.of(self.id())),
                sentAt,
                Origin.PEER,
                Optional.of(self.id()),
                self.name(),
                target.id(),
                requestId,
                replyTo,
                sourceMessageId,
                hops,
                within.map(sentAt::plus),
                supersedes,
                body);
    }
}
