package dev.parley.mailbox;

import dev.parley.address.SessionId;
import java.io.IOException;

/** The receiver has too many unread messages, or too many of this sender. Nothing was stored; the reader is not affected. */
public final class MailboxFullException extends IOException {

    private static final long serialVersionUID = 1L;

    private MailboxFullException(String message) {
        super(message);
    }

    /** From all senders together. */
    public static MailboxFullException ofAll(SessionId owner, int waiting) {
        return new MailboxFullException("the mailbox of " + owner + " is full: " + waiting
                + " unread messages, the limit is " + Mailbox.CAPACITY + "; nothing was stored");
    }

    /** From one sender: nobody else is affected. */
    public static MailboxFullException ofSender(SessionId owner, int waiting) {
        return new MailboxFullException("too much mail of yours waits for " + owner + ": " + waiting
                + " unread messages, the limit for one sender is " + Mailbox.CAPACITY_OF_ONE
                + "; nothing was stored, others can still write to it");
    }
}
