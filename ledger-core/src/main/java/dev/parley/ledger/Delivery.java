package dev.parley.ledger;

import dev.parley.ledger.ReceivedLedger.Entry;
import dev.parley.mailbox.Envelope;
import dev.parley.mailbox.Mailbox.Posting;
import dev.parley.mailbox.Mailboxes;
import dev.parley.store.Disk;
import dev.parley.store.SessionId;
import dev.parley.store.Store;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

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

    /**
     * What came of it.
     *
     * @param envelope what was stored
     * @param answerable whether the receiver can look the message up by its id; false if its ledger could not be written
     */
    public record Receipt(Envelope envelope, boolean answerable) {}

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
     * Sends a message. On return it survives a power cut and its receiver can see it.
     *
     * @throws dev.parley.mailbox.MailboxFullException if the receiver has too much unread mail; it was not sent
     * @throws IOException if it could not be stored; it was not sent, though a record of it that nobody was told of may
     *     remain in the receiver's ledger
     */
    public Receipt send(Envelope envelope, Ring ring) throws IOException {
        Preparing preparing = new Preparing(envelope);
        boolean answerable;
        SessionId receiver;
        try (preparing) {
            // Both are invisible, so neither has to wait for the other: their two forces cost little more than one.
            // A full mailbox or disk is found out while nothing is recorded.
            store.disk().together(preparing::mail, preparing::record);
            // In this order: pruning spares the record of a message that lies in tmp/ and is about to be seen.
            answerable = preparing.recorded();
            receiver = preparing.delivered();
        }
        if (ring == Ring.YES) {
            touchDoorbell(receiver);
        }
        return new Receipt(envelope, answerable);
    }

    /** A message and its record while nobody can see them. Its two halves may be prepared at the same time. */
    private final class Preparing implements AutoCloseable {

        private final Envelope envelope;
        private @Nullable Posting posting;
        private @Nullable Entry entry;

        Preparing(Envelope envelope) {
            this.envelope = envelope;
        }

        void mail() throws IOException {
            posting = mailboxes.of(envelope.to()).prepare(envelope);
        }

        /** A ledger that cannot be written must not stop the mail: the message goes out without a handle. */
        void record() {
            try {
                entry = ledgers.of(envelope.to()).prepare(envelope);
            } catch (IOException e) {
                unwritable(e);
            }
        }

        boolean recorded() {
            if (entry == null) {
                return false;
            }
            try {
                entry.record();
                return true;
            } catch (IOException e) {
                unwritable(e);
                return false;
            }
        }

        SessionId delivered() throws IOException {
            return Objects.requireNonNull(posting, "delivered before it was prepared")
                    .deliver();
        }

        private void unwritable(IOException e) {
            store.trace().event("ledger-unwritable", Map.of("message", envelope.id(), "reason", e.toString()));
        }

        @Override
        public void close() {
            if (entry != null) {
                entry.close();
            }
            if (posting != null) {
                posting.close();
            }
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
