package dev.parley.work;

import dev.parley.address.RequestId;
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
import dev.parley.peer.Presence.Activity;
import dev.parley.peer.RemotePeer;
import dev.parley.remote.Progress;
import dev.parley.remote.RemoteMail;
import dev.parley.remote.SentMail.Sent;
import dev.parley.work.Notices.Effect;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Looks at the questions of a session that went to other machines: at what those have told of them, and at the cards of those who were
 * asked. Those machines decide how far the work is. What of it nobody there tells the asker is told here: that who was asked went idle
 * or ended, and what only follows from the time or from a cancellation. Of a machine that is away nothing is known, so nothing is
 * told. Not safe for use by several threads.
 */
final class RemoteQuestions {

    /** So long the other machine has for telling that a request has expired there, before it counts as run out here. */
    static final Duration GRACE = Duration.ofMinutes(5);

    /** A card overtakes an answer by no more than this, while the connection stands. */
    static final Duration IDLE_IS_CERTAIN = Duration.ofSeconds(10);

    private static final Duration JUST_AFTER = Duration.ofMillis(1);

    private final PostOffice office;
    private final Notices notices;

    /** Since when those who were asked are idle, and when that was seen here first. */
    private final Map<RequestId, Seen> idle = new HashMap<>();

    private record Seen(Instant since, Instant at) {}

    /**
     * A question that went to another machine.
     *
     * @param sent what was sent, and what has been told of it
     * @param status how far it is by that
     */
    record There(Sent sent, Elsewhere status) {

        Envelope request() {
            return sent.envelope();
        }
    }

    RemoteQuestions(PostOffice office, Notices notices) {
        this.office = office;
        this.notices = notices;
    }

    /** What is known of a question on another machine; empty if it is for this one. */
    Optional<There> of(PendingAsk ask, SessionId self) throws IOException, InterruptedException {
        Optional<RemoteMail> mail = office.remoteMail();
        Optional<Sent> sent = mail.isPresent() ? mail.get().sent().find(ask.messageId()) : Optional.empty();
        return sent.isPresent()
                ? office.tracker()
                        .status(ask.messageId(), self)
                        .elsewhere()
                        .map(status -> new There(sent.get(), status))
                : Optional.empty();
    }

    /** Looks at one; nothing lies ahead of what has ended. */
    Ahead look(SessionId self, PendingAsk ask, There there) throws IOException, InterruptedException {
        PendingAsks asks = office.asks(self);
        Instant now = office.clock().instant();
        Optional<Work> open = there.status().work().filter(work -> !work.state().isTerminal());
        if (open.isPresent()) {
            Instant end = ask.runsOutAt().plus(ask.due().isPresent() ? GRACE : JUST_AFTER);
            if (end.isAfter(now)) {
                return owner(self, ask, there, open.get()).and(Ahead.at(end));
            }
            if (asks.claim(ask.requestId(), Edge.of(Edge.Kind.RAN_OUT))) {
                tellRunOut(self, ask, there);
            }
            asks.close(ask.requestId());
            idle.remove(ask.requestId());
            return Ahead.NOTHING;
        }
        idle.remove(ask.requestId());
        Optional<WorkState> end = there.status().work().map(Work::state);
        if (end.equals(Optional.of(WorkState.EXPIRED)) && asks.claim(ask.requestId(), Edge.of(Edge.Kind.EXPIRED))) {
            tellExpired(self, there);
        }
        boolean isOver = ask.isExpired(now) || end.equals(Optional.of(WorkState.CANCELED));
        // A call that waits for it sees that, and closes it once it has told so.
        if (isOver && !asks.awaited().contains(ask.requestId())) {
            asks.close(ask.requestId());
        }
        return Ahead.NOTHING;
    }

    /** Looks at who was asked, and owes an answer still. */
    private Ahead owner(SessionId self, PendingAsk ask, There there, Work work)
            throws IOException, InterruptedException {
        Optional<RemotePeer> owner = peer(self, there);
        if (owner.filter(RemotePeer::isGone).isPresent()) {
            if (office.asks(self).claim(ask.requestId(), Edge.of(Edge.Kind.ENDED))) {
                tell(
                        self,
                        there.request(),
                        Effect.LEAVES_IT_OPEN,
                        owner.get().peer().called() + " has ended without an answer to your request "
                                + Notices.named(there.request())
                                + ". It stays open, in case that session comes back.");
            }
            return Ahead.NOTHING.watched();
        }
        Optional<Instant> since = owner.flatMap(it -> idleSince(it, there, work));
        if (since.isEmpty()) {
            idle.remove(ask.requestId());
            return Ahead.NOTHING.watched();
        }
        return idle(self, ask, there, owner.orElseThrow().peer(), work, since.get())
                .watched();
    }

    private Ahead idle(SessionId self, PendingAsk ask, There there, Peer owner, Work work, Instant since)
            throws IOException, InterruptedException {
        Instant now = office.clock().instant();
        Seen seen = idle.get(ask.requestId());
        if (seen == null || !seen.since().equals(since)) {
            seen = new Seen(since, now);
            idle.put(ask.requestId(), seen);
        }
        Instant certain = seen.at().plus(IDLE_IS_CERTAIN);
        if (certain.isAfter(now)) {
            return Ahead.at(certain);
        }
        if (office.asks(self).claim(ask.requestId(), new Edge(Edge.Kind.IDLE, work.revision()))) {
            tell(
                    self,
                    there.request(),
                    Effect.LEAVES_IT_OPEN,
                    owner.called() + " was shown your request " + Notices.named(there.request())
                            + " and went idle without an answer. It stays open.");
        }
        return Ahead.NOTHING;
    }

    /** Since when it is idle although it was shown the request, and said nothing of it since; all by its machine's clock. */
    private static Optional<Instant> idleSince(RemotePeer owner, There there, Work work) {
        Optional<Instant> shown = there.sent().progress().flatMap(Progress::shown);
        if (owner.presence().activity() != Activity.IDLE || shown.isEmpty() || work.state() == WorkState.BLOCKED) {
            return Optional.empty();
        }
        boolean hasSaid = work.revision() > 0;
        return owner.presence()
                .since()
                .filter(shown.get()::isBefore)
                .filter(since -> !hasSaid || !work.since().isAfter(since));
    }

    private Optional<RemotePeer> peer(SessionId self, There there) throws IOException {
        Optional<Peer> me = office.peers().find(self);
        return me.isEmpty()
                ? Optional.empty()
                : office.peers().elsewhere(me.get().project()).stream()
                        .filter(each -> each.peer()
                                        .host()
                                        .equals(Optional.of(there.status().host()))
                                && each.peer().id().equals(there.request().to()))
                        .findFirst();
    }

    private String nameOf(SessionId self, There there) throws IOException {
        return peer(self, there)
                .map(each -> each.peer().called())
                .orElse(there.request().to() + "@" + there.status().host());
    }

    private void tellExpired(SessionId self, There there) throws IOException, InterruptedException {
        tell(
                self,
                there.request(),
                Effect.ENDS_THE_WAIT,
                "Your request " + Notices.named(there.request()) + " to " + nameOf(self, there)
                        + " has expired: it was due at "
                        + there.request().due().orElseThrow().truncatedTo(ChronoUnit.SECONDS)
                        + ", and nothing came of it. Nobody is asked for it any more.");
    }

    private void tellRunOut(SessionId self, PendingAsk ask, There there) throws IOException, InterruptedException {
        String since = ask.due().isPresent() ? " since it was due" : "";
        tell(
                self,
                there.request(),
                Effect.ENDS_THE_WAIT,
                "Your request " + Notices.named(there.request()) + " to " + nameOf(self, there)
                        + " has had no answer for "
                        + PendingAsk.LIFE.toHours() + " hours" + since
                        + ": its ticket has run out. An answer that still comes arrives as a message.");
    }

    private void tell(SessionId self, Envelope request, Effect effect, String text)
            throws IOException, InterruptedException {
        Optional<Peer> me = office.peers().find(self);
        if (me.isPresent()) {
            // From itself: whoever has that id here is somebody else, and a wait for the answer takes it.
            Envelope notice =
                    notices.about(request, self, self, effect, text + Deadlines.asked(request, " You asked: "));
            var unused = notices.send(notice, me.get(), me.get());
        }
    }
}
