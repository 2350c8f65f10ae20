package dev.parley.hub;

import dev.parley.address.MessageId;
import dev.parley.address.SessionId;
import dev.parley.ledger.MessageState;
import dev.parley.ledger.MessageStatus;
import dev.parley.ledger.MessageStatus.Elsewhere;
import dev.parley.ledger.MessageTracker;
import dev.parley.ledger.Work;
import dev.parley.ledger.WorkState;
import dev.parley.mailbox.Envelope;
import dev.parley.office.PostOffice;
import dev.parley.remote.Progress;
import dev.parley.remote.SentMail;
import dev.parley.remote.SentMail.Sent;
import java.io.IOException;
import java.util.Optional;

/** Follows messages within the machine, and those to others by what these have told. */
final class RemoteTracker implements MessageTracker {

    private final PostOffice local;
    private final SentMail sent;

    RemoteTracker(PostOffice local, SentMail sent) {
        this.local = local;
        this.sent = sent;
    }

    @Override
    public MessageStatus status(MessageId messageId, SessionId caller) throws IOException {
        MessageStatus here = local.tracker().status(messageId, caller);
        if (here.receiver().isPresent()) {
            return here;
        }
        Optional<Sent> elsewhere = sent.find(messageId);
        return elsewhere.isPresent() && isFrom(elsewhere.get().envelope(), caller) ? status(elsewhere.get()) : here;
    }

    private boolean isFrom(Envelope envelope, SessionId caller) throws IOException {
        return envelope.from().isPresent()
                && local.peers().current(envelope.from().get()).equals(caller);
    }

    private MessageStatus status(Sent sent) throws IOException {
        Optional<Progress> told = sent.progress();
        return new MessageStatus(
                // Of what that machine no longer keeps it has told how far it was, and this says no more than is known.
                told.map(Progress::state).orElse(MessageState.STORED),
                Optional.of(sent.envelope().to()),
                Optional.of(sent.envelope().sentAt()),
                told.flatMap(Progress::rung),
                told.flatMap(Progress::handed),
                told.flatMap(Progress::shown),
                told.flatMap(Progress::answered),
                Optional.of(new Elsewhere(
                        sent.host(),
                        sent.isStoredThere(),
                        sent.isStoredThere() ? Optional.empty() : told.flatMap(Progress::refused),
                        work(sent),
                        isCancelRequested(sent))));
    }

    private boolean isCancelRequested(Sent request) throws IOException {
        return work(request).filter(work -> !work.state().isTerminal()).isPresent()
                && sent.find(MessageId.canceling(request.envelope().id())).isPresent();
    }

    /** A request of which nothing was told yet is open. */
    private static Optional<Work> work(Sent sent) {
        Envelope request = sent.envelope();
        if (request.requestId().isEmpty()) {
            return Optional.empty();
        }
        return sent.progress()
                .flatMap(Progress::work)
                .map(work -> new Work(request, work.state(), work.revision(), work.since(), work.note(), work.needs()))
                .or(() -> Optional.of(
                        new Work(request, WorkState.OPEN, 0, request.sentAt(), Optional.empty(), Optional.empty())));
    }
}
