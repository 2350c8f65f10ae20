package dev.parley.store.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.MessageId;
import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.ledger.Delivery.Ring;
import dev.parley.ledger.OpenWork;
import dev.parley.ledger.OpenWork.FellDue;
import dev.parley.ledger.OpenWork.Outcome;
import dev.parley.ledger.PendingAsk;
import dev.parley.ledger.PendingAsks.Edge;
import dev.parley.ledger.PendingAsks.Edge.Kind;
import dev.parley.ledger.Work;
import dev.parley.ledger.WorkChange;
import dev.parley.ledger.WorkState;
import dev.parley.mailbox.Envelope;
import dev.parley.mailbox.Position;
import dev.parley.mailbox.Position.Place;
import dev.parley.office.Finding.Severity;
import dev.parley.process.ProcessTable;
import dev.parley.store.Disk;
import dev.parley.store.Store;
import dev.parley.store.upkeep.StoreCheck;
import dev.parley.testing.Letters;
import dev.parley.testing.SimulatedProcesses;
import dev.parley.testing.SteppedClock;
import dev.parley.trace.Trace;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A day of work by one process: requests are sent, changed, told of and taken back, and their owner gets another id in the
 * midst of it. Beside it is what the process was told, so that it can be compared with what is found after a crash anywhere.
 */
final class WorkDay {

    static final Path HOME = Path.of("/parley");

    private static final SessionId ANN = new SessionId("ann");
    private static final SessionId EVE = new SessionId("eve");
    private static final SessionId BEN = new SessionId("ben");

    /** What is known of one request. */
    private static final class Known {
        final Envelope envelope;
        boolean isSent;
        /** In which states it may be. */
        Set<WorkState> states = EnumSet.of(WorkState.OPEN);

        Known(Envelope envelope) {
            this.envelope = envelope;
        }
    }

    final Map<String, Known> requests = new LinkedHashMap<>();
    final List<String> failures = new ArrayList<>();

    /** Of how many steps the process was told that they are done. */
    int done;

    private final Set<String> claimed = new java.util.HashSet<>();
    private boolean isAsked;
    private boolean isTakenBack;
    private boolean wasTriedToTakeBack;

    private final SimulatedProcesses machine = new SimulatedProcesses();
    private final ProcessTable self = machine.start(10);
    private final SteppedClock clock;
    private final Disk disk;

    WorkDay(Disk disk, SteppedClock clock) {
        this.disk = disk;
        this.clock = clock;
    }

    private interface Step {
        void run() throws IOException, InterruptedException;
    }

    /** A step that fails is told of, and the day goes on. */
    private boolean attempt(String what, Step step) {
        clock.advance(Duration.ofMillis(7));
        try {
            step.run();
            done++;
            return true;
        } catch (IOException e) {
            failures.add(what + ": " + e);
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Envelope request(String body) {
        Envelope plain = Letters.question(BEN, ANN, RequestId.create(), body);
        return new Envelope(
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
                Optional.of(plain.sentAt().plus(Duration.ofHours(40))),
                Optional.empty(),
                plain.body());
    }

    void run() throws IOException {
        Post post;
        try {
            post = Post.over(Store.over(HOME, disk, clock, Trace.NONE), self);
        } catch (IOException e) {
            failures.add("open: " + e);
            post = Post.over(Store.over(HOME, disk, clock, Trace.NONE), self);
        }
        Post office = post;
        for (SessionId session : List.of(ANN, BEN)) {
            if (!attempt("register", () -> office.peers().register(office.registration(session)))) {
                attempt("register again", () -> office.peers().register(office.registration(session)));
            }
        }
        ask(office, "one");
        send(office, "two");
        change(office, "one", WorkState.WORKING);
        claim(office, new Edge(Kind.IDLE, 1));
        send(office, "unread");
        change(office, "one", WorkState.BLOCKED);
        fellDue(office, "one");
        takeBack(office, "unread");
        if (!attempt("move", () -> office.peers().move(ANN, office.registration(EVE)))) {
            attempt("move again", () -> office.peers().move(ANN, office.registration(EVE)));
        }
        change(office, "one", WorkState.WORKING);
        change(office, "two", WorkState.DECLINED);
        change(office, "two", WorkState.CANCELED);
        change(office, "one", WorkState.COMPLETED);
        claim(office, Edge.of(Kind.COMPLETED));
        attempt(
                "answered",
                () -> office.ledger(ANN)
                        .markAnswered(requests.get("one").envelope.id()));
        send(office, "last");
    }

    private void ask(Post post, String name) {
        Known known = new Known(request(name));
        requests.put(name, known);
        Envelope letter = known.envelope;
        PendingAsk ask = new PendingAsk(letter.requestId().orElseThrow(), letter.id(), ANN, Letters.SENT, letter.due());
        isAsked = attempt("ask", () -> post.asks(BEN).open(ask));
        if (isAsked) {
            send(post, known);
        }
    }

    private void send(Post post, String name) {
        Known known = new Known(request(name));
        requests.put(name, known);
        send(post, known);
    }

    private void send(Post post, Known known) {
        known.isSent = attempt("send", () -> post.delivery().send(known.envelope, Ring.NO));
    }

    private void change(Post post, String name, WorkState next) {
        Known known = requests.get(name);
        Set<WorkState> before = EnumSet.copyOf(known.states);
        known.states.add(next);
        Optional<Outcome>[] told = outcome();
        if (!attempt(
                name + " " + next,
                () -> told[0] = post.work(ANN)
                        .change(known.envelope.id(), WorkChange.of(next.mover().orElseThrow(), next)))) {
            return;
        }
        if (told[0].isEmpty()) {
            assertFalse(known.isSent, () -> name + " is no request");
            known.states = before;
            return;
        }
        WorkState now = told[0].get().work().state();
        assertEquals(told[0].get().isChanged(), now == next && !before.equals(Set.of(next)));
        assertTrue(known.states.contains(now), () -> name + " is " + now + " of " + known.states);
        known.states = EnumSet.of(now);
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static Optional<Outcome>[] outcome() {
        return new Optional[] {Optional.empty()};
    }

    private void claim(Post post, Edge edge) {
        attempt("claim " + edge.word(), () -> {
            if (post.asks(BEN).claim(ticket(), edge)) {
                claimed.add(edge.word());
            }
        });
    }

    private RequestId ticket() {
        return requests.get("one").envelope.requestId().orElseThrow();
    }

    private void fellDue(Post post, String name) {
        attempt("claim due", () -> {
            if (post.work(ANN).claim(requests.get(name).envelope.id(), new FellDue())) {
                claimed.add("due");
            }
        });
    }

    private void takeBack(Post post, String name) {
        MessageId id = requests.get(name).envelope.id();
        wasTriedToTakeBack = true;
        attempt("take back", () -> isTakenBack = post.delivery().withdraw(ANN, id));
    }

    /** Looks through what is left, as the process that comes after a crash. */
    void inspect(Disk found) throws IOException, InterruptedException {
        machine.killAll();
        Post post = Post.over(Store.over(HOME, found, clock, Trace.NONE), machine.start(20));
        assertEquals(
                List.of(),
                new StoreCheck(post.store(), post.processes())
                        .check().stream()
                                .filter(finding -> finding.severity() == Severity.ERROR)
                                .toList());
        boolean isMoved = post.store().isRealDirectory(post.store().session(EVE))
                && post.store().currentOf(ANN).equals(EVE);
        for (SessionId session : List.of(isMoved ? EVE : ANN, BEN)) {
            post.peers().register(post.registration(session));
            post.mailbox(session).recover();
        }
        OpenWork work = post.work(ANN);
        for (Map.Entry<String, Known> entry : requests.entrySet()) {
            inspect(entry.getKey(), entry.getValue(), work);
        }
        for (String edge : claimed) {
            boolean isTold = edge.equals("due")
                    ? !work.claim(requests.get("one").envelope.id(), new FellDue())
                    : !post.asks(BEN)
                            .claim(
                                    ticket(),
                                    edge.startsWith("idle") ? new Edge(Kind.IDLE, 1) : Edge.of(Kind.COMPLETED));
            assertTrue(isTold, () -> "told twice: " + edge);
        }
        if (isAsked) {
            PendingAsk ask = post.asks(BEN).find(ticket()).orElseThrow(() -> new AssertionError("forgotten"));
            assertEquals(requests.get("one").envelope.due(), ask.due(), "when it is due was forgotten");
        }
        if (requests.containsKey("unread") && requests.get("unread").isSent) {
            Optional<Place> place = post.mailbox(ANN)
                    .locate(requests.get("unread").envelope.id())
                    .map(Position::place);
            assertTrue(
                    place.equals(Optional.of(Place.WITHDRAWN))
                            ? wasTriedToTakeBack
                            : place.equals(Optional.of(Place.WAITING)) && !isTakenBack,
                    () -> "what was taken back: " + place);
        }
    }

    private static void inspect(String name, Known known, OpenWork works) throws IOException, InterruptedException {
        MessageId id = known.envelope.id();
        Optional<Work> work = works.find(id);
        if (work.isEmpty()) {
            assertFalse(known.isSent, () -> "lost: " + name);
            return;
        }
        WorkState state = work.get().state();
        assertTrue(known.states.contains(state), () -> name + " is " + state + ", not one of " + known.states);
        assertEquals(
                !state.isTerminal(),
                works.unfinished().stream().anyMatch(one -> one.request().id().equals(id)));
        // It can go on from there, whoever died over it.
        WorkChange failed = WorkChange.of(WorkState.Actor.OWNER, WorkState.FAILED);
        Outcome outcome = works.change(id, failed).orElseThrow();
        assertEquals(!state.isTerminal(), outcome.isChanged());
        assertEquals(
                state.isTerminal() ? state : WorkState.FAILED, outcome.work().state());
        assertTrue(outcome.work().revision() >= work.get().revision());
    }
}
