package dev.parley.ledger;

import dev.parley.address.MessageId;
import dev.parley.address.SessionId;
import dev.parley.mailbox.Envelope;
import dev.parley.peer.Peer;
import java.io.IOException;

/**
 * Sends messages, in the one order in which nothing can be lost: first the record, then the mailbox, then the bell.
 *
 * <p>Safe for use by several threads.
 */
public interface Delivery {

    /** After more replies in a row nobody's bell is rung: two agents that thank each other would never stop. */
    int MAX_HOPS_RUNG = 20;

    /** Whether the receiver's doorbell is rung. */
    enum Ring {
        /** Ring it: a client that watches it comes for its mail. */
        YES,
        /** Leave it alone: the message waits until the receiver looks by itself. */
        NO;

        /** For a message whose sender cannot say it: what goes to a group rings nobody, and replies without end ring no more. */
        public static Ring of(Envelope arrived) {
            return arrived.group().isPresent() || arrived.hops() > MAX_HOPS_RUNG ? NO : YES;
        }
    }

    /**
     * Sends a message. On return it survives a power cut, its receiver can see it, and can look it up by its id.
     *
     * @throws dev.parley.mailbox.MailboxFullException if the receiver has too much unread mail; it was not sent
     * @throws IOException if it could not be stored, or the receiver's ledger could not be written; it was not sent, though
     *     a record of it that nobody was told of may remain in the receiver's ledger
     */
    void send(Envelope envelope, Ring ring) throws IOException;

    /**
     * The same, and rings wherever the receiver listens: also where its client does, if that is elsewhere.
     *
     * @param receiver the session that the message is for
     * @throws OtherMachineException if that is on another machine, to which this office does not reach; it was not sent, whoever
     *     has that id on this one
     */
    void send(Envelope envelope, Peer receiver, Ring ring) throws IOException;

    /** Rings for mail that is there already, wherever the receiver listens. What fails is traced. */
    void ring(Peer receiver);

    /**
     * Takes back a message that waits and was never handed over ({@link dev.parley.mailbox.Mailbox#withdraw}), and notes that,
     * so that {@link MessageTracker} says so for as long as it is recorded. The caller knows that it may: it sent the message.
     *
     * @param receiver whose mailbox it is in
     * @return false if it does not wait, or may have been seen; nothing changed
     * @throws IOException if it could not be taken back, or not be made to survive a power cut
     */
    boolean withdraw(SessionId receiver, MessageId messageId) throws IOException;
}
