package dev.parley.work;

import dev.parley.address.HostName;
import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.ledger.PendingAsk;
import dev.parley.ledger.PendingAsks;
import dev.parley.ledger.PendingAsks.Edge;
import dev.parley.ledger.WorkState;
import dev.parley.mailbox.Envelope;
import dev.parley.office.PostOffice;
import dev.parley.peer.Peer;
import dev.parley.peer.Presence.Activity;
import dev.parley.peer.RemotePeer;
import dev.parley.remote.Progress;
import dev.parley.remote.Progress.WorkDone;
import dev.parley.remote.SentMail.Sent;
import dev.parley.work.Notices.Effect;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Looks at questions that went to other machines: at what those have told of them, and at the cards of those who were asked. What
 * the other side says of a question it tells itself, by mail; here is told what it cannot say: that it went idle or ended, or that
 * nothing came in time. Of a machine that is away nothing is known, so nothing is told. Not safe for use by several threads.
 */
final class FarQuestions {

    /** A card overtakes an answer by no more than this, while the connection stands. */
    static final Duration IDLE_IS_CERTAIN = Duration.ofSeconds(10);

    private static final Duration JUST_AFTER = Duration.ofMillis(1);

    private final PostOffice office;
    private final Notices notices;

    /** Since when those who were asked are idle, and when that was seen here first. */
    private final Map<RequestId, Seen> idle = new HashMap<>();

    private record Seen(Instant since, Instant at) {}

    FarQuestions(PostOffice office, Notices notices) {
        this.office = office;
        this.notices = notices;
    }

    /**
     * Looks once at a question that has not run out.
     *
     * @return what lies ahead; nothing, if nothing more can come of it
     */
    Ahead look(SessionId self, PendingAsk ask, Sent sent) throws IOException, InterruptedException {
        if (isOver(sent)) {
            tellIfExpired(self, ask, sent);
            forget(ask.requestId());
            return Ahead.NOTHING;
        }
        Ahead ahead = Ahead.at(ask.runsOutAt().plus(JUST_AFTER));
        Optional<RemotePeer> owner = owner(self, sent);
        if (owner.filter(RemotePeer::isGone).isPresent()) {
            if (office.asks(self).claim(ask.requestId(), Edge.of(Edge.Kind.ENDED))) {
                tell(
                        sent.envelope(),
                        self,
                        Effect.LEAVES_IT_OPEN,
                        owner.get().peer().called() + " has ended without an answer to your request "
                                + Notices.named(sent.envelope())
                                + ". It stays open, in case that session comes back.");
            }
            return ahead;
        }
        Optional<Instant> since = owner.flatMap(it -> idleSince(it, sent));
        if (since.isEmpty()) {
            idle.remove(ask.requestId());
            return ahead.watched();
        }
        return ahead.and(idle(self, ask, sent, owner.orElseThrow().peer(), since.get()))
                .watched();
    }

    private Ahead idle(SessionId self, PendingAsk ask, Sent sent, Peer owner, Instant since)
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
        int revision = work(sent).map(WorkDone::revision).orElse(0);
        if (office.asks(self).claim(ask.requestId(), new Edge(Edge.Kind.IDLE, revision))) {
            tell(
                    sent.envelope(),
                    self,
                    Effect.LEAVES_IT_OPEN,
                    owner.called() + " was shown your request " + Notices.named(sent.envelope())
                            + " and went idle without an answer. It stays open.");
        }
        return Ahead.NOTHING;
    }

    /** Since when it is idle although it was shown the request, and said nothing of it since; all by its machine's clock. */
    private static Optional<Instant> idleSince(RemotePeer owner, Sent sent) {
        Optional<Instant> shown = sent.progress().flatMap(Progress::shown);
        boolean isBlocked =
                work(sent).filter(work -> work.state() == WorkState.BLOCKED).isPresent();
        if (owner.presence().activity() != Activity.IDLE || shown.isEmpty() || isBlocked) {
            return Optional.empty();
        }
        return owner.presence()
                .since()
                .filter(shown.get()::isBefore)
                .filter(since ->
                        work(sent).filter(work -> work.since().isAfter(since)).isEmpty());
    }

    private Optional<RemotePeer> owner(SessionId self, Sent sent) throws IOException {
        Optional<Peer> me = office.peers().find(self);
        if (me.isEmpty()) {
            return Optional.empty();
        }
        return office.peers().elsewhere(me.get().project()).stream()
                .filter(each -> each.peer().host().equals(Optional.of(sent.host()))
                        && each.peer().id().equals(sent.envelope().to()))
                .findFirst();
    }

    /** A ticket has run out; tells so, unless something came of the question before. */
    void runOut(SessionId self, PendingAsk ask, Sent sent) throws IOException, InterruptedException {
        forget(ask.requestId());
        if (isOver(sent)) {
            tellIfExpired(self, ask, sent);
            return;
        }
        PendingAsks asks = office.asks(self);
        if (asks.claim(ask.requestId(), Edge.of(Edge.Kind.RAN_OUT))) {
            tell(
                    sent.envelope(),
                    self,
                    Effect.ENDS_THE_WAIT,
                    "Your request " + Notices.named(sent.envelope()) + " to " + name(self, sent)
                            + " has had no answer, as far as is known on this machine, and its ticket has run out. An answer that"
                            + " still comes arrives as a message.");
        }
    }

    private void tellIfExpired(SessionId self, PendingAsk ask, Sent sent) throws IOException, InterruptedException {
        boolean hasExpired =
                work(sent).filter(work -> work.state() == WorkState.EXPIRED).isPresent();
        if (hasExpired && office.asks(self).claim(ask.requestId(), Edge.of(Edge.Kind.EXPIRED))) {
            tell(
                    sent.envelope(),
                    self,
                    Effect.ENDS_THE_WAIT,
                    "Your request " + Notices.named(sent.envelope()) + " to " + name(self, sent)
                            + " has expired: nothing came of it in time. Nobody is asked for it any more.");
        }
    }

    void forget(RequestId request) {
        idle.remove(request);
    }

    private static boolean isOver(Sent sent) {
        return sent.progress().filter(Progress::isSettled).isPresent();
    }

    private static Optional<WorkDone> work(Sent sent) {
        return sent.progress().flatMap(Progress::work);
    }

    private String name(SessionId self, Sent sent) throws IOException {
        HostName host = sent.host();
        return owner(self, sent)
                .map(each -> each.peer().called())
                .orElse(sent.envelope().to() + " on " + host);
    }

    private void tell(Envelope request, SessionId self, Effect effect, String text)
            throws IOException, InterruptedException {
        // From this session: one of this machine may have the id of the one that was asked.
        Envelope notice = notices.about(request, self, self, effect, text + Deadlines.asked(request, " You asked: "));
        Optional<Peer> me = office.peers().find(self);
        if (me.isPresent()) {
            var unused = notices.send(notice, me.get(), me.get());
        }
    }
}
