package dev.parley.work;

import dev.parley.address.SessionId;
import dev.parley.ledger.MessageStatus.Elsewhere;
import dev.parley.ledger.PendingAsk;
import dev.parley.ledger.PendingAsks;
import dev.parley.ledger.PendingAsks.Edge;
import dev.parley.ledger.Work;
import dev.parley.ledger.WorkState;
import dev.parley.mailbox.Envelope;
import dev.parley.office.PostOffice;
import dev.parley.peer.Peer;
import dev.parley.peer.RemotePeer;
import dev.parley.work.Notices.Effect;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Looks at the questions of a session that went to other machines. Those decide how far the work is; what of it nobody there tells
 * the asker, because it only follows from the time or from a cancellation, is told here.
 */
final class RemoteQuestions {

    /** So long the other machine has for telling that a request has expired there, before it counts as run out here. */
    static final Duration GRACE = Duration.ofMinutes(5);

    private static final Duration JUST_AFTER = Duration.ofMillis(1);

    private final PostOffice office;
    private final Notices notices;

    RemoteQuestions(PostOffice office, Notices notices) {
        this.office = office;
        this.notices = notices;
    }

    /** What is known of a question on another machine; empty if it is for this one. */
    Optional<Elsewhere> of(PendingAsk ask, SessionId self) throws IOException, InterruptedException {
        boolean isSentAway = office.remoteMail().isPresent()
                && office.remoteMail().get().sent().find(ask.messageId()).isPresent();
        return isSentAway ? office.tracker().status(ask.messageId(), self).elsewhere() : Optional.empty();
    }

    /** Looks at one; nothing lies ahead of what has ended. */
    Ahead look(SessionId self, PendingAsk ask, Elsewhere there) throws IOException, InterruptedException {
        PendingAsks asks = office.asks(self);
        Instant now = office.clock().instant();
        Optional<Work> open = there.work().filter(work -> !work.state().isTerminal());
        if (open.isPresent()) {
            Instant end = ask.runsOutAt().plus(ask.due().isPresent() ? GRACE : JUST_AFTER);
            if (end.isAfter(now)) {
                return Ahead.at(end).watched();
            }
            if (asks.claim(ask.requestId(), Edge.of(Edge.Kind.RAN_OUT))) {
                tellRunOut(self, ask, open.get().request(), there);
            }
            asks.close(ask.requestId());
            return Ahead.NOTHING;
        }
        Optional<WorkState> end = there.work().map(Work::state);
        if (end.equals(Optional.of(WorkState.EXPIRED)) && asks.claim(ask.requestId(), Edge.of(Edge.Kind.EXPIRED))) {
            tellExpired(self, there.work().get().request(), there);
        }
        boolean isOver = ask.isExpired(now) || end.equals(Optional.of(WorkState.CANCELED));
        // A call that waits for it sees that, and closes it once it has told so.
        if (isOver && !asks.awaited().contains(ask.requestId())) {
            asks.close(ask.requestId());
        }
        return Ahead.NOTHING;
    }

    private void tellExpired(SessionId self, Envelope request, Elsewhere there)
            throws IOException, InterruptedException {
        tell(
                self,
                request,
                "Your request " + Notices.named(request) + " to " + nameOf(self, request, there)
                        + " has expired: it was due at "
                        + request.due().orElseThrow().truncatedTo(ChronoUnit.SECONDS)
                        + ", and nothing came of it. Nobody is asked for it any more.");
    }

    private void tellRunOut(SessionId self, PendingAsk ask, Envelope request, Elsewhere there)
            throws IOException, InterruptedException {
        String since = ask.due().isPresent() ? " since it was due" : "";
        tell(
                self,
                request,
                "Your request " + Notices.named(request) + " to " + nameOf(self, request, there)
                        + " has had no answer for "
                        + PendingAsk.LIFE.toHours() + " hours" + since
                        + ": its ticket has run out. An answer that still comes arrives as a message.");
    }

    private void tell(SessionId self, Envelope request, String text) throws IOException, InterruptedException {
        Optional<Peer> me = office.peers().find(self);
        if (me.isPresent()) {
            // From itself: whoever has that id here is somebody else, and a wait for the answer takes it.
            Envelope notice = notices.about(
                    request, self, self, Effect.ENDS_THE_WAIT, text + Deadlines.asked(request, " You asked: "));
            var unused = notices.send(notice, me.get(), me.get());
        }
    }

    private String nameOf(SessionId self, Envelope request, Elsewhere there) throws IOException {
        Optional<Peer> me = office.peers().find(self);
        Optional<String> name = me.isEmpty()
                ? Optional.empty()
                : office.peers().elsewhere(me.get().project()).stream()
                        .map(RemotePeer::peer)
                        .filter(peer -> peer.host().equals(Optional.of(there.host()))
                                && peer.id().equals(request.to()))
                        .map(Peer::name)
                        .findFirst();
        return name.orElse(request.to().value()) + "@" + there.host();
    }
}
