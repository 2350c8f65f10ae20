package dev.parley.store.remote;

import dev.parley.address.MessageId;
import dev.parley.address.SessionId;
import dev.parley.ledger.OpenWork.Outcome;
import dev.parley.ledger.WorkChange;
import dev.parley.ledger.WorkState;
import dev.parley.ledger.WorkState.Actor;
import dev.parley.mailbox.Cancellation;
import dev.parley.mailbox.Envelope;
import dev.parley.mailbox.Position;
import dev.parley.store.Store;
import dev.parley.store.ledger.FileDelivery;
import dev.parley.store.ledger.Ledgers;
import dev.parley.store.mailbox.Mailboxes;
import dev.parley.trace.DamagedException;
import dev.parley.trace.Event;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/**
 * What a message from another machine does to an earlier one from there, before it is seen itself: a request is canceled, and what
 * nobody has been given is withdrawn. To do it again changes nothing.
 */
final class TakingBack {

    private final Store store;
    private final Mailboxes mailboxes;
    private final Ledgers ledgers;
    private final FileDelivery delivery;

    TakingBack(Store store, Mailboxes mailboxes, Ledgers ledgers, FileDelivery delivery) {
        this.store = store;
        this.mailboxes = mailboxes;
        this.ledgers = ledgers;
        this.delivery = delivery;
    }

    /**
     * Does it.
     *
     * @return whether the message itself is to be seen: a cancellation is not, if its receiver has never seen the request, or has ended
     *     it before
     */
    boolean run(Envelope arrived) throws IOException, InterruptedException {
        Optional<MessageId> earlier = arrived.takesBack();
        if (earlier.isEmpty()) {
            return true;
        }
        try {
            Optional<Envelope> taken = earlier(arrived, earlier.get());
            return taken.isPresent()
                    ? run(arrived, taken.get())
                    : arrived.cancels().isEmpty();
        } catch (DamagedException e) {
            // What is damaged stays as it is, and holds up no mail.
            store.trace()
                    .event(Event.NOT_WITHDRAWN, Map.of("message", earlier.get().value(), "reason", e.toString()));
            return true;
        }
    }

    /** One of the same machine: its own sessions may be called otherwise by now, others' messages are none of its business. */
    private Optional<Envelope> earlier(Envelope arrived, MessageId earlier) throws IOException {
        return ledgers.of(arrived.to())
                .find(earlier)
                .filter(it -> it.host().isPresent()
                        && it.host().equals(arrived.host())
                        && it.origin() == Envelope.Origin.PEER);
    }

    private boolean run(Envelope arrived, Envelope earlier) throws IOException, InterruptedException {
        Optional<String> note = arrived.cancels().isPresent()
                ? arrived.cancels().flatMap(Cancellation::note)
                : Optional.of("superseded by " + arrived.id());
        WorkChange change = new WorkChange(Actor.REQUESTER, WorkState.CANCELED, note, Optional.empty());
        Optional<Outcome> outcome = ledgers.work(arrived.to()).change(earlier.id(), change);
        boolean isWithdrawn = delivery.withdraw(arrived.to(), earlier.id()) || isWithdrawn(arrived.to(), earlier.id());
        return arrived.cancels().isEmpty()
                || (!isWithdrawn
                        && outcome.filter(it -> it.work().state() == WorkState.CANCELED)
                                .isPresent());
    }

    /** Also if a process did it that died then. */
    private boolean isWithdrawn(SessionId receiver, MessageId message) throws IOException {
        return ledgers.of(receiver).listing().isWithdrawn(message)
                || mailboxes
                        .of(receiver)
                        .locate(message)
                        .filter(position -> position.place() == Position.Place.WITHDRAWN)
                        .isPresent();
    }
}
