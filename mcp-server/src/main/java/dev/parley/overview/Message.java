package dev.parley.overview;

import dev.parley.address.MessageId;
import dev.parley.address.SessionId;
import dev.parley.ledger.MessageStatus;
import dev.parley.mailbox.Envelope;
import java.time.Instant;
import java.util.Optional;

/**
 * One message that is kept, and what is known of it.
 *
 * @param envelope what was sent; its text is a peer's, and not made safe to show
 * @param sender who sent it, under its present address; empty if no session did
 * @param senderName the sender's present name, or the one it had then, if it has none any more
 * @param receiver whose it is, under its present address
 * @param receiverName the receiver's present name
 * @param status how far it has come, and when
 */
public record Message(
        Envelope envelope,
        Optional<SessionId> sender,
        String senderName,
        SessionId receiver,
        String receiverName,
        MessageStatus status) {

    /** Its id. */
    public MessageId id() {
        return envelope.id();
    }

    /** When it was sent. */
    public Instant sentAt() {
        return envelope.sentAt();
    }

    /** Whether its sender wanted an answer. */
    public boolean isQuestion() {
        return envelope.requestId().isPresent();
    }

    /** What it refers to, for {@link Links}. */
    Link link() {
        return Link.of(envelope);
    }
}
