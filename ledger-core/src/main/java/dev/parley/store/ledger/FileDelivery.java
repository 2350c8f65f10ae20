package dev.parley.store.ledger;

import dev.parley.address.MessageId;
import dev.parley.address.SessionId;
import dev.parley.ledger.Delivery;
import dev.parley.ledger.OtherMachineException;
import dev.parley.ledger.UnrecordedException;
import dev.parley.mailbox.Envelope;
import dev.parley.peer.Peer;
import dev.parley.store.Disk;
import dev.parley.store.Store;
import dev.parley.store.mailbox.Mailboxes;
import dev.parley.store.mailbox.PostedFile;
import dev.parley.trace.Event;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** {@link Delivery} within a file store. */
public final class FileDelivery implements Delivery {

    private final Store store;
    private final Mailboxes mailboxes;
    private final Ledgers ledgers;

    /** Delivery within one store. */
    public FileDelivery(Store store, Mailboxes mailboxes, Ledgers ledgers) {
        this.store = store;
        this.mailboxes = mailboxes;
        this.ledgers = ledgers;
    }

    @Override
    public void send(Envelope envelope, Ring ring) throws IOException {
        // A full mailbox or disk is found out here, while nothing is recorded.
        try (PostedFile posting = mailboxes.prepare(envelope)) {
            deliver(posting, ring);
        }
    }

    /** Sends a message that is written already: the record, then the mailbox, then the bell. */
    public void deliver(PostedFile posting, Ring ring) throws IOException {
        // In this order: pruning spares the record of a message that lies in tmp/ and is about to be seen.
        record(posting);
        SessionId receiver = posting.deliver();
        if (ring == Ring.YES) {
            touchDoorbell(receiver);
        }
    }

    /** Records a message that its sender took back on its way, and leaves it where it was written. Survives a power cut. */
    public void recordWithdrawn(PostedFile posting) throws IOException {
        ledgers.file(posting.envelope().to()).recordWithdrawn(posting);
    }

    @Override
    public void send(Envelope envelope, Peer receiver, Ring ring) throws IOException {
        if (receiver.host().isPresent()) {
            throw new OtherMachineException(
                    receiver.host().get(),
                    "this one belongs to no team now, or does without its hub (PARLEY_HUB); parley hub join makes it part of one");
        }
        send(envelope, ring);
        if (ring == Ring.YES) {
            ringOwn(receiver);
        }
    }

    /** Nobody is shown an id that cannot be answered. */
    private void record(PostedFile posting) throws UnrecordedException {
        Envelope envelope = posting.envelope();
        try {
            ledgers.file(envelope.to()).record(posting);
        } catch (IOException e) {
            store.trace()
                    .event(
                            Event.LEDGER_UNWRITABLE,
                            Map.of("message", envelope.id().value(), "reason", e.toString()));
            throw new UnrecordedException(envelope.to(), e);
        }
    }

    @Override
    public void ring(Peer receiver) {
        touchDoorbell(receiver.id());
        ringOwn(receiver);
    }

    /**
     * Rings where the client of a session listens whose address was pinned by hand: at the bell of the id that the client
     * knows. Does nothing if that is its address. What fails is traced: the message is stored.
     */
    private void ringOwn(Peer receiver) {
        Optional<SessionId> own = receiver.ownId().filter(id -> !id.equals(receiver.id()));
        if (own.isPresent()) {
            touchDoorbell(own.get());
        }
    }

    private void touchDoorbell(SessionId owner) {
        try {
            Path doorbell = store.doorbell(owner);
            try {
                store.disk().touch(doorbell);
            } catch (NoSuchFileException e) {
                store.disk().createFile(doorbell, new byte[0], Disk.Sync.UNFORCED);
            }
        } catch (FileAlreadyExistsException e) {
            // Somebody made it at the same moment, which rang it.
        } catch (IOException e) {
            store.trace().event(Event.DOORBELL_FAILED, Map.of("session", owner.value(), "reason", e.toString()));
        }
    }

    @Override
    public boolean withdraw(SessionId receiver, MessageId messageId) throws IOException {
        if (!mailboxes.of(receiver).withdraw(messageId)) {
            return false;
        }
        try {
            ledgers.file(receiver).markWithdrawn(messageId);
        } catch (IOException e) {
            // It is withdrawn, and found as that for a while.
            store.trace().event(Event.LEDGER_UNWRITABLE, Map.of("message", messageId.value(), "reason", e.toString()));
        }
        return true;
    }
}
