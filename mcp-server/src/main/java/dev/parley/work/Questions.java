package dev.parley.work;

import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.ledger.MessageStatus.Elsewhere;
import dev.parley.ledger.PendingAsk;
import dev.parley.ledger.PendingAsks;
import dev.parley.ledger.PendingAsks.Edge;
import dev.parley.ledger.PendingAsks.IdleSign;
import dev.parley.ledger.Work;
import dev.parley.ledger.WorkState;
import dev.parley.mailbox.Envelope;
import dev.parley.mailbox.Envelope.Origin;
import dev.parley.office.PostOffice;
import dev.parley.peer.Peer;
import dev.parley.peer.Presence;
import dev.parley.peer.Presence.Activity;
import dev.parley.peer.Presence.Life;
import dev.parley.trace.Event;
import dev.parley.work.Notices.Effect;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Looks at the questions of a session, and tells it what has become of them and nobody has told yet: that who was asked went idle
 * or ended, or said something and died before it could tell, or that nothing came in time. Not safe for use by several
 * threads; several processes may look.
 */
final class Questions {

    /** Who has ended by {@code /clear} goes on under another id within this time. */
    static final Duration END_IS_CERTAIN = Duration.ofSeconds(3);

    /** Whoever says how it stands tells the requester itself, within this time unless it dies. */
    static final Duration TELLS_ITSELF = Duration.ofSeconds(5);

    private static final Duration JUST_AFTER = Duration.ofMillis(1);

    private final PostOffice office;
    private final Notices notices;
    private final Deadlines deadlines;
    private final RemoteQuestions elsewhere;
    /** Of these nothing more can come. */
    private final Set<RequestId> settled = new HashSet<>();
    /** Of these somebody has told that their owner has ended. */
    private final Set<RequestId> ended = new HashSet<>();
    /** These have been looked at, and this is what lies ahead of all of them. */
    private final Set<RequestId> lookedAt = new HashSet<>();

    private Ahead ahead = Ahead.NOTHING;

    Questions(PostOffice office, Notices notices, Deadlines deadlines) {
        this.office = office;
        this.notices = notices;
        this.deadlines = deadlines;
        this.elsewhere = new RemoteQuestions(office, notices);
    }

    /** Whether there are any of which something can still come. */
    boolean areOpen(SessionId self) throws IOException {
        Instant now = office.clock().instant();
        return office.asks(self).kept().stream()
                .anyMatch(ask -> ask.isExpired(now) || !settled.contains(ask.requestId()));
    }

    /** Looks once at all of them. */
    Ahead look(SessionId self) throws IOException, InterruptedException {
        lookedAt.clear();
        ahead = Ahead.NOTHING;
        return lookAtNew(self);
    }

    /** Looks once at those that it has not looked at; says what lies ahead of all. */
    Ahead lookAtNew(SessionId self) throws IOException, InterruptedException {
        PendingAsks asks = office.asks(self);
        List<PendingAsk> kept = asks.kept();
        if (kept.isEmpty()) {
            settled.clear();
            ended.clear();
            lookedAt.clear();
            ahead = Ahead.NOTHING;
            return ahead;
        }
        List<IdleSign> signs = asks.idleSigns();
        for (PendingAsk ask : kept) {
            if (lookedAt.add(ask.requestId())) {
                ahead = ahead.and(look(self, ask, signs));
            }
        }
        return ahead;
    }

    private Ahead look(SessionId self, PendingAsk ask, List<IdleSign> signs) throws InterruptedException {
        if (settled.contains(ask.requestId()) && !ask.isExpired(office.clock().instant())) {
            return Ahead.NOTHING;
        }
        return tried(ask, () -> {
            Optional<Elsewhere> there = elsewhere.of(ask, self);
            return there.isPresent() ? lookElsewhere(self, ask, there.get()) : lookHere(self, ask, signs);
        });
    }

    private Ahead lookElsewhere(SessionId self, PendingAsk ask, Elsewhere there)
            throws IOException, InterruptedException {
        Ahead next = elsewhere.look(self, ask, there);
        if (next.isNothing()) {
            settled.add(ask.requestId());
        }
        return next;
    }

    private Ahead lookHere(SessionId self, PendingAsk ask, List<IdleSign> signs)
            throws IOException, InterruptedException {
        if (ask.isExpired(office.clock().instant())) {
            return new Look(self, ask, signs).runOut();
        }
        return new Look(self, ask, signs).open();
    }

    @FunctionalInterface
    private interface Looking {
        Ahead look() throws IOException, InterruptedException;
    }

    /** One question that cannot be looked at hides no other; it is tried again. */
    private Ahead tried(PendingAsk ask, Looking looking) throws InterruptedException {
        try {
            return looking.look();
        } catch (IOException e) {
            office.trace()
                    .event(
                            Event.QUESTION_UNOBSERVED,
                            Map.of("request", ask.requestId().value(), "reason", e.toString()));
            return Ahead.NOTHING.watched();
        }
    }

    /** One look at one question. */
    private final class Look {
        private final PendingAsks asks;
        private final SessionId self;
        private final PendingAsk ask;
        private final List<IdleSign> signs;
        private final SessionId owner;
        private final Instant now = office.clock().instant();

        Look(SessionId self, PendingAsk ask, List<IdleSign> signs) throws IOException {
            this.asks = office.asks(self);
            this.self = self;
            this.ask = ask;
            this.signs = signs.stream()
                    .filter(sign -> sign.requestId().equals(ask.requestId()))
                    .toList();
            this.owner = office.peers().current(ask.to());
        }

        Ahead open() throws IOException, InterruptedException {
            Optional<Peer> peer = office.peers().find(owner);
            if (peer.isEmpty()) {
                return Ahead.at(ask.runsOutAt().plus(JUST_AFTER));
            }
            Optional<Work> work = office.work(owner).find(ask.messageId());
            if (work.isEmpty()) {
                // Of an older version, whose questions have no state; or it is being sent.
                return ask.askedAt().plus(TELLS_ITSELF).isAfter(now) ? Ahead.NOTHING.watched() : settle();
            }
            Ahead ahead = catchUp(work.get(), peer.get());
            if (work.get().state().isTerminal()) {
                return ahead;
            }
            Optional<Instant> next = deadlines.pass(work.get(), owner);
            if (work.get().expiresAt().isPresent() && next.isEmpty()) {
                // Unless its owner was faster, it has expired just now.
                return Ahead.at(now.plus(TELLS_ITSELF));
            }
            ahead = ahead.and(new Ahead(next, false))
                    .and(Ahead.at(ask.runsOutAt().plus(JUST_AFTER)));
            Optional<Instant> end = end(peer.get());
            if (end.isEmpty()) {
                idle(work.get(), peer.get());
                return ahead.watched();
            }
            if (end.get().isAfter(now)) {
                return ahead.and(Ahead.at(end.get()));
            }
            ended(work.get(), peer.get());
            return ahead;
        }

        private Ahead settle() {
            settled.add(ask.requestId());
            return Ahead.NOTHING;
        }

        /** Whoever changed its state tells of it, unless it dies in between. */
        private Ahead catchUp(Work work, Peer peer) throws IOException, InterruptedException {
            Optional<Edge> edge = Edge.of(work.state(), work.revision());
            boolean isAnswered = work.state() == WorkState.COMPLETED
                    && office.ledger(owner).answeredAt(ask.messageId()).isPresent();
            if (edge.isEmpty() || isAnswered) {
                return work.state().isTerminal() ? settle() : Ahead.NOTHING;
            }
            if (work.state() == WorkState.EXPIRED) {
                deadlines.tellExpired(work, owner);
                return settle();
            }
            Instant late = work.since().plus(TELLS_ITSELF);
            if (late.isAfter(now)) {
                return Ahead.at(late);
            }
            if (asks.claim(ask.requestId(), edge.get())) {
                send(notices.ofOwner(work, peer, self), peer);
            }
            return work.state().isTerminal() ? settle() : Ahead.NOTHING;
        }

        /** From when on it is certain that a session has ended; empty if it has not. */
        private Optional<Instant> end(Peer peer) throws IOException {
            Presence presence = office.peers().presence(peer);
            if (presence.life() != Life.GONE) {
                return Optional.empty();
            }
            return Optional.of(
                    presence.activity() == Activity.ENDED
                            ? presence.since().orElse(Instant.EPOCH).plus(END_IS_CERTAIN)
                            : Instant.EPOCH);
        }

        private void ended(Work work, Peer peer) throws IOException, InterruptedException {
            if (ended.add(ask.requestId()) && asks.claim(ask.requestId(), Edge.of(Edge.Kind.ENDED))) {
                tell(
                        work.request(),
                        peer,
                        Effect.LEAVES_IT_OPEN,
                        peer.name() + " has ended without an answer to your request " + Notices.named(work.request())
                                + ". It stays open, in case that session comes back.");
            }
            // It went idle before, or this is how it signalled its end.
            for (IdleSign sign : signs) {
                var unused = asks.claim(sign.requestId(), new Edge(Edge.Kind.IDLE, sign.revision()));
            }
        }

        private void idle(Work work, Peer peer) throws IOException, InterruptedException {
            for (IdleSign sign : signs) {
                boolean isFirst = asks.claim(sign.requestId(), new Edge(Edge.Kind.IDLE, sign.revision()));
                // It may have said something since.
                if (isFirst && sign.revision() == work.revision() && work.state() != WorkState.BLOCKED) {
                    tell(
                            work.request(),
                            peer,
                            Effect.LEAVES_IT_OPEN,
                            peer.name() + " was reminded of your request " + Notices.named(work.request())
                                    + " and went idle without an answer. It stays open.");
                }
            }
        }

        Ahead runOut() throws IOException, InterruptedException {
            if (!settled.contains(ask.requestId())) {
                boolean isThere = office.peers().exists(owner);
                Optional<Work> work = isThere ? office.work(owner).find(ask.messageId()) : Optional.empty();
                if (work.isPresent()) {
                    Ahead ahead = lastWord(work.get());
                    if (!ahead.isNothing()) {
                        return ahead;
                    }
                } else if (!isThere
                        || office.ledger(owner).find(ask.messageId()).isEmpty()) {
                    tellRunOut(standIn());
                }
            }
            asks.close(ask.requestId());
            settled.remove(ask.requestId());
            ended.remove(ask.requestId());
            return Ahead.NOTHING;
        }

        /** Nothing is ahead once it is told. */
        private Ahead lastWord(Work work) throws IOException, InterruptedException {
            Optional<Peer> peer = office.peers().find(owner);
            if (work.state().isTerminal()) {
                return peer.isPresent() ? catchUp(work, peer.get()) : Ahead.NOTHING;
            }
            if (work.expiresAt().isPresent()) {
                return new Ahead(deadlines.pass(work, owner), false);
            }
            tellRunOut(work.request());
            return Ahead.NOTHING;
        }

        private void tellRunOut(Envelope request) throws IOException, InterruptedException {
            if (asks.claim(ask.requestId(), Edge.of(Edge.Kind.RAN_OUT))) {
                Optional<Peer> peer = office.peers().find(owner);
                String name = peer.map(Peer::name).orElse(owner.value());
                tell(
                        request,
                        peer,
                        Effect.ENDS_THE_WAIT,
                        "Your request " + Notices.named(request) + " to " + name + " has had no answer for "
                                + PendingAsk.LIFE.toHours()
                                + " hours: its ticket has run out. An answer that still comes arrives as a message.");
            }
        }

        /** Its record is not kept any more. */
        private Envelope standIn() {
            return new Envelope(
                    ask.messageId(),
                    ask.askedAt(),
                    Origin.PEER,
                    Optional.of(self),
                    self.value(),
                    owner,
                    Optional.of(ask.requestId()),
                    Optional.empty(),
                    Optional.empty(),
                    0,
                    "(no longer kept)");
        }

        private void tell(Envelope request, Peer peer, Effect effect, String text)
                throws IOException, InterruptedException {
            tell(request, Optional.of(peer), effect, text);
        }

        private void tell(Envelope request, Optional<Peer> peer, Effect effect, String text)
                throws IOException, InterruptedException {
            Envelope notice =
                    notices.about(request, owner, self, effect, text + Deadlines.asked(request, " You asked: "));
            Optional<Peer> me = office.peers().find(self);
            if (me.isPresent()) {
                var unused = notices.send(notice, me.get(), peer.orElse(me.get()));
            }
        }

        private void send(Envelope notice, Peer cause) throws IOException, InterruptedException {
            Optional<Peer> me = office.peers().find(self);
            if (me.isPresent()) {
                var unused = notices.send(notice, me.get(), cause);
            }
        }
    }
}
