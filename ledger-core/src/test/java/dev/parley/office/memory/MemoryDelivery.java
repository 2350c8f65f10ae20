package dev.parley.office.memory;

import dev.parley.address.MessageId;
import dev.parley.address.SessionId;
import dev.parley.ledger.Delivery;
import dev.parley.ledger.OtherMachineException;
import dev.parley.ledger.UnrecordedException;
import dev.parley.mailbox.Envelope;
import dev.parley.mailbox.Mailbox;
import dev.parley.peer.Peer;
import java.io.IOException;
import java.util.Optional;

/** {@link Delivery} in memory. */
final class MemoryDelivery implements Delivery {

    private final Memory memory;
    private final MemoryPostOffice office;

    MemoryDelivery(Memory memory, MemoryPostOffice office) {
        this.memory = memory;
        this.office = office;
    }

    @Override
    public void send(Envelope envelope, Ring ring) throws IOException {
        SessionId receiver;
        try (Mailbox.Posting posting = office.mailbox(envelope.to()).prepare(envelope)) {
            record(envelope);
            receiver = posting.deliver();
        }
        if (ring == Ring.YES) {
            ring(receiver);
        }
    }

    private void record(Envelope envelope) throws UnrecordedException {
        try {
            office.ledger(envelope.to()).record(envelope);
        } catch (IOException e) {
            throw new UnrecordedException(envelope.to(), e);
        }
    }

    @Override
    public void send(Envelope envelope, Peer receiver, Ring ring) throws IOException {
        if (receiver.host().isPresent()) {
            throw new OtherMachineException(receiver.host().get(), "nothing leaves this one");
        }
        send(envelope, ring);
        if (ring == Ring.YES) {
            receiver.ownId().ifPresent(this::ring);
        }
    }

    @Override
    public void ring(Peer receiver) {
        ring(receiver.id());
        receiver.ownId().ifPresent(this::ring);
    }

    @Override
    public boolean withdraw(SessionId receiver, MessageId messageId) throws IOException {
        synchronized (memory) {
            boolean isWithdrawn = office.mailbox(receiver).withdraw(messageId);
            if (isWithdrawn) {
                Optional.ofNullable(memory.session(receiver).ledger.get(messageId))
                        .ifPresent(record -> record.isWithdrawn = true);
            }
            return isWithdrawn;
        }
    }

    private void ring(SessionId session) {
        synchronized (memory) {
            memory.find(session).ifPresent(rung -> rung.rungAt = memory.now());
        }
    }
}
