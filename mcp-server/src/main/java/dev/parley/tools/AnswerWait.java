package dev.parley.tools;

import dev.parley.address.HostName;
import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.ledger.PendingAsks;
import dev.parley.mailbox.Batch;
import dev.parley.mailbox.Envelope;
import dev.parley.mailbox.Mailbox;
import dev.parley.mcp.CallContext;
import dev.parley.peer.PeerDirectory;
import dev.parley.session.LocalSession;
import dev.parley.tools.Desk.Visit;
import dev.parley.trace.Event;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Predicate;

/**
 * One call's waiting for the answer to one question. From {@link #begin} to {@link #close} nobody else takes that answer.
 * Closing never throws: a mark that stays ends with this process.
 */
final class AnswerWait implements AutoCloseable {

    private static final Duration PROGRESS = Duration.ofSeconds(5);

    private final PendingAsks.Waiting mark;
    private final Visit visit;

    /** Where who was asked is; empty if that is this machine. */
    private final Optional<HostName> host;

    private boolean open = true;

    private AnswerWait(PendingAsks.Waiting mark, Visit visit, Optional<HostName> host) {
        this.mark = mark;
        this.visit = visit;
        this.host = host;
    }

    /**
     * Begins it.
     *
     * @param host the machine of who was asked; empty if that is this one
     */
    static AnswerWait begin(RequestId ticket, Optional<HostName> host, Visit visit)
            throws IOException, InterruptedException {
        return new AnswerWait(visit.session().asks().waiting(ticket), visit, host);
    }

    /**
     * Waits for the answer of the session that was asked, under whatever id it has by then.
     *
     * <p>Looks once more after the limit, when it is no longer marked as waiting: whoever answered before saw the mark and
     * relied on that; a server that answers later sees that nobody waits, and wakes the asker.
     *
     * @param prospect ends the wait before the limit, once it is gone
     * @return the answer, taken; empty after the limit
     */
    Optional<Batch> await(SessionId asked, Duration limit, Prospect prospect) throws IOException, InterruptedException {
        Predicate<Envelope> mayAnswer = mayAnswer(asked);
        long start = System.nanoTime();
        Optional<Batch> answer = awaitMarked(mayAnswer, start, limit, prospect);
        if (answer.isEmpty()) {
            close();
            answer = visit.session().mailbox().claimAnswerIf(mark.requestId(), mayAnswer);
        }
        visit.desk()
                .trace()
                .event(
                        answer.isPresent() ? Event.ANSWERED : Event.ASK_TIMED_OUT,
                        Map.of(
                                "request",
                                mark.requestId().value(),
                                "waited_ms",
                                (System.nanoTime() - start) / 1_000_000));
        return answer;
    }

    /** Takes the answer, if it is there; after the wait. */
    Optional<Batch> take(SessionId asked) throws IOException, InterruptedException {
        return visit.session().mailbox().claimAnswerIf(mark.requestId(), mayAnswer(asked));
    }

    /**
     * Who was asked; and the session itself, which sends itself nothing but that it has canceled the request. Of another machine whoever
     * knows the request id has it from who was asked, or is the same under another id.
     */
    private Predicate<Envelope> mayAnswer(SessionId asked) throws IOException, InterruptedException {
        SessionId self = visit.session().current().id();
        return letter -> {
            Optional<SessionId> from = letter.from();
            if (letter.host().isPresent()) {
                return letter.host().equals(host);
            }
            return from.isPresent()
                    && ((host.isEmpty() && isSame(from.get(), asked, visit.session()))
                            || isSame(from.get(), self, visit.session()));
        };
    }

    private Optional<Batch> awaitMarked(Predicate<Envelope> mayAnswer, long start, Duration limit, Prospect prospect)
            throws IOException, InterruptedException {
        LocalSession session = visit.session();
        // Whoever is asked may end or be killed while this waits.
        visit.desk().remindSoon();
        long looked = 0;
        while (true) {
            Mailbox mailbox = session.mailbox();
            // A new watch when the session has got another id meanwhile: its mail is elsewhere then.
            try (Mailbox.Arrivals arrivals = mailbox.arrivals()) {
                while (mailbox.owner().equals(session.mailbox().owner())) {
                    Optional<Batch> answer = mailbox.claimAnswerIf(mark.requestId(), mayAnswer);
                    Duration waited = Duration.ofNanos(System.nanoTime() - start);
                    if (answer.isPresent() || waited.compareTo(limit) >= 0) {
                        return answer;
                    }
                    long ticks = waited.dividedBy(PROGRESS);
                    if (ticks > looked && prospect.isGone()) {
                        return Optional.empty();
                    }
                    looked = ticks;
                    tellProgress(visit.call(), PROGRESS.multipliedBy(ticks), limit);
                    // Other mail ends a wait too early for a tick; the next one is due all the same.
                    Duration tick = PROGRESS.multipliedBy(ticks + 1);
                    arrivals.await((tick.compareTo(limit) < 0 ? tick : limit).minus(waited));
                }
            }
        }
    }

    /** Telling the same progress twice does nothing. */
    private static void tellProgress(CallContext call, Duration waited, Duration limit) {
        if (!waited.isZero()) {
            call.progress(
                    (double) waited.toSeconds(),
                    OptionalDouble.of((double) limit.toSeconds()),
                    "waiting for the answer for " + waited.toSeconds() + " s");
        }
    }

    /** The asked session, under whatever id it has now. */
    private static boolean isSame(SessionId from, SessionId asked, LocalSession session) {
        PeerDirectory peers = session.office().peers();
        try {
            return peers.current(from).equals(peers.current(asked));
        } catch (IOException e) {
            return from.equals(asked);
        }
    }

    @Override
    public void close() {
        if (open) {
            open = false;
            try {
                mark.close();
            } catch (IOException e) {
                visit.desk()
                        .trace()
                        .event(
                                Event.WAITING_MARK_STAYS,
                                Map.of("request", mark.requestId().value(), "reason", e.toString()));
            }
        }
    }
}
