package dev.parley.ledger;

import dev.parley.address.SessionId;
import java.time.Instant;
import java.util.Optional;

/**
 * What is known of one message.
 *
 * @param state how far it has come
 * @param receiver whose it is now; empty if it is unknown
 * @param stored when it was stored
 * @param rung when a wake for it was accepted, and by which rung
 * @param handed when it was given to the receiver's client
 * @param shown when the receiver's client went on after that
 * @param answered when the receiver first answered it
 */
public record MessageStatus(
        MessageState state,
        Optional<SessionId> receiver,
        Optional<Instant> stored,
        Optional<ReceivedLedger.Rung> rung,
        Optional<Instant> handed,
        Optional<Instant> shown,
        Optional<Instant> answered) {

    public static final MessageStatus UNKNOWN = new MessageStatus(
            MessageState.UNKNOWN,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
}
