package dev.parley.hub;

import dev.parley.address.HostName;
import dev.parley.address.MessageId;
import dev.parley.address.SessionId;
import dev.parley.ledger.Delivery;
import dev.parley.ledger.OtherMachineException;
import dev.parley.mailbox.Envelope;
import dev.parley.peer.Peer;
import dev.parley.remote.Outbox;
import java.io.IOException;
import java.util.Optional;

/** Delivers within the machine, and puts what is for another one into the outbox. */
final class RemoteDelivery implements Delivery {

    private final Delivery local;
    private final Outbox outbox;
    private final TeamSource team;

    RemoteDelivery(Delivery local, Outbox outbox, TeamSource team) {
        this.local = local;
        this.outbox = outbox;
        this.team = team;
    }

    @Override
    public void send(Envelope envelope, Ring ring) throws IOException {
        local.send(envelope, ring);
    }

    /** What is for another machine is rung for there, as that machine does it. */
    @Override
    public void send(Envelope envelope, Peer receiver, Ring ring) throws IOException {
        Optional<HostName> host = receiver.host();
        if (host.isEmpty()) {
            local.send(envelope, receiver, ring);
            return;
        }
        if (team.now().flatMap(it -> it.token(receiver.project())).isEmpty()) {
            throw new OtherMachineException(
                    host.get(), "this project is not shared with the team; parley hub share, run in it, shares it");
        }
        try {
            outbox.put(host.get(), envelope);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted before it was stored; it was not sent", e);
        }
    }

    @Override
    public void ring(Peer receiver) {
        if (receiver.host().isEmpty()) {
            local.ring(receiver);
        }
    }

    @Override
    public boolean withdraw(SessionId receiver, MessageId messageId) throws IOException {
        return local.withdraw(receiver, messageId);
    }
}
