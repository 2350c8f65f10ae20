package dev.parley.ledger;

import dev.parley.address.MessageId;
import dev.parley.mailbox.Envelope;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;

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

    /**
     * An accepted wake.
     *
     * @param at when
     * @param rung by which rung
     */
    record Rung(Instant at, String rung) {}
}
