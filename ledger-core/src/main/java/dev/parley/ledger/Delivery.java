package dev.parley.ledger;

import dev.parley.mailbox.Envelope;
import dev.parley.mailbox.Mailbox.Posting;
import dev.parley.mailbox.Mailboxes;
import dev.parley.peer.Peer;
import dev.parley.store.Disk;
import dev.parley.store.SessionId;
import dev.parley.store.Store;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Sends a message in the one order in which nothing can be lost: first the record, then the mailbox, then the bell.
 *
 * <p>Safe for use by several threads.
 */
public final class Delivery {

    /** Whether the receiver's doorbell is touched. */
    public enum Ring {
        /** Touch it: a client that watches it comes for its mail. */
        YES,
        /** Leave it alone: the message waits until the receiver looks by itself. */
        NO
    }

    private final Store store;
    private final Mailboxes mailboxes;
    private final Ledgers ledgers;

    /** Delivery within one store. */
    public Delivery(Store store, Mailboxes mailboxes, Ledgers ledgers) {
        this.store = store;
        this.mailboxes = mailboxes;
        this.ledgers = ledgers;
    }

    /**
     * Sends a message. On return it survives a power cut, its receiver can see it, and can look it up by its id.
     *
     * @throws dev.parley.mailbox.MailboxFullException if the receiver has too much unread mail; it was not sent
     * @throws IOException if it could not be stored, or the receiver's ledger could not be written; it was not sent, though
     *     a record of it that nobody was told of may remain in the receiver's ledger
     */
    public void send(Envelope envelope, Ring ring) throws IOException {
        SessionId receiver;
        // A full mailbox or disk is found out here, while nothing is recorded.
        try (Posting posting = mailboxes.of(envelope.to()).prepare(envelope)) {
            // In this order: pruning spares the record of a message that lies in tmp/ and is about to be seen.
            record(posting);
            receiver = posting.deliver();
        }
        if (ring == Ring.YES) {
            touchDoorbell(receiver);
        }
    }

    /**
     * The same, and rings wherever the receiver listens: also where its client does, if that is elsewhere.
     *
     * @param receiver the session that the message is for
     */
    public void send(Envelope envelope, Peer receiver, Ring ring) throws IOException {
        send(envelope, ring);
        if (ring == Ring.YES) {
            ringOwn(receiver);
        }
    }

    /** Nobody is shown an id that cannot be answered. */
    private void record(Posting posting) throws UnrecordedException {
        Envelope envelope = posting.envelope();
        try {
            ledgers.of(envelope.to()).record(posting);
        } catch (IOException e) {
            store.trace().event("ledger-unwritable", Map.of("message", envelope.id(), "reason", e.toString()));
            throw new UnrecordedException(envelope.to(), e);
        }
    }

    /** Rings for mail that is there already, wherever the receiver listens. What fails is traced. */
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
            store.trace().event("doorbell-failed", Map.of("session", owner.value(), "reason", e.toString()));
        }
    }
}
