package dev.parley.work;

import dev.parley.address.MessageId;
import dev.parley.address.SessionId;
import dev.parley.ledger.OpenWork;
import dev.parley.ledger.PendingAsks.Edge;
import dev.parley.ledger.Work;
import dev.parley.ledger.WorkChange;
import dev.parley.ledger.WorkState;
import dev.parley.ledger.WorkState.Actor;
import dev.parley.mailbox.Envelope;
import dev.parley.office.PostOffice;
import dev.parley.peer.Peer;
import dev.parley.trace.Event;
import dev.parley.work.Notices.Effect;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the time brings to a request that has a due time: its owner is told once when it falls due, and its requester when it has
 * expired. The servers of both sessions look, and whoever comes first does it. Safe for use by several threads.
 */
final class Deadlines {

    private final PostOffice office;
    private final Notices notices;
    /** The requests whose owner was told, here or elsewhere. */
    private final Set<MessageId> told = ConcurrentHashMap.newKeySet();

    Deadlines(PostOffice office, Notices notices) {
        this.office = office;
        this.notices = notices;
    }

    /**
     * Does what is due by now.
     *
     * @param work in no terminal state
     * @param owner who received the request, under its present id
     * @return when there is something to do next; empty if never
     */
    Optional<Instant> pass(Work work, SessionId owner) throws IOException, InterruptedException {
        Instant now = office.clock().instant();
        Optional<Instant> expiry = work.expiresAt();
        if (expiry.isEmpty()) {
            return Optional.empty();
        }
        if (!expiry.get().isAfter(now)) {
            expire(work, owner);
            return Optional.empty();
        }
        if (!work.isOverdue(now)) {
            return work.request().due();
        }
        if (!told.contains(work.request().id())) {
            if (office.work(owner).claim(work.request().id(), new OpenWork.FellDue())) {
                tellDue(work, owner);
            }
            told.add(work.request().id());
        }
        return expiry;
    }

    private void tellDue(Work work, SessionId owner) throws IOException, InterruptedException {
        Envelope request = work.request();
        Optional<SessionId> requester = requester(request);
        String text = "The request " + Notices.named(request) + " that " + request.fromName()
                + " sent you is due, and not finished. Answer it with reply_to_message, or say with update_work how it"
                + " stands. It expires at " + shown(work.expiresAt().orElseThrow()) + "."
                + asked(request, " It asked: ");
        send(
                notices.about(request, requester.orElse(owner), owner, Effect.LEAVES_IT_OPEN, text),
                owner,
                requester.orElse(owner));
    }

    private void expire(Work work, SessionId owner) throws IOException, InterruptedException {
        Optional<OpenWork.Outcome> outcome =
                office.work(owner).change(work.request().id(), WorkChange.of(Actor.TIME, WorkState.EXPIRED));
        if (outcome.isPresent() && outcome.get().work().state() == WorkState.EXPIRED) {
            tellExpired(outcome.get().work(), owner);
        }
    }

    /** Tells the requester of a request that has expired, unless somebody has. */
    void tellExpired(Work work, SessionId owner) throws IOException, InterruptedException {
        Envelope request = work.request();
        Optional<SessionId> requester = requester(request);
        if (requester.isPresent()
                && office.asks(requester.get()).claim(request.requestId().orElseThrow(), Edge.of(Edge.Kind.EXPIRED))) {
            String text = "Your request " + Notices.named(request) + " to " + nameOf(owner)
                    + " has expired: it was due at "
                    + shown(request.due().orElseThrow()) + ", and nothing came of it. Nobody is asked for it any more."
                    + asked(request, " You asked: ");
            send(notices.about(request, owner, requester.get(), Effect.ENDS_THE_WAIT, text), requester.get(), owner);
        }
    }

    private Optional<SessionId> requester(Envelope request) throws IOException {
        Optional<SessionId> sender = request.localSender();
        return sender.isPresent() ? Optional.of(office.peers().current(sender.get())) : Optional.empty();
    }

    private String nameOf(SessionId session) throws IOException {
        return office.peers().find(session).map(Peer::name).orElse(session.value());
    }

    /** Whoever has no card gets no mail: that is traced. */
    private void send(Envelope notice, SessionId receiver, SessionId cause) throws IOException, InterruptedException {
        Optional<Peer> to = office.peers().find(receiver);
        if (to.isEmpty()) {
            office.trace().event(Event.NOT_TOLD, Map.of("session", receiver.value(), "reason", "it has no card"));
            return;
        }
        var unused = notices.send(notice, to.get(), office.peers().find(cause).orElse(to.get()));
    }

    static String asked(Envelope request, String lead) {
        return lead + Notices.quoted(request.body(), Notices.HEAD) + ".";
    }

    private static String shown(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
