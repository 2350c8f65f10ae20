package dev.parley.ledger;

import dev.parley.address.MessageId;
import dev.parley.address.SessionId;
import java.io.IOException;

/**
 * Follows a message that the caller sent or received. A sender keeps no copy: the receiver's ledger is the only record.
 *
 * <p>Safe for use by several threads.
 */
public interface MessageTracker {

    /**
     * What is known of a message; {@link MessageState#UNKNOWN} if it is neither from nor to the caller, or damaged.
     *
     * @throws IOException if it was not found and a ledger in which it may be cannot be read
     */
    MessageStatus status(MessageId messageId, SessionId caller) throws IOException;
}
