package dev.parley.office.memory;

import dev.parley.address.MessageId;
import dev.parley.address.SessionId;
import dev.parley.ledger.MessageState;
import dev.parley.ledger.MessageStatus;
import dev.parley.ledger.MessageTracker;
import dev.parley.mailbox.Envelope;
import dev.parley.mailbox.Position;
import dev.parley.mailbox.Position.Place;
import dev.parley.office.memory.MemorySession.Recorded;
import dev.parley.peer.Peer;
import dev.parley.peer.Presence.Life;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;

/** {@link MessageTracker} in memory. */
final class MemoryTracker implements MessageTracker {

    private final Memory memory;
    private final MemoryPostOffice office;

    MemoryTracker(Memory memory, MemoryPostOffice office) {
        this.memory = memory;
        this.office = office;
    }

    @Override
    public MessageStatus status(MessageId messageId, SessionId caller) throws IOException {
        synchronized (memory) {
            for (MemorySession session : memory.sessions()) {
                Recorded record = session.ledger.get(messageId);
                if (record != null) {
                    return isOurs(record.envelope, session.id, caller)
                            ? status(record, session.id)
                            : MessageStatus.UNKNOWN;
                }
            }
            return MessageStatus.UNKNOWN;
        }
    }

    private boolean isOurs(Envelope envelope, SessionId receiver, SessionId caller) {
        return receiver.equals(caller)
                || envelope.localSender()
                        .map(memory::current)
                        .filter(caller::equals)
                        .isPresent();
    }

    private MessageStatus status(Recorded record, SessionId receiver) throws IOException {
        Optional<Position> position = office.mailbox(receiver).locate(record.envelope.id());
        return new MessageStatus(
                state(record, position.map(Position::place), receiver),
                Optional.of(receiver),
                Optional.of(record.envelope.sentAt()),
                record.rung,
                at(position, Place.HANDED),
                at(position, Place.SHOWN),
                record.answered);
    }

    private static Optional<Instant> at(Optional<Position> position, Place place) {
        return position.filter(p -> p.place() == place).map(Position::since);
    }

    private MessageState state(Recorded record, Optional<Place> place, SessionId receiver) {
        if (record.answered.isPresent()) {
            return MessageState.ANSWERED;
        }
        if (record.isWithdrawn || place.equals(Optional.of(Place.WITHDRAWN))) {
            return MessageState.WITHDRAWN;
        }
        if (place.isEmpty() || place.get() == Place.HANDED) {
            // What was proven shown is kept for a while only; that it was handed over stays true.
            return MessageState.HANDED;
        }
        if (place.get() == Place.SHOWN) {
            return MessageState.SHOWN;
        }
        if (isGone(receiver)) {
            return MessageState.GONE;
        }
        return record.rung.isPresent() ? MessageState.RUNG : MessageState.STORED;
    }

    /** Whether nobody will ever come for what waits there. */
    private boolean isGone(SessionId receiver) {
        Optional<Peer> peer = office.peers().find(receiver);
        return peer.isEmpty()
                || (office.peers().presence(peer.get()).life() == Life.GONE
                        && peer.get().endsForGood());
    }
}
