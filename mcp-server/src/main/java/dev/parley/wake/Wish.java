package dev.parley.wake;

import dev.parley.peer.Peer;
import java.util.Optional;

/**
 * Whom to wake, and why.
 *
 * @param target who has new mail
 * @param sender who sent it
 * @param cause why it should be woken
 * @param replyTo the request the mail answers
 */
public record Wish(Peer target, Peer sender, Cause cause, Optional<String> replyTo) {

    /** Why somebody should be woken. */
    public enum Cause {
        /** The sender asked for it, or asked a question: lenient. */
        WANTED,
        /** A reply whose sender said nothing about waking: only if the requester has been idle for a short time. */
        REPLY,
        /** The answer to a question whose asker no longer waits: lenient, once. */
        LATE_ANSWER
    }
}
