package dev.parley.tools;

import dev.parley.address.HostName;
import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.ledger.MessageState;
import dev.parley.ledger.PendingAsk;
import dev.parley.ledger.PendingAsks;
import dev.parley.ledger.Work;
import dev.parley.mailbox.Batch;
import dev.parley.mailbox.Envelope;
import dev.parley.mcp.Answer;
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
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** {@code ask_peer}: asks a peer and waits for its answer, or goes on waiting with a ticket. */
final class AskPeer {

    /** What the caller says: a question, or a ticket. */
    record Input(
            @Nullable @Size(min = 1, max = 128) String target,

            @Nullable @Utf8Size(min = 1, max = Envelope.MAX_BODY_BYTES)
            String body,

            @Nullable @Describe("default 50000") @Min(1) @Max(600_000)
            Integer timeoutMs,

            @Nullable @Min(1) @Max(10_080) Integer dueMinutes,

            @Nullable @Pattern(regexp = "m-[0-9a-z]{16}") @KindOfId(KindOfId.Kind.MESSAGE)
            String supersedes,

            @Nullable
            @Describe("alone: wait on for an earlier question")
            @Pattern(regexp = "q-[0-9a-z]{16}")
            @KindOfId(KindOfId.Kind.REQUEST)
            String requestId) {}

    /** Who waits in a circle is in a call. */
    private static final Future<WakeReport> NOBODY_IS_WOKEN = new CompletableFuture<>();

    private AskPeer() {}

    static Tool<Input> tool(Supplier<Desk> desk) {
        return Tool.of("ask_peer", Input.class, Desk.handler(desk, AskPeer::handle))
                .titled("Ask and wait")
                .describedAs(
                        "Ask another agent session and wait. timed_out is no failure: the question stays open (24 h), a late"
                                + " answer arrives as a message, request_id alone waits on. would_deadlock: first answer"
                                + " answer_first.");
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
        return ask(input, input.target(), input.body(), visit, patience);
    }

    private static Object ask(Input input, String to, String body, Visit visit, Patience patience)
            throws ToolException, IOException, InterruptedException {
        LocalSession session = visit.session();
        Peer self = session.current();
        Peer target = visit.outgoing().resolve(to, self, session.office());
        Optional<Supersession> earlier = Supersession.of(input.supersedes(), target, visit);
        Envelope question = Draft.message(null, null)
                .asRequest(input.dueMinutes())
                .inPlaceOf(earlier)
                .addressed(self, target, body, visit.now());
        PendingAsk ask = Tickets.open(question, visit);
        // Waiting before the question is out: nobody else may take an answer that comes at once.
        try (AnswerWait waiting = AnswerWait.begin(ask.requestId(), target.host(), visit)) {
            Stored stored =
                    Tickets.orClosed(ask, visit, () -> visit.outgoing().store(question, target, Wake.CLIMB, session));
            Optional<String> superseded =
                    earlier.isPresent() ? Optional.of(earlier.get().complete(question, visit)) : Optional.empty();
            boolean isAfar = target.host().isPresent();
            Prospect prospect = Prospect.of(ask, target.host(), visit);
            boolean isDeadlock = prospect.deadlock().isPresent();
            boolean isOut = Outgoing.isOut(target, session);
            Optional<WakeReport> resumed =
                    isOut && !isDeadlock ? Optional.of(resume(question, target, stored, visit)) : Optional.empty();
            Future<WakeReport> climbing = isDeadlock || isAfar
                    ? NOBODY_IS_WOKEN
                    : resumed.<Future<WakeReport>>map(CompletableFuture::completedFuture)
                            .orElseGet(() -> climb(question, target, stored, visit));
            boolean isInVain = isDeadlock || (isOut && !Outgoing.isResumed(resumed));
            Patience patient = isInVain ? patience.none() : patience;
            return answered(ask, waiting, prospect, visit, patient, (result, isOpen) -> {
                Answers.put(result, "superseded", superseded);
                Sent sent = visit.outgoing().sent(stored, target, Wake.CLIMB, finished(climbing), session);
                if (isOpen && prospect.deadlock().isEmpty()) {
                    Outgoing.outlookFields(result, sent);
                }
                Outgoing.wakeFields(result, sent);
            });
        }
    }

    /** What a result says beyond the question and its answer. */
    private interface Further {
        void put(Map<String, Object> out, boolean isOpen) throws InterruptedException;
    }

    /** Waits, and makes the result; an answer that was taken is in it, or back in the mailbox. */
    private static Object answered(
            PendingAsk ask, AnswerWait waiting, Prospect prospect, Visit visit, Patience patience, Further further)
            throws ToolException, InterruptedException {
        try {
            Optional<Batch> first = waiting.await(ask.to(), patience.limit(), prospect);
            Optional<Work> ended =
                    first.filter(batch -> !isNotice(batch)).isPresent() ? Optional.empty() : prospect.ended();
            // Who completes a request has delivered the answer before that.
            Optional<Batch> taken = first.isEmpty() && ended.isPresent() ? waiting.take(ask.to()) : first;
            boolean isAnswered = taken.filter(batch -> !isNotice(batch)).isPresent();
            PendingAsks asks = visit.session().asks();
            if (taken.isEmpty() && ended.isPresent()) {
                closeWhenTold(ask, asks, visit);
            }
            return visit.desk()
                    .handOvers()
                    .putting(taken, visit.call(), () -> Tickets.close(asks, ask.requestId(), visit.desk()), () -> {
                        Map<String, Object> out = new LinkedHashMap<>();
                        out.put("message_id", ask.messageId().value());
                        out.put("request_id", ask.requestId().value());
                        out.put("reply", isAnswered ? reply(taken.orElseThrow()) : null);
                        out.put("correlation", isAnswered ? Answers.CORRELATED : "none");
                        out.put("timed_out", taken.isEmpty() && ended.isEmpty());
                        out.put("timeout_ms", patience.limit().toMillis());
                        patience.clampedFromMillis().ifPresent(ms -> out.put("timeout_clamped_from_ms", ms));
                        out.put("state", isAnswered ? "answered" : state(ask, visit));
                        if (!isAnswered) {
                            ended.ifPresent(work -> Answers.putWork(out, work));
                        }
                        boolean isOpen = !isAnswered && ended.isEmpty();
                        if (isOpen && prospect.deadlock().isPresent()) {
                            prospect.deadlock().get().put(out);
                        }
                        further.put(out, isOpen);
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

    /** Nothing more will come of a request that has ended, and its asker is told so by this answer. */
    private static void closeWhenTold(PendingAsk ask, PendingAsks asks, Visit visit) {
        visit.call().afterAnswer(answer -> {
            if (answer instanceof Answer.Written) {
                Tickets.close(asks, ask.requestId(), visit.desk());
            }
        });
    }

    /** Whether the office tells that nothing will be answered. */
    private static boolean isNotice(Batch taken) {
        return taken.messages().get(0).envelope().origin() == Envelope.Origin.OFFICE;
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

    /** Of who has ended: nobody waits for it, unless it is being resumed. */
    private static WakeReport resume(Envelope question, Peer target, Stored stored, Visit visit)
            throws InterruptedException {
        Optional<WakeReport> limited = Outgoing.notClimbed(stored, Wake.CLIMB);
        return limited.isPresent()
                ? limited.get()
                : visit.outgoing().resume(question, target).orElse(Outgoing.ENDED);
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
        if (Stream.of(input.target(), input.body(), input.dueMinutes(), input.supersedes())
                .anyMatch(Objects::nonNull)) {
            throw new ToolException(
                    "invalid-arguments",
                    "request_id goes alone: it waits for an earlier question and asks nothing new");
        }
        LocalSession session = visit.session();
        Optional<PendingAsk> found = session.asks().find(ticket);
        if (found.isEmpty()) {
            throw new ToolException(
                    "request-not-found",
                    "no open question " + ticket
                            + " of this session: it was answered or has ended, its time has run out, or it never was."
                            + " If its answer arrived as a message, read_my_messages shows it.");
        }
        PendingAsk ask = found.get();
        Optional<HostName> host = Afar.host(ask.messageId(), session.office());
        try (AnswerWait waiting = AnswerWait.begin(ticket, host, visit)) {
            Prospect prospect = Prospect.of(ask, host, visit);
            boolean isInVain =
                    prospect.ended().isPresent() || prospect.deadlock().isPresent();
            return answered(ask, waiting, prospect, visit, isInVain ? patience.none() : patience, (out, isOpen) -> {});
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
        Answers.put(out, "from_host", e.host().map(HostName::value));
        Answers.put(out, "reply_to", e.replyTo().map(RequestId::value));
        out.put("correlation", Answers.CORRELATED);
        return out;
    }
}
