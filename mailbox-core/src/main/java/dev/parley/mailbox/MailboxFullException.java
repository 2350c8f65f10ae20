package dev.parley.mailbox;

import dev.parley.store.SessionId;
import java.io.IOException;

/** The receiver has too many unread messages. Nothing was stored; the reader is not affected. */
public final class MailboxFullException extends IOException {

    /** Says whose mailbox, and its bound. */
    public MailboxFullException(SessionId owner, int waiting) {
        super("the mailbox of " + owner + " is full: " + waiting + " unread messages, the limit is " + Mailbox.CAPACITY
                + "; nothing was stored");
    }
}
