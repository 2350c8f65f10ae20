package dev.parley.ledger;

import dev.parley.mailbox.Envelope;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;

/**
 * The messages that were addressed to one session: the newest, and those it still owes an answer to.
 *
 * <p>A message is recorded before anybody can see it, so whoever holds its id can look it up; a record goes only when the
 * message has been shown, is answered or asks nothing, and is not among the newest. Looking up costs the same at any size. Safe for
 * use by several threads and processes.
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
    Optional<Envelope> find(String messageId) throws IOException;

    /** Notes that a wake for this message was accepted by a rung. Survives the death of the process. */
    void markRung(String messageId, String rung) throws IOException;

    /** Notes that the session has answered this message. Survives the death of the process. */
    void markAnswered(String messageId) throws IOException;

    /** When, and by which rung, a wake for this message was first accepted. */
    Optional<Rung> rung(String messageId) throws IOException;

    /** When this message was first answered. */
    Optional<Instant> answeredAt(String messageId) throws IOException;

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
