package dev.parley.wake;

import dev.parley.address.MessageId;
import dev.parley.address.RequestId;
import dev.parley.mailbox.Envelope;
import dev.parley.peer.Peer;
import java.util.Optional;

/**
 * Whom to wake, and why.
 *
 * @param target who has new mail
 * @param sender who sent it
 * @param cause why it should be woken
 * @param messageId the message that is waiting for it
 * @param replyTo the request the mail answers
 */
public record Wish(Peer target, Peer sender, Cause cause, MessageId messageId, Optional<RequestId> replyTo) {

    /** The wish to wake somebody for a message that has been stored. */
    public static Wish about(Envelope message, Peer target, Peer sender, Cause cause) {
        return new Wish(target, sender, cause, message.id(), message.replyTo());
    }

    /** Why somebody should be woken. */
    public enum Cause {
        /** The sender said nothing about waking: only what the client itself offers, nothing is typed. */
        UNSAID,
        /** The sender asked for it, or asked a question: the whole ladder. */
        WANTED,
        /** The answer to a question whose asker no longer waits: the whole ladder, once. */
        LATE_ANSWER
    }
}
