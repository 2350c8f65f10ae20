package dev.parley.work;

import dev.parley.address.MessageId;
import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.ledger.Delivery.Ring;
import dev.parley.ledger.Work;
import dev.parley.mailbox.Cancellation;
import dev.parley.mailbox.Envelope;
import dev.parley.mailbox.Envelope.Origin;
import dev.parley.mailbox.PlainText;
import dev.parley.office.PostOffice;
import dev.parley.peer.Peer;
import dev.parley.peer.Presence.Life;
import dev.parley.trace.Event;
import dev.parley.wake.Ladder;
import dev.parley.wake.RingGuard;
import dev.parley.wake.Wish;
import dev.parley.wake.Wish.Cause;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;

/**
 * What the office tells a session about a request, as ordinary mail. The words are the office's own; what a peer wrote stands in
 * them on one line, in quotation marks, so that it cannot pass for the office's.
 *
 * <p>Sees to it neither that something is told once nor that it is true: whoever tells has claimed the edge before. Safe for
 * use by several threads.
 */
public final class Notices {

    /** So many characters of a request are quoted. */
    public static final int HEAD = 200;

    private final PostOffice office;
    private final Ladder ladder;
    private final RingGuard guard;

    /** What a notice does to a wait for the answer to its request. */
    public enum Effect {
        /** The wait ends at once: nothing more will come. */
        ENDS_THE_WAIT,
        /** The wait goes on, and so does the work. */
        LEAVES_IT_OPEN
    }

    /**
     * The notices of one office.
     *
     * @param guard counts the rings of this process
     */
    public Notices(PostOffice office, Ladder ladder, RingGuard guard) {
        this.office = office;
        this.ladder = ladder;
        this.guard = guard;
    }

    /**
     * What the owner of a request has said of it, for its requester: that it was declined, has failed, is done without an answer,
     * or is blocked. What is terminal ends the wait.
     *
     * @param work after the change
     * @param requester who sent the request, under its present id
     */
    public Envelope ofOwner(Work work, Peer owner, SessionId requester) {
        String what = switch (work.state()) {
            case COMPLETED -> " has completed your request ";
            case FAILED -> " could not do what you requested in ";
            case DECLINED -> " declined your request ";
            case BLOCKED -> " is blocked with your request ";
            case OPEN, WORKING, CANCELED, EXPIRED ->
                throw new IllegalArgumentException("the owner tells nothing of " + work.state());
        };
        String text = owner.name() + what + named(work.request())
                + (work.note().isPresent() ? ": " + quoted(work.note().get(), Work.MAX_NOTE) : "")
                + "."
                + work.needs()
                        .map(needs -> " It needs: " + quoted(needs, Work.MAX_NOTE) + ".")
                        .orElse("")
                + asked(work.request(), " You asked: ");
        Effect effect = work.state().isTerminal() ? Effect.ENDS_THE_WAIT : Effect.LEAVES_IT_OPEN;
        return about(work.request(), owner.id(), requester, effect, text);
    }

    /**
     * That a request was canceled, for its owner.
     *
     * @param work after the change
     * @param owner who received the request, under its present id
     */
    public Envelope ofCancellation(Work work, Peer requester, SessionId owner) {
        return about(
                work.request(),
                requester.id(),
                owner,
                Effect.LEAVES_IT_OPEN,
                canceled(work.request(), requester, work.note()));
    }

    private static String canceled(Envelope request, Peer requester, Optional<String> note) {
        return requester.name() + " has canceled its request " + named(request)
                + ", which you need not answer any more"
                + note.map(said -> ": " + quoted(said, Work.MAX_NOTE)).orElse("")
                + "." + asked(request, " It asked: ");
    }

    /**
     * The same for the machine of an owner elsewhere, which cancels the request before it tells of that. It is of the session that sent
     * the request, by the id that it had then, so that it comes behind it.
     */
    public Envelope ofRemoteCancellation(Envelope request, Peer requester, Optional<String> note) {
        return about(
                        request,
                        request.from().orElseThrow(),
                        request.to(),
                        Effect.LEAVES_IT_OPEN,
                        canceled(request, requester, note))
                .canceling(new Cancellation(request.id(), note));
    }

    /** The same for another call of the requester's own that waits for the answer. */
    public Envelope ofOwnCancellation(Work work, Peer requester) {
        String text = "Your session has canceled its request " + named(work.request()) + ".";
        return about(work.request(), requester.id(), requester.id(), Effect.ENDS_THE_WAIT, text);
    }

    /**
     * Any notice about a request.
     *
     * @param from whose doing it tells of
     * @param to who is told
     * @param text what, in the office's words; see {@link #named} and {@link #quoted} for the parts that are not
     */
    public Envelope about(Envelope request, SessionId from, SessionId to, Effect effect, String text) {
        return new Envelope(
                MessageId.create(Optional.of(from)),
                now().truncatedTo(ChronoUnit.MILLIS),
                Origin.OFFICE,
                Optional.of(from),
                Envelope.OFFICE,
                to,
                Optional.empty(),
                effect == Effect.ENDS_THE_WAIT ? request.requestId() : Optional.empty(),
                Optional.of(request.id()),
                request.hops() + 1,
                text);
    }

    /** A request by its ids. */
    public static String named(Envelope request) {
        return request.id()
                + request.requestId()
                        .map(RequestId::value)
                        .map(id -> " (" + id + ")")
                        .orElse("");
    }

    /** How a request begins: one line, made safe to show. */
    public static String head(Envelope request) {
        return PlainText.quoted(PlainText.untagged(PlainText.line(request.body())), HEAD);
    }

    /** Words of a peer: one line, nothing invisible, nothing that looks like a tag of a client's, in quotation marks. */
    public static String quoted(String text, int limit) {
        return '"' + PlainText.quoted(PlainText.untagged(PlainText.line(text)).replace('"', '\''), limit) + '"';
    }

    private static String asked(Envelope request, String lead) {
        return lead + quoted(request.body(), HEAD) + ".";
    }

    /**
     * Sends a notice: stores it, rings, and wakes an idle receiver if the gates let it, but nobody who waits for it in a call.
     * What fails is traced.
     *
     * @param receiver who is told
     * @param cause on whose account, for the guard against wakes without end
     * @return whether it is stored
     */
    public boolean send(Envelope notice, Peer receiver, Peer cause) throws InterruptedException {
        try {
            if (receiver.host().isPresent()) {
                // Whoever waits there, or is woken, is that machine's business.
                office.delivery().send(notice, receiver, Ring.YES);
                return true;
            }
            boolean isAwaited = isAwaited(notice, receiver.id());
            boolean mayRing = guard.admit(receiver.id(), notice.hops(), now());
            office.delivery().send(notice, receiver, mayRing ? Ring.YES : Ring.NO);
            if (mayRing && (!isAwaited || isLeft(notice, receiver.id())) && !isOut(receiver)) {
                Cause why = notice.replyTo().isPresent() ? Cause.LATE_ANSWER : Cause.WANTED;
                var unused = ladder.climb(Wish.about(notice, receiver, cause, why));
            }
            return true;
        } catch (IOException e) {
            office.trace().event(Event.NOT_TOLD, Map.of("session", receiver.id().value(), "reason", e.toString()));
            return false;
        }
    }

    private boolean isAwaited(Envelope notice, SessionId receiver) throws IOException {
        return notice.replyTo().isPresent()
                && office.asks(receiver).awaited().contains(notice.replyTo().get());
    }

    /** Nobody is woken if it cannot be told: it is stored. */
    private boolean isLeft(Envelope notice, SessionId receiver) {
        try {
            return LateAnswer.isLeft(notice, receiver, office);
        } catch (IOException e) {
            office.trace()
                    .event(
                            Event.ANSWER_UNOBSERVED,
                            Map.of("message", notice.id().value(), "reason", e.toString()));
            return false;
        }
    }

    private boolean isOut(Peer receiver) {
        try {
            return office.peers().presence(receiver).life() == Life.GONE;
        } catch (IOException e) {
            office.trace()
                    .event(
                            Event.PRESENCE_UNKNOWN,
                            Map.of("session", receiver.id().value(), "reason", e.toString()));
            return false;
        }
    }

    private Instant now() {
        return office.clock().instant();
    }
}
