package dev.parley.store.ledger;

import dev.parley.address.MessageId;
import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.ledger.Delivery.Ring;
import dev.parley.ledger.PendingAsk;
import dev.parley.ledger.PendingAsks;
import dev.parley.ledger.Retention;
import dev.parley.mailbox.Batch;
import dev.parley.mailbox.Batch.Seen;
import dev.parley.mailbox.Budget;
import dev.parley.mailbox.Envelope;
import dev.parley.office.Upkeep;
import dev.parley.process.ProcessTable;
import dev.parley.store.Disk;
import dev.parley.store.Store;
import dev.parley.store.upkeep.StoreSweep;
import dev.parley.testing.Letters;
import dev.parley.testing.SimulatedProcesses;
import dev.parley.testing.SteppedClock;
import dev.parley.trace.Trace;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A day at the post office, by one process, with everything that can happen to mail in it: and beside it what the process
 * was told, so that it can be compared with what is found after a crash anywhere.
 */
final class History {

    static final Path HOME = Path.of("/parley");
    static final SessionId ANN = new SessionId("ann");
    static final SessionId EVE = new SessionId("eve");
    static final SessionId BEN = new SessionId("ben");

    /** So few that pruning happens. */
    static final Retention FEW = new Retention(4, PendingAsk.LIFE);

    private static final RequestId REQUEST = RequestId.create();

    /** What the sender was told of a message. */
    enum Told {
        /** Nothing yet: the crash came first. */
        NOTHING,
        /** That it was not sent. */
        FAILED,
        /** That it was sent. */
        SENT
    }

    /** What the process knows of one message. */
    static final class Known {
        final Envelope envelope;
        final int number;
        Told told = Told.NOTHING;
        /** A taker had it in hand, and it is not known that nobody saw it. */
        boolean handed;

        boolean marked;
        /** It was begun to say that it was shown. */
        boolean confirming;

        boolean shown;
        boolean answered;

        Known(Envelope envelope, int number) {
            this.envelope = envelope;
            this.number = number;
        }
    }

    final Map<MessageId, Known> letters = new LinkedHashMap<>();
    final Set<RequestId> openAsks = new HashSet<>();
    /** Operations that failed, by what they were. */
    final Map<String, Integer> failures = new HashMap<>();

    private final SimulatedProcesses machine = new SimulatedProcesses();
    private final ProcessTable self = machine.start(10);
    private final SteppedClock clock;
    private final Disk disk;

    History(Disk disk, SteppedClock clock) {
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
            return true;
        } catch (IOException e) {
            failures.merge(what, 1, Integer::sum);
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The process that comes after a crash: its view of the store. */
    Post restart(Disk found) throws IOException {
        machine.killAll();
        return Post.over(Store.over(HOME, found, clock, Trace.NONE), machine.start(20), FEW);
    }

    void run() throws IOException {
        day(open());
    }

    /** Nothing but one question, asked, waited for and answered. */
    void runQuestion() throws IOException {
        Post post = open();
        register(post);
        ask(post);
        answer(post);
    }

    /** Nothing but one message. */
    void runSend() throws IOException {
        Post post = open();
        register(post);
        send(post, ANN, "one");
    }

    private Post open() throws IOException {
        Optional<Post> opened = Optional.empty();
        for (int trial = 0; opened.isEmpty(); trial++) {
            try {
                opened = Optional.of(Post.over(Store.over(HOME, disk, clock, Trace.NONE), self, FEW));
            } catch (IOException e) {
                failures.merge("open", 1, Integer::sum);
                if (trial > 0) {
                    throw e;
                }
            }
        }
        return opened.get();
    }

    private void register(Post post) {
        for (SessionId session : new SessionId[] {ANN, BEN}) {
            if (!attempt("register", () -> post.peers().register(post.registration(session)))) {
                attempt("register again", () -> post.peers().register(post.registration(session)));
            }
        }
    }

    private void day(Post post) {
        register(post);
        send(post, ANN, "one");
        send(post, ANN, "two");
        claimAndConfirm(post, ANN);
        send(post, ANN, "three");
        claimAndGiveBack(post, ANN, Seen.NO);
        claimAndGiveBack(post, ANN, Seen.PERHAPS);
        ask(post);
        answer(post);
        send(post, ANN, "four");
        for (int i = 0; i < 4; i++) {
            send(post, BEN, "filler " + i);
        }
        claimAndConfirm(post, BEN);
        send(post, BEN, "after the pruning");
        if (!attempt("move", () -> post.peers().move(ANN, post.registration(EVE)))) {
            attempt("move again", () -> post.peers().move(ANN, post.registration(EVE)));
        }
        send(post, ANN, "to the old id");
        send(post, EVE, "to the new id");
        claimAndGiveBack(post, EVE, Seen.PERHAPS);
        attempt(
                "sweep",
                () -> new StoreSweep(post.store(), post.processes(), Duration.ofDays(1)).sweep(Upkeep.Mode.REMOVE));
        claim(post, EVE);
        send(post, EVE, "last");
    }

    private void send(Post post, SessionId to, String body) {
        send(post, Letters.plain(new SessionId("sender"), to, body));
    }

    private boolean send(Post post, Envelope envelope) {
        Known known = new Known(envelope, letters.size());
        letters.put(envelope.id(), known);
        boolean sent = attempt("send", () -> post.delivery().send(envelope, Ring.YES));
        known.told = sent ? Told.SENT : Told.FAILED;
        return sent;
    }

    private Optional<Batch> claim(Post post, SessionId owner) {
        Batch[] batch = new Batch[1];
        attempt("claim", () -> {
            batch[0] = post.mailbox(owner).claim(Budget.READ, post.asks(owner).awaited()::contains);
            batch[0].messages()
                    .forEach(claimed -> letters.get(claimed.envelope().id()).handed = true);
        });
        return Optional.ofNullable(batch[0]);
    }

    private void claimAndConfirm(Post post, SessionId owner) {
        Optional<Batch> batch = claim(post, owner);
        batch.ifPresent(b -> {
            attempt("written", b::written);
            b.messages().forEach(claimed -> letters.get(claimed.envelope().id()).confirming = true);
            if (attempt("confirm", b::confirm)) {
                b.messages().forEach(claimed -> letters.get(claimed.envelope().id()).shown = true);
            }
        });
    }

    private void claimAndGiveBack(Post post, SessionId owner, Seen seen) {
        Optional<Batch> batch = claim(post, owner);
        batch.ifPresent(b -> {
            if (seen == Seen.PERHAPS) {
                attempt("written", b::written);
            } else {
                // It goes back as it was, because it is known that nobody saw it.
                b.messages().forEach(claimed -> letters.get(claimed.envelope().id()).handed = false);
            }
            // Once more if it failed: what is back is back, and the rest goes on.
            if (attempt("give back", () -> b.giveBack(seen)) || attempt("give back again", () -> b.giveBack(seen))) {
                b.messages().forEach(claimed -> {
                    Known known = letters.get(claimed.envelope().id());
                    known.handed = false;
                    known.marked |= seen == Seen.PERHAPS;
                });
            }
        });
    }

    private void ask(Post post) {
        Envelope question = Letters.question(BEN, ANN, REQUEST, "question");
        PendingAsk ask = new PendingAsk(REQUEST, question.id(), ANN, clock.instant());
        if (attempt("ask", () -> post.asks(BEN).open(ask))) {
            openAsks.add(REQUEST);
            send(post, question);
        }
    }

    private void answer(Post post) {
        Optional<Known> question = letters.values().stream()
                .filter(k -> k.envelope.requestId().isPresent())
                .findFirst();
        if (question.isEmpty() || question.get().told != Told.SENT) {
            return;
        }
        claimAndConfirm(post, ANN);
        attempt("wait for the answer", () -> {
            try (PendingAsks.Waiting waiting = post.asks(BEN).waiting(REQUEST)) {
                send(post, Letters.answer(ANN, BEN, waiting.requestId(), "answer"));
                if (attempt(
                        "mark",
                        () -> post.ledger(ANN)
                                .markAnswered(question.get().envelope.id()))) {
                    question.get().answered = true;
                }
                claim(post, BEN);
                takeAnswer(post, waiting.requestId());
            }
        });
    }

    private void takeAnswer(Post post, RequestId request) {
        attempt("take the answer", () -> {
            Optional<Batch> answer = post.mailbox(BEN).claimAnswer(request, ANN::equals);
            if (answer.isPresent()) {
                Known known =
                        letters.get(answer.get().messages().get(0).envelope().id());
                known.handed = true;
                // As ask_peer does it: written to the client, the ticket spent, and proven by the client's next call.
                attempt("written", answer.get()::written);
                openAsks.remove(request);
                attempt("close", () -> post.asks(BEN).close(request));
                known.confirming = true;
                if (attempt("confirm", answer.get()::confirm)) {
                    known.shown = true;
                }
            }
        });
    }
}
