package dev.parley.office.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.ledger.Delivery.Ring;
import dev.parley.ledger.OpenWork.FellDue;
import dev.parley.ledger.OpenWork.Outcome;
import dev.parley.ledger.OpenWork.TurnEnded;
import dev.parley.ledger.PendingAsk;
import dev.parley.ledger.PendingAsks.Edge;
import dev.parley.ledger.PendingAsks.IdleSign;
import dev.parley.ledger.Work;
import dev.parley.ledger.WorkChange;
import dev.parley.ledger.WorkState;
import dev.parley.mailbox.Envelope;
import dev.parley.office.PostOffice;
import dev.parley.peer.Peer;
import dev.parley.testing.Letters;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/**
 * What every office promises of any sequence of changes, answers, claims, signs, deaths, re-identifications and of time that
 * passes: the table of allowed moves is kept, and nobody is told anything twice.
 */
public abstract class OpenWorkPropertyContract {

    private static final SessionId BEN = new SessionId("ben");
    private static final int REQUESTS = 3;
    private static final int PROCESSES = 3;

    /** Which states may follow which. Nothing follows any other. */
    private static final Map<String, Set<String>> TABLE = Map.of(
            "open", Set.of("working", "blocked", "completed", "failed", "declined", "canceled", "expired"),
            "working", Set.of("working", "blocked", "completed", "failed", "declined", "canceled", "expired"),
            "blocked", Set.of("working", "blocked", "completed", "failed", "declined", "canceled", "expired"));

    /** Opens an empty office. */
    protected abstract OfficeUnderTest open() throws IOException;

    /** One step of a process that concerns one request. */
    private sealed interface Step {}

    private record Change(WorkState next) implements Step {}

    private record Answer() implements Step {}

    private record TellOwner(boolean isDue, int revisionsAgo) implements Step {}

    private record TellAsker(Edge edge) implements Step {}

    private record Sign(int revision) implements Step {}

    private record Close() implements Step {}

    private record Die() implements Step {}

    private record Move() implements Step {}

    private record Pass(int hours) implements Step {}

    /**
     * A step.
     *
     * @param process who does it
     * @param request which request it concerns
     */
    private record Turn(int process, int request, Step step) {}

    @Provide
    Arbitrary<List<Turn>> turns() {
        Arbitrary<WorkState> states = Arbitraries.of(WorkState.values()).filter(state -> state != WorkState.OPEN);
        Arbitrary<Integer> revisions = Arbitraries.integers().between(0, 2);
        Arbitrary<Edge> edges = Combinators.combine(Arbitraries.of(Edge.Kind.values()), revisions)
                .as((kind, revision) ->
                        kind == Edge.Kind.IDLE || kind == Edge.Kind.BLOCKED ? new Edge(kind, revision) : Edge.of(kind));
        Arbitrary<Step> steps = Arbitraries.frequencyOf(
                Tuple.of(
                        10,
                        Arbitraries.frequencyOf(
                                        Tuple.of(3, Arbitraries.of(WorkState.WORKING, WorkState.BLOCKED)),
                                        Tuple.of(1, states))
                                .map(Change::new)),
                Tuple.of(1, Arbitraries.create(Answer::new)),
                Tuple.of(
                        4,
                        Combinators.combine(Arbitraries.of(true, false), revisions)
                                .as(TellOwner::new)),
                Tuple.of(6, edges.map(TellAsker::new)),
                Tuple.of(3, revisions.map(Sign::new)),
                Tuple.of(1, Arbitraries.create(Close::new)),
                Tuple.of(1, Arbitraries.create(Die::new)),
                Tuple.of(1, Arbitraries.create(Move::new)),
                Tuple.of(2, Arbitraries.integers().between(1, 20).map(Pass::new)));
        return Combinators.combine(
                        Arbitraries.integers().between(0, PROCESSES - 1),
                        Arbitraries.integers().between(0, REQUESTS - 1),
                        steps)
                .as(Turn::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(50);
    }

    @Property(tries = 200)
    void whateverIsDoneTheTableIsKept(@ForAll("turns") List<Turn> turns) throws Exception {
        Model model = new Model(open());
        for (Turn turn : turns) {
            model.step(turn);
        }
        model.compareAll();
    }

    /** What is known of one request. */
    private static final class Known {
        final Envelope envelope;
        String state = "open";
        int revision;
        boolean isAnswered;
        boolean isClosed;
        final Set<Object> ownerWasTold = new HashSet<>();
        final Set<String> askerWasTold = new HashSet<>();
        final Set<Integer> signs = new HashSet<>();

        Known(Envelope envelope) {
            this.envelope = envelope;
        }

        boolean isFinished() {
            return isAnswered || !TABLE.containsKey(state);
        }
    }

    private static final class Model {
        private final OfficeUnderTest office;
        private final List<Known> requests = new ArrayList<>();
        private SessionId ann = new SessionId("ann");
        private SessionId ben = BEN;
        private int moves;

        Model(OfficeUnderTest office) throws IOException, InterruptedException {
            this.office = office;
            register(0, ann);
            register(0, ben);
            for (int i = 0; i < REQUESTS; i++) {
                // The last is due at no time.
                Optional<Instant> due = i == REQUESTS - 1
                        ? Optional.empty()
                        : Optional.of(Letters.SENT.plus(Duration.ofHours(10L * i)));
                Envelope plain = Letters.question(BEN, ann, RequestId.create(), "request " + i);
                Envelope request = new Envelope(
                        plain.id(),
                        plain.sentAt(),
                        plain.origin(),
                        plain.from(),
                        plain.fromName(),
                        plain.to(),
                        plain.requestId(),
                        plain.replyTo(),
                        plain.sourceMessageId(),
                        0,
                        due,
                        Optional.empty(),
                        plain.body());
                requests.add(new Known(request));
                PostOffice here = process(0);
                here.asks(ben)
                        .open(new PendingAsk(
                                request.requestId().orElseThrow(), request.id(), ann, plain.sentAt(), due));
                here.delivery().send(request, Ring.NO);
            }
        }

        private PostOffice process(int number) throws IOException {
            return office.as("process " + number);
        }

        private void register(int process, SessionId id) throws IOException, InterruptedException {
            var unused = process(process).peers().register(registration(process, id));
        }

        private dev.parley.peer.Registration registration(int process, SessionId id) {
            Optional<String> name = Optional.of("process " + process);
            return office.registration(id, Peer.CLAUDE_CODE, OfficeContract.PROJECT, name, name);
        }

        void step(Turn turn) throws IOException, InterruptedException {
            PostOffice post = process(turn.process());
            Known known = requests.get(turn.request());
            RequestId ticket = known.envelope.requestId().orElseThrow();
            if (turn.step() instanceof Change change) {
                change(post, known, change.next());
            } else if (turn.step() instanceof Answer) {
                post.ledger(ann).markAnswered(known.envelope.id());
                known.isAnswered = true;
            } else if (turn.step() instanceof TellOwner tell) {
                int revision = Math.max(0, known.revision - tell.revisionsAgo());
                boolean isMine = post.work(ann)
                        .claim(known.envelope.id(), tell.isDue() ? new FellDue() : new TurnEnded(revision));
                boolean isOne = !known.isFinished() && (tell.isDue() || revision == known.revision);
                assertEquals(isOne && known.ownerWasTold.add(tell.isDue() ? "due" : revision), isMine, tell::toString);
            } else if (turn.step() instanceof TellAsker tell) {
                boolean isMine = post.asks(ben).claim(ticket, tell.edge());
                assertEquals(
                        !known.isClosed && known.askerWasTold.add(tell.edge().word()), isMine, tell::toString);
                if (tell.edge().kind() == Edge.Kind.IDLE) {
                    known.signs.remove(tell.edge().revision());
                }
            } else if (turn.step() instanceof Sign sign) {
                office.signsIdle(ben, ticket, sign.revision());
                known.signs.add(sign.revision());
            } else if (turn.step() instanceof Close) {
                post.asks(ben).close(ticket);
                known.isClosed = true;
            } else if (turn.step() instanceof Die) {
                office.end("process " + turn.process());
            } else if (turn.step() instanceof Pass pass) {
                office.pass(Duration.ofHours(pass.hours()));
            } else {
                move(turn.process());
            }
            compare(turn.process(), known);
        }

        private void move(int process) throws IOException, InterruptedException {
            SessionId next = new SessionId("id-" + moves++);
            boolean isAnn = moves % 2 == 0;
            var unused = process(process).peers().move(isAnn ? ann : ben, registration(process, next));
            if (isAnn) {
                ann = next;
            } else {
                ben = next;
            }
        }

        private void change(PostOffice post, Known known, WorkState next) throws IOException, InterruptedException {
            Optional<Outcome> outcome = post.work(ann)
                    .change(known.envelope.id(), WorkChange.of(next.mover().orElseThrow(), next));
            boolean isTime = next != WorkState.EXPIRED
                    || known.envelope
                            .due()
                            .filter(due -> !due.plus(Duration.ofHours(24)).isAfter(office.now()))
                            .isPresent();
            boolean isAllowed = !known.isFinished() && TABLE.get(known.state).contains(next.word()) && isTime;
            assertEquals(isAllowed, outcome.orElseThrow().isChanged(), () -> known.state + " to " + next);
            if (isAllowed) {
                known.state = next.word();
                known.revision++;
            }
        }

        private void compare(int process, Known known) throws IOException {
            Work work = process(process).work(ann).find(known.envelope.id()).orElseThrow();
            assertEquals(
                    known.isAnswered && TABLE.containsKey(known.state) ? "completed" : known.state,
                    work.state().word());
            assertEquals(known.revision, work.revision());
        }

        void compareAll() throws IOException {
            Set<RequestId> unfinished = new HashSet<>();
            Set<IdleSign> signs = new HashSet<>();
            for (Known known : requests) {
                compare(0, known);
                RequestId ticket = known.envelope.requestId().orElseThrow();
                if (!known.isFinished()) {
                    unfinished.add(ticket);
                }
                if (!known.isClosed) {
                    known.signs.forEach(revision -> signs.add(new IdleSign(ticket, revision)));
                }
            }
            Set<RequestId> told = new HashSet<>();
            for (Work work : process(0).work(ann).unfinished()) {
                assertTrue(told.add(work.request().requestId().orElseThrow()));
            }
            assertEquals(unfinished, told);
            assertEquals(signs, Set.copyOf(process(0).asks(ben).idleSigns()));
            office.assertSound(OfficeUnderTest.Tolerated.LEFTOVERS);
        }
    }
}
