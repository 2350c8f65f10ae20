package dev.parley.tools;

import dev.parley.address.HostName;
import dev.parley.address.MessageId;
import dev.parley.address.SessionId;
import dev.parley.ledger.MessageStatus;
import dev.parley.ledger.OpenWork.Outcome;
import dev.parley.ledger.WorkChange;
import dev.parley.ledger.WorkState;
import dev.parley.ledger.WorkState.Actor;
import dev.parley.mailbox.Envelope;
import dev.parley.mcp.ToolException;
import dev.parley.office.PostOffice;
import dev.parley.peer.Peer;
import dev.parley.tools.Desk.Visit;
import dev.parley.trace.Event;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An earlier message of this session, in whose place another is sent to the same peer. The other one is sent first, so that
 * nothing is lost if this process dies before the earlier one is taken back.
 *
 * @param predecessor the earlier message
 * @param host the machine that both are for; empty if that is this one
 */
record Supersession(Envelope predecessor, Optional<HostName> host) {

    /**
     * The message of an id that a tool was given; empty if it was given none. Nothing changes.
     *
     * @throws ToolException if it is no message of this session's to this peer
     */
    static Optional<Supersession> of(@Nullable String id, Peer target, Visit visit)
            throws ToolException, IOException, InterruptedException {
        if (id == null) {
            return Optional.empty();
        }
        MessageId messageId = new MessageId(id);
        PostOffice office = visit.session().office();
        Peer self = visit.session().current();
        Optional<Envelope> sent = target.host().isPresent()
                ? Afar.sentTo(target, messageId, office)
                : office.ledger(target.id()).find(messageId);
        if (sent.isPresent() && isFrom(self, sent.get(), office)) {
            return Optional.of(new Supersession(sent.get(), target.host()));
        }
        throw refusal(messageId, target, visit);
    }

    /** What the office tells on a session's account is not that session's. */
    private static boolean isFrom(Peer self, Envelope sent, PostOffice office) throws IOException {
        Optional<SessionId> from = sent.from().filter(id -> sent.origin() == Envelope.Origin.PEER);
        return from.isPresent() && office.peers().current(from.get()).equals(self.id());
    }

    /** What others sent to others is none of the caller's business, and cannot be told from what there is not. */
    private static ToolException refusal(MessageId messageId, Peer target, Visit visit)
            throws IOException, InterruptedException {
        PostOffice office = visit.session().office();
        Peer self = visit.session().current();
        MessageStatus status = office.tracker().status(messageId, self.id());
        Optional<HostName> host = status.elsewhere().map(MessageStatus.Elsewhere::host);
        Optional<SessionId> receiver = status.receiver()
                .filter(id -> host.isPresent() || !id.equals(self.id()))
                .filter(id -> !id.equals(target.id()) || !host.equals(target.host()));
        if (receiver.isEmpty()) {
            return new ToolException(
                    "message-not-found",
                    "nothing was sent: supersedes names " + messageId
                            + ", but this session has sent no such message, or it is no"
                            + " longer kept. Leave supersedes out to send all the same");
        }
        String name = host.isPresent()
                ? Afar.name(Afar.peer(host.get(), receiver.get(), self.project(), office))
                : Answers.name(receiver.get(), office);
        return new ToolException(
                "other-target",
                "nothing was sent: supersedes names " + messageId + ", which went to " + name
                        + "; a message takes the place only of an earlier one to the same target",
                Map.of("target_name", name, "target_session_id", receiver.get().value()));
    }

    /**
     * Takes the earlier message back if nobody has read it, and cancels it if it was a request. The other one has been sent, so
     * nothing of this fails: what cannot be told is traced.
     *
     * @return {@code withdrawn}, {@code read} if somebody was faster, or {@code unknown} if the store failed; {@code requested} if another
     *     machine does it when the other one comes there, which {@code message_status} tells then
     */
    String complete(Envelope successor, Visit visit) throws InterruptedException {
        if (host.isPresent()) {
            return "requested";
        }
        PostOffice office = visit.session().office();
        try {
            boolean isWithdrawn = office.delivery().withdraw(successor.to(), predecessor.id());
            if (predecessor.requestId().isPresent()) {
                cancel(successor, visit);
            }
            return isWithdrawn ? "withdrawn" : "read";
        } catch (IOException e) {
            office.trace()
                    .event(
                            Event.NOT_WITHDRAWN,
                            Map.of("message", predecessor.id().value(), "reason", e.toString()));
            return "unknown";
        }
    }

    private void cancel(Envelope successor, Visit visit) throws IOException, InterruptedException {
        WorkChange change = new WorkChange(
                Actor.REQUESTER, WorkState.CANCELED, Optional.of("superseded by " + successor.id()), Optional.empty());
        Optional<Outcome> outcome =
                visit.session().office().work(successor.to()).change(predecessor.id(), change);
        if (outcome.isPresent() && outcome.get().isChanged()) {
            Tickets.cancel(outcome.get().work(), visit);
        }
    }
}
