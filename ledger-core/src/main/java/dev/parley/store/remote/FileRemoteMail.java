package dev.parley.store.remote;

import dev.parley.remote.Followed;
import dev.parley.remote.Intake;
import dev.parley.remote.Outbox;
import dev.parley.remote.RefusedMail;
import dev.parley.remote.RemoteCards;
import dev.parley.remote.RemoteMail;
import dev.parley.remote.SentMail;
import dev.parley.store.Store;
import dev.parley.store.ledger.Ledgers;
import dev.parley.store.lock.Locks;
import dev.parley.store.mailbox.Mailboxes;

/** {@link RemoteMail} in the file store. */
public final class FileRemoteMail implements RemoteMail {

    private final FileOutbox outbox;
    private final FileIntake intake;
    private final FileSentMail sent;
    private final FileFollowed followed;
    private final FileRefusedMail refused;
    private final FileRemoteCards cards;

    /** That of a store. */
    public FileRemoteMail(Store store, Locks locks, Mailboxes mailboxes, Ledgers ledgers) {
        this.outbox = new FileOutbox(store, locks);
        this.intake = new FileIntake(store, locks, mailboxes, ledgers);
        this.sent = new FileSentMail(store, outbox);
        this.followed = new FileFollowed(store);
        this.refused = new FileRefusedMail(store);
        this.cards = new FileRemoteCards(store);
    }

    @Override
    public Outbox outbox() {
        return outbox;
    }

    @Override
    public Intake intake() {
        return intake;
    }

    @Override
    public SentMail sent() {
        return sent;
    }

    @Override
    public Followed followed() {
        return followed;
    }

    @Override
    public RefusedMail refused() {
        return refused;
    }

    @Override
    public RemoteCards cards() {
        return cards;
    }
}
