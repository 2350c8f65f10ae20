package dev.parley.ledger;

import dev.parley.address.HostName;
import dev.parley.address.SessionId;
import dev.parley.mailbox.Envelope;
import dev.parley.mailbox.Position;
import dev.parley.mailbox.Position.Place;
import java.io.IOException;
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
 * @param elsewhere what there is to say of a message to another machine; empty for one within this machine
 */
public record MessageStatus(
        MessageState state,
        Optional<SessionId> receiver,
        Optional<Instant> stored,
        Optional<ReceivedLedger.Rung> rung,
        Optional<Instant> handed,
        Optional<Instant> shown,
        Optional<Instant> answered,
        Optional<Elsewhere> elsewhere) {

    /**
     * A message to another machine.
     *
     * @param host which
     * @param isThere whether that machine has said that it has stored it; if not, it is on its way
     * @param refused why that machine does not take it in at present; it is sent again
     * @param work how far the work on it is there; only of a request
     * @param isCancelRequested whether its sender has asked that machine to cancel it, and that is not known to have ended it yet
     */
    public record Elsewhere(
            HostName host, boolean isThere, Optional<String> refused, Optional<Work> work, boolean isCancelRequested) {}

    /** A message within this machine. */
    public MessageStatus(
            MessageState state,
            Optional<SessionId> receiver,
            Optional<Instant> stored,
            Optional<ReceivedLedger.Rung> rung,
            Optional<Instant> handed,
            Optional<Instant> shown,
            Optional<Instant> answered) {
        this(state, receiver, stored, rung, handed, shown, answered, Optional.empty());
    }

    /** That nothing is known. */
    public static final MessageStatus UNKNOWN = new MessageStatus(
            MessageState.UNKNOWN,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    /** Whether nobody will ever come for what waits for a session. */
    public interface Absence {
        /** Asked only where it matters. */
        boolean isForGood() throws IOException;
    }

    /**
     * What follows from what a receiver's mailbox and ledger tell of a message.
     *
     * @param position where it is in the receiver's mailbox; empty if it has left that
     * @throws IOException if it waits and it cannot be told whether anybody will come for it
     */
    public static MessageStatus of(
            Envelope envelope,
            SessionId receiver,
            Optional<Position> position,
            Optional<ReceivedLedger.Rung> rung,
            Optional<Instant> answered,
            boolean isWithdrawn,
            Absence absence)
            throws IOException {
        return new MessageStatus(
                state(
                        position.map(Position::place)
                                .or(() -> isWithdrawn ? Optional.of(Place.WITHDRAWN) : Optional.empty()),
                        rung.isPresent(),
                        answered.isPresent(),
                        absence),
                Optional.of(receiver),
                Optional.of(envelope.sentAt()),
                rung,
                at(position, Place.HANDED),
                at(position, Place.SHOWN),
                answered);
    }

    private static MessageState state(Optional<Place> place, boolean isRung, boolean isAnswered, Absence absence)
            throws IOException {
        if (isAnswered) {
            return MessageState.ANSWERED;
        }
        // Shown mail is kept for a while only: that it was handed over stays true, also if its receiver has ended
        // since.
        return switch (place.orElse(Place.HANDED)) {
            case WITHDRAWN -> MessageState.WITHDRAWN;
            case SHOWN -> MessageState.SHOWN;
            case DAMAGED -> MessageState.UNKNOWN;
            case HANDED -> MessageState.HANDED;
            case WAITING -> absence.isForGood() ? MessageState.GONE : isRung ? MessageState.RUNG : MessageState.STORED;
        };
    }

    private static Optional<Instant> at(Optional<Position> position, Place place) {
        return position.filter(found -> found.place() == place).map(Position::since);
    }
}
