package dev.parley.office;

import dev.parley.address.HostName;
import dev.parley.address.MessageId;
import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.ledger.PendingAsk;
import dev.parley.ledger.PendingAsks;
import dev.parley.peer.WaitsFor;
import dev.parley.remote.Progress;
import dev.parley.remote.SentMail.Sent;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** For whom the sessions of a machine wait at this moment, wherever those are. Changes nothing. */
public final class PresentWaits {

    private final PostOffice office;

    /** Those of an office. */
    public PresentWaits(PostOffice office) {
        this.office = office;
    }

    /** Those of one session, the longest first. What is answered, or has ended otherwise, is waited for no more. */
    public List<WaitsFor> of(SessionId asker) throws IOException {
        PendingAsks asks = office.asks(asker);
        Set<RequestId> awaited = asks.awaited();
        List<WaitsFor> waits = new ArrayList<>();
        // Mostly a session waits for nothing, and then its questions need not be read.
        for (PendingAsk ask : awaited.isEmpty() ? List.<PendingAsk>of() : asks.all()) {
            if (awaited.contains(ask.requestId())) {
                of(ask).ifPresent(waits::add);
            }
        }
        return waits;
    }

    /** Whom a question is for, as long as it holds its asker up. */
    public Optional<WaitsFor> of(PendingAsk ask) throws IOException {
        Optional<Sent> sent = sent(ask.messageId());
        if (sent.isPresent()) {
            return sent.get().progress().filter(Progress::isSettled).isPresent()
                    ? Optional.empty()
                    : Optional.of(
                            new WaitsFor(Optional.of(sent.get().host()), ask.to(), ask.askedAt(), ask.messageId()));
        }
        SessionId asked = office.peers().current(ask.to());
        return isSettled(asked, ask.messageId())
                ? Optional.empty()
                : Optional.of(new WaitsFor(Optional.empty(), asked, ask.askedAt(), ask.messageId()));
    }

    /** The machine to which a message of this one has gone, or is on its way; empty if that is this one. */
    public Optional<HostName> host(MessageId message) throws IOException {
        return sent(message).map(Sent::host);
    }

    private Optional<Sent> sent(MessageId message) throws IOException {
        return office.remoteMail().isPresent()
                ? office.remoteMail().get().sent().find(message)
                : Optional.empty();
    }

    /** Whether a session of this machine has answered a question, or its work has ended otherwise. */
    public boolean isSettled(SessionId asked, MessageId question) throws IOException {
        return office.ledger(asked).answeredAt(question).isPresent()
                || office.work(asked)
                        .find(question)
                        .filter(work -> work.state().isTerminal())
                        .isPresent();
    }
}
