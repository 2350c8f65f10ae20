package dev.parley.store.ledger;

import dev.parley.address.MessageId;
import dev.parley.address.SessionId;
import dev.parley.ledger.MessageStatus;
import dev.parley.ledger.MessageTracker;
import dev.parley.ledger.ReceivedLedger;
import dev.parley.mailbox.Envelope;
import dev.parley.peer.Peer;
import dev.parley.peer.PeerDirectory;
import dev.parley.peer.Presence;
import dev.parley.store.CorruptFileException;
import dev.parley.store.Store;
import dev.parley.store.mailbox.Mailboxes;
import java.io.IOException;
import java.util.Optional;

/** {@link MessageTracker} within a file store. Costs one look-up per session of the store. */
public final class FileTracker implements MessageTracker {

    private final Store store;
    private final Mailboxes mailboxes;
    private final Ledgers ledgers;
    private final PeerDirectory peers;

    /** Follows the messages of one store. */
    public FileTracker(Store store, Mailboxes mailboxes, Ledgers ledgers, PeerDirectory peers) {
        this.store = store;
        this.mailboxes = mailboxes;
        this.ledgers = ledgers;
        this.peers = peers;
    }

    @Override
    public MessageStatus status(MessageId messageId, SessionId caller) throws IOException {
        Optional<IOException> unreadable = Optional.empty();
        for (String name : store.disk().list(store.sessions())) {
            if (!SessionId.isValid(name)
                    || !currentOrItself(new SessionId(name)).value().equals(name)) {
                continue;
            }
            SessionId receiver = new SessionId(name);
            try {
                Optional<Envelope> envelope = ledgers.of(receiver).find(messageId);
                if (envelope.isPresent()) {
                    return isOurs(envelope.get(), receiver, caller)
                            ? status(envelope.get(), receiver)
                            : MessageStatus.UNKNOWN;
                }
            } catch (CorruptFileException e) {
                // If this was its record, nothing of it can be told any more, not even whose it was.
            } catch (IOException e) {
                // Another session's damage must not hide a message that lies elsewhere.
                unreadable = Optional.of(e);
            }
        }
        if (unreadable.isPresent()) {
            throw unreadable.get();
        }
        return MessageStatus.UNKNOWN;
    }

    private boolean isOurs(Envelope envelope, SessionId receiver, SessionId caller) {
        return receiver.equals(caller)
                || envelope.localSender()
                        .map(this::currentOrItself)
                        .filter(caller::equals)
                        .isPresent();
    }

    private SessionId currentOrItself(SessionId id) {
        try {
            return store.currentOf(id);
        } catch (IOException e) {
            return id;
        }
    }

    private MessageStatus status(Envelope envelope, SessionId receiver) throws IOException {
        ReceivedLedger ledger = ledgers.of(receiver);
        return MessageStatus.of(
                envelope,
                receiver,
                mailboxes.of(receiver).locate(envelope.id()),
                ledger.rung(envelope.id()),
                ledger.answeredAt(envelope.id()),
                ledgers.file(receiver).isWithdrawn(envelope.id()),
                () -> isGone(receiver));
    }

    /** Whether nobody will ever come for what waits there. */
    private boolean isGone(SessionId receiver) throws IOException {
        Optional<Peer> peer = peers.find(receiver);
        return peer.isEmpty()
                || (peers.presence(peer.get()).life() == Presence.Life.GONE
                        && peer.get().endsForGood());
    }
}
