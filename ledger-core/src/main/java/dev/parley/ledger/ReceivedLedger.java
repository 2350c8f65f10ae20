package dev.parley.ledger;

import dev.parley.address.MessageId;
import dev.parley.mailbox.Envelope;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * The messages that were addressed to one session: the newest, and those it still owes an answer to.
 *
 * <p>A message is recorded before anybody can see it, so whoever holds its id can look it up. It is forgotten only when it has
 * been shown, is not among the newest, and is answered or asks nothing; a question also when its {@link Retention} is over, or
 * so many are owed that they are four times what is kept of the newest. Looking up costs the same at any size. Safe for use by
 * several threads and processes.
 */
public interface ReceivedLedger {

    /**
     * Records a message. On return the record survives a power cut. Recording the same id again changes nothing.
     *
     * @throws IOException if it could not be recorded, or not be made to survive a power cut
     */
    void record(Envelope envelope) throws IOException;

    /**
     * The message of this id; empty if there is none, or no longer.
     *
     * @throws dev.parley.trace.DamagedException if its record is damaged
     */
    Optional<Envelope> find(MessageId messageId) throws IOException;

    /**
     * Notes that a wake for this message was accepted by a rung, if none is noted. Survives the death of the process.
     *
     * @param rung {@code [a-z0-9-]{1,40}}
     * @throws IllegalArgumentException if that is no name of a rung
     */
    void markRung(MessageId messageId, String rung) throws IOException;

    /** Notes that the session has answered this message, if that is not noted. Survives the death of the process. */
    void markAnswered(MessageId messageId) throws IOException;

    /** When, and by which rung, a wake for this message was first accepted. */
    Optional<Rung> rung(MessageId messageId) throws IOException;

    /** When this message was first answered. */
    Optional<Instant> answeredAt(MessageId messageId) throws IOException;

    /** How many messages are recorded. */
    int size() throws IOException;

    /** A time after which nothing was recorded; the newest message may be much older. Changes nothing. */
    Instant latest() throws IOException;

    /**
     * What is recorded at this moment, for whoever looks through all of it: costs one look at the ledger, and then what is asked
     * of each message. Changes nothing.
     */
    Listing listing() throws IOException;

    /**
     * The messages that were recorded when it was made. What is forgotten meanwhile is found no longer, what moves to another
     * id is.
     */
    interface Listing {

        /** Their ids, in no order. */
        Set<MessageId> ids();

        /** When a message was recorded, which is not before it was sent by the same clock; empty if it is forgotten by now. */
        Optional<Instant> recordedAt(MessageId messageId) throws IOException;

        /** As {@link ReceivedLedger#find}. */
        Optional<Envelope> find(MessageId messageId) throws IOException;

        /** As {@link ReceivedLedger#rung}, if that was noted when the listing was made. */
        Optional<Rung> rung(MessageId messageId) throws IOException;

        /** As {@link ReceivedLedger#answeredAt}, if that was noted when the listing was made. */
        Optional<Instant> answeredAt(MessageId messageId) throws IOException;

        /** Whether its sender took it back, if that was noted when the listing was made. */
        boolean isWithdrawn(MessageId messageId);
    }

    /**
     * An accepted wake.
     *
     * @param at when
     * @param rung by which rung
     */
    record Rung(Instant at, String rung) {}
}
