package dev.parley.tools;

import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.ledger.MessageState;
import dev.parley.ledger.PendingAsk;
import dev.parley.ledger.PendingAsks;
import dev.parley.mailbox.Batch;
import dev.parley.mailbox.Envelope;
import dev.parley.mcp.Describe;
import dev.parley.mcp.Tool;
import dev.parley.mcp.ToolException;
import dev.parley.mcp.Utf8Size;
import dev.parley.peer.Peer;
import dev.parley.session.LocalSession;
import dev.parley.tools.Desk.Visit;
import dev.parley.tools.Outgoing.Sent;
import dev.parley.tools.Outgoing.Stored;
import dev.parley.tools.Outgoing.Wake;
import dev.parley.trace.Event;
import dev.parley.wake.WakeReport;
import dev.parley.wake.WakeStatus;
import dev.parley.wake.Wish.Cause;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** {@code ask_peer}: asks a peer and waits for its answer, or goes on waiting with a ticket. */
final class AskPeer {

    /** What the caller says: a question, or a ticket. */
    record Input(
            @Nullable
            @Describe("whom to ask: name, session id, unique id prefix (8+), or tmux session")
            @Size(min = 1, max = 128)
            String target,

            @Nullable @Utf8Size(min = 1, max = Envelope.MAX_BODY_BYTES)
            String body,

            @Nullable @Describe("how long to wait; default 50000") @Min(1) @Max(600_000)
            Integer timeoutMs,

            @Nullable
            @Describe("alone: go on waiting for the answer to an earlier question")
            @Pattern(regexp = "q-[0-9a-z]{16}")
            @KindOfId(KindOfId.Kind.REQUEST)
            String requestId) {}

    private AskPeer() {}

    static Tool<Input> tool(Supplier<Desk> desk) {
        return Tool.of("ask_peer", Input.class, Desk.handler(desk, AskPeer::handle))
                .titled("Ask a peer session and wait")
                .describedAs("Ask another agent session and wait for its answer. timed_out is no failure: the question"
                        + " stays open for 24 h, a late answer arrives as a message, and calling again with"
                        + " request_id alone waits on.");
    }

    private static Object handle(Input input, Visit visit) throws ToolException, IOException, InterruptedException {
        Patience patience = Patience.of(input.timeoutMs(), visit.session());
        if (input.requestId() != null) {
            return goOnWaiting(input, new RequestId(input.requestId()), visit, patience);
        }
        if (input.target() == null || input.body() == null) {
            throw new ToolException(
                    "invalid-arguments",
                    "ask_peer takes target and body for a new question, or request_id alone to wait on");
        }
        return ask(input.target(), input.body(), visit, patience);
    }

    private static Object ask(String to, String body, Visit visit, Patience patience)
            throws ToolException, IOException, InterruptedException {
        LocalSession session = visit.session();
        Peer self = session.current();
        Peer target = visit.outgoing().resolve(to, self, session.office());
        Envelope question = Draft.question().addressed(self, target, body, visit.now());
        PendingAsk ask =
                new PendingAsk(question.requestId().orElseThrow(), question.id(), target.id(), question.sentAt());
        session.asks().open(ask);
        // Waiting before the question is out: nobody else may take an answer that comes at once.
        try (AnswerWait waiting = AnswerWait.begin(ask.requestId(), visit)) {
            Stored stored = stored(question, target, visit);
            // Climbing may take seconds; an answer must not wait for it.
            boolean out = Outgoing.isOut(target, session);
            Future<WakeReport> climbing = out
                    ? CompletableFuture.completedFuture(WakeReport.not(WakeStatus.SKIPPED_NO_TARGET, Outgoing.OUT))
                    : climb(question, target, stored, visit);
            return answered(ask, waiting, visit, out ? patience.none() : patience, (result, answer) -> {
                Sent sent = visit.outgoing().sent(stored, target, Wake.CLIMB, finished(climbing), session);
                if (answer.isEmpty()) {
                    Outgoing.outlookFields(result, sent);
                }
                Outgoing.wakeFields(result, sent);
            });
        }
    }

    /** Stores the question, or forgets that it was to be asked. */
    private static Stored stored(Envelope question, Peer target, Visit visit)
            throws ToolException, IOException, InterruptedException {
        PendingAsks asks = visit.session().asks();
        try {
            return visit.outgoing().store(question, target, Wake.CLIMB, visit.session());
        } catch (ToolException e) {
            close(asks, question.requestId().orElseThrow(), visit.desk());
            throw e;
        }
    }

    /** What a result says beyond the question and its answer. */
    private interface Further {
        void put(Map<String, Object> out, Optional<Batch> answer) throws InterruptedException;
    }

    /** Waits, and makes the result; an answer that was taken is in it, or back in the mailbox. */
    private static Object answered(PendingAsk ask, AnswerWait waiting, Visit visit, Patience patience, Further further)
            throws ToolException, InterruptedException {
        try {
            Optional<Batch> answer = waiting.await(ask.to(), patience.limit());
            PendingAsks asks = visit.session().asks();
            return visit.desk()
                    .handOvers()
                    .putting(answer, visit.call(), () -> close(asks, ask.requestId(), visit.desk()), () -> {
                        Map<String, Object> out = new LinkedHashMap<>();
                        out.put("message_id", ask.messageId().value());
                        out.put("request_id", ask.requestId().value());
                        out.put("reply", answer.map(AskPeer::reply).orElse(null));
                        out.put("correlation", answer.isPresent() ? Answers.CORRELATED : "none");
                        out.put("timed_out", answer.isEmpty());
                        out.put("timeout_ms", patience.limit().toMillis());
                        patience.clampedFromMillis().ifPresent(ms -> out.put("timeout_clamped_from_ms", ms));
                        out.put("state", answer.isPresent() ? "answered" : state(ask, visit));
                        further.put(out, answer);
                        return out;
                    });
        } catch (IOException e) {
            throw new ToolException(
                    "store-unavailable",
                    "the question is stored, but waiting for its answer failed: " + Desk.message(e)
                            + ". Do not ask again: wait on with this request_id.",
                    Map.of(
                            "message_id",
                            ask.messageId().value(),
                            "request_id",
                            ask.requestId().value()));
        }
    }

    /** How far the question has come; that it is stored is certain. */
    private static String state(PendingAsk ask, Visit visit) throws InterruptedException {
        try {
            LocalSession session = visit.session();
            MessageState state = session.office()
                    .tracker()
                    .status(ask.messageId(), session.current().id())
                    .state();
            return (state == MessageState.UNKNOWN ? MessageState.STORED : state)
                    .name()
                    .toLowerCase(Locale.ROOT);
        } catch (IOException e) {
            visit.desk()
                    .trace()
                    .event(
                            Event.STATE_UNKNOWN,
                            Map.of("message", ask.messageId().value(), "reason", e.toString()));
            return "stored";
        }
    }

    private static Future<WakeReport> climb(Envelope question, Peer target, Stored stored, Visit visit) {
        Optional<WakeReport> limited = Outgoing.notClimbed(stored, Wake.CLIMB);
        if (limited.isPresent()) {
            return CompletableFuture.completedFuture(limited.get());
        }
        FutureTask<WakeReport> climbing =
                new FutureTask<>(() -> visit.outgoing().climb(question, target, Cause.WANTED, visit.session()));
        Thread thread = new Thread(climbing, "parley-wake");
        thread.setDaemon(true);
        thread.start();
        return climbing;
    }

    /** What came of waking; empty while a rung is still at it, which does not matter once there is an answer. */
    private static Optional<WakeReport> finished(Future<WakeReport> climbing) throws InterruptedException {
        if (!climbing.isDone()) {
            return Optional.empty();
        }
        try {
            return Optional.of(climbing.get());
        } catch (ExecutionException e) {
            return Optional.of(WakeReport.not(WakeStatus.SKIPPED_STORE_ERROR, String.valueOf(e.getCause())));
        }
    }

    private static Object goOnWaiting(Input input, RequestId ticket, Visit visit, Patience patience)
            throws ToolException, IOException, InterruptedException {
        if (input.target() != null || input.body() != null) {
            throw new ToolException(
                    "invalid-arguments",
                    "request_id goes alone: it waits for an earlier question and asks nothing new");
        }
        LocalSession session = visit.session();
        Optional<PendingAsk> ask = session.asks().find(ticket);
        if (ask.isEmpty()) {
            throw new ToolException(
                    "request-not-found",
                    "no open question " + ticket
                            + " of this session: it was answered, is older than 24 h, or never was."
                            + " If its answer arrived as a message, read_my_messages shows it.");
        }
        try (AnswerWait waiting = AnswerWait.begin(ticket, visit)) {
            return answered(ask.get(), waiting, visit, patience, (out, answer) -> {});
        }
    }

    /** The answer has been written: the ticket is spent. If this fails the ticket runs out by itself. */
    private static void close(PendingAsks asks, RequestId ticket, Desk desk) {
        try {
            asks.close(ticket);
        } catch (IOException e) {
            desk.trace().event(Event.ASK_NOT_CLOSED, Map.of("request", ticket.value(), "reason", e.toString()));
        }
    }

    private static Map<String, Object> reply(Batch batch) {
        Envelope e = batch.messages().get(0).envelope();
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("id", e.id().value());
        out.put("body", e.body());
        out.put("enqueued_at", e.sentAt().getEpochSecond());
        Answers.put(out, "from_session_id", e.from().map(SessionId::value));
        out.put("from_name", e.fromName());
        Answers.put(out, "reply_to", e.replyTo().map(RequestId::value));
        out.put("correlation", Answers.CORRELATED);
        return out;
    }
}
