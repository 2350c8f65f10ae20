package dev.parley.tools;

import dev.parley.address.MessageId;
import dev.parley.address.SessionId;
import dev.parley.ledger.OpenWork.Outcome;
import dev.parley.ledger.Work;
import dev.parley.ledger.WorkChange;
import dev.parley.ledger.WorkState;
import dev.parley.ledger.WorkState.Actor;
import dev.parley.mailbox.Envelope;
import dev.parley.mcp.Describe;
import dev.parley.mcp.Tool;
import dev.parley.mcp.ToolException;
import dev.parley.mcp.Utf8Size;
import dev.parley.office.PostOffice;
import dev.parley.peer.Peer;
import dev.parley.session.LocalSession;
import dev.parley.tools.Desk.Visit;
import dev.parley.tools.Outgoing.Sent;
import dev.parley.tools.Outgoing.Stored;
import dev.parley.tools.Outgoing.Wake;
import dev.parley.trace.Event;
import dev.parley.wake.WakeReport;
import dev.parley.wake.Wish.Cause;
import dev.parley.work.LateAnswer;
import jakarta.validation.constraints.Pattern;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** {@code reply_to_message}: answers a received message by its id alone. */
final class ReplyToMessage {

    /** What the caller says. */
    record Input(
            @Describe("the message you received") @Pattern(regexp = "m-[0-9a-z]{16}") @KindOfId(KindOfId.Kind.MESSAGE)
            String messageId,

            @Utf8Size(min = 1, max = Envelope.MAX_BODY_BYTES)
            String body,

            @Nullable @Describe("as in send_message; unset: auto for a late answer")
            WakeMode wake,

            @Nullable @Describe("false: an acknowledgement") Boolean expectsReply,

            @Nullable @Describe("false: an interim answer; the request stays open") @SuppressWarnings("MemberName")
            Boolean _final) {

        boolean isInterim() {
            return Boolean.FALSE.equals(_final);
        }
    }

    private ReplyToMessage() {}

    static Tool<Input> tool(Supplier<Desk> desk) {
        return Tool.of("reply_to_message", Input.class, Desk.handler(desk, ReplyToMessage::handle))
                .titled("Reply")
                .describedAs(
                        "Answer any peer's message by its id, also a reply; it completes a request. Who waits in ask_peer gets it at"
                                + " once, others as a message.");
    }

    private static Object handle(Input input, Visit visit) throws ToolException, IOException, InterruptedException {
        LocalSession session = visit.session();
        Envelope received = session.received(new MessageId(input.messageId()))
                .orElseThrow(() -> new ToolException(
                        "message-not-found",
                        "this session has received no message " + input.messageId()
                                + ", or no longer keeps it. Ids are in read_my_messages and in the messages you were"
                                + " shown; to write without one use send_message."));
        Peer target = requester(received, session);
        Draft draft = input.isInterim() ? Draft.interimReplyTo(received) : Draft.replyTo(received);
        Envelope reply = draft.addressed(session.current(), target, input.body(), visit.now());
        Outgoing outgoing = visit.outgoing();
        boolean awaited = !input.isInterim() && isAwaited(received, target, session);
        Cause cause = cause(input, received, target, session);
        Wake wake = wished(input, cause);
        Sent sent = awaited ? handIn(reply, target, wake, visit) : outgoing.send(reply, target, wake, cause, session);
        Map<String, Object> out =
                result(received, sent, awaited && (sent.wake().isEmpty() || wake == Wake.NEVER), session);
        if (input.isInterim()) {
            out.put("correlation", Answers.UNCORRELATED);
            work(received, visit).ifPresent(work -> Answers.putWork(out, work));
        } else {
            complete(received, visit).ifPresent(outcome -> {
                Answers.putWork(out, outcome.work());
                out.put("work_changed", outcome.isChanged());
            });
            markAnswered(received.id(), session, visit);
        }
        return out;
    }

    /**
     * The request is completed by its answer. What has ended before stays as it is: the answer is delivered all the same. Done
     * before it is marked as answered, which by itself would count as completed.
     */
    private static Optional<Outcome> complete(Envelope received, Visit visit) throws InterruptedException {
        if (received.requestId().isEmpty()) {
            return Optional.empty();
        }
        try {
            return visit.session().work().change(received.id(), WorkChange.of(Actor.OWNER, WorkState.COMPLETED));
        } catch (IOException e) {
            visit.desk()
                    .trace()
                    .event(
                            Event.WORK_NOT_CHANGED,
                            Map.of("message", received.id().value(), "reason", e.toString()));
            return Optional.empty();
        }
    }

    private static Optional<Work> work(Envelope received, Visit visit) throws InterruptedException {
        try {
            return visit.session().work().find(received.id());
        } catch (IOException e) {
            visit.desk()
                    .trace()
                    .event(Event.STATE_UNKNOWN, Map.of("message", received.id().value(), "reason", e.toString()));
            return Optional.empty();
        }
    }

    /**
     * Answers somebody who waits in ask_peer: that takes no waking, unless the wait has come to its end just before the
     * answer was there. The asker looks once more after its mark is gone, so one of the two sees the other.
     */
    private static Sent handIn(Envelope reply, Peer target, Wake wake, Visit visit)
            throws ToolException, InterruptedException {
        Outgoing outgoing = visit.outgoing();
        LocalSession session = visit.session();
        boolean quiet = wake == Wake.OFF || wake == Wake.NEVER;
        Stored stored = outgoing.store(reply, target, wake, session);
        boolean late = !quiet && isLeft(reply, target, visit);
        Optional<WakeReport> report = late || quiet ? Outgoing.notClimbed(stored, wake) : Optional.empty();
        if (late && report.isEmpty()) {
            report = Optional.of(outgoing.climb(reply, target, Cause.LATE_ANSWER, session));
        }
        return outgoing.sent(stored, target, wake, report, session);
    }

    private static boolean isLeft(Envelope reply, Peer target, Visit visit) {
        try {
            return LateAnswer.isLeft(reply, target.id(), visit.session().office());
        } catch (IOException e) {
            visit.desk()
                    .trace()
                    .event(Event.ANSWER_UNOBSERVED, Map.of("message", reply.id().value(), "reason", e.toString()));
            return false;
        }
    }

    private static Map<String, Object> result(Envelope received, Sent sent, boolean awaited, LocalSession session) {
        Map<String, Object> common = Outgoing.fields(sent, session);
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("message_id", common.remove("message_id"));
        out.put("in_reply_to_message_id", received.id().value());
        out.putAll(common);
        out.put("correlation", received.requestId().isPresent() ? Answers.CORRELATED : Answers.UNCORRELATED);
        if (awaited) {
            out.put("outlook", "now");
            out.remove("hint");
        }
        return out;
    }

    /** Who sent it, under whatever id it has now. */
    private static Peer requester(Envelope received, LocalSession session)
            throws ToolException, IOException, InterruptedException {
        PostOffice office = session.office();
        Optional<SessionId> from = received.from();
        if (from.isEmpty()) {
            throw new ToolException("no-reply-target", "message " + received.id() + withoutMailbox(received));
        }
        if (received.host().isPresent()) {
            // Also where a session of this machine has that id.
            return Afar.sender(
                    received,
                    received.host().get(),
                    from.get(),
                    session.current().project(),
                    office);
        }
        SessionId now = office.peers().current(from.get());
        office.peers().finishMove(now);
        return office.peers()
                .find(now)
                .orElseThrow(() -> new ToolException(
                        "no-reply-target",
                        "the session " + now + " that sent it no longer exists; nothing was stored"));
    }

    private static String withoutMailbox(Envelope received) {
        if (received.origin() == Envelope.Origin.OFFICE) {
            return " came from Parley itself, which needs no answer";
        }
        return received.host()
                .map(
                        host -> " came from the operator on " + host
                                + ", who has no mailbox and may not see your output; write to a session there, if it has to be known")
                .orElse(" came from the operator, who has no mailbox; answer in your own output");
    }

    /** Whether the asker waits in ask_peer at this moment: then it has the answer at once, and needs no bell. */
    private static boolean isAwaited(Envelope received, Peer target, LocalSession session) throws IOException {
        return target.host().isEmpty()
                && received.requestId().isPresent()
                && session.office()
                        .asks(target.id())
                        .awaited()
                        .contains(received.requestId().get());
    }

    /** An asker whose question timed out waits no less than before: its answer climbs the whole ladder, once. */
    private static Cause cause(Input input, Envelope received, Peer target, LocalSession session) throws IOException {
        if (input.wake() == WakeMode.AUTO) {
            return Cause.WANTED;
        }
        boolean open = !input.isInterim()
                && target.host().isEmpty()
                && received.requestId().isPresent()
                && session.office()
                        .asks(target.id())
                        .find(received.requestId().get())
                        .isPresent();
        return open ? Cause.LATE_ANSWER : Cause.UNSAID;
    }

    /** Unset: what its client offers, and nothing is typed, unless it asked and the answer is late. */
    private static Wake wished(Input input, Cause cause) {
        if (Boolean.FALSE.equals(input.expectsReply())) {
            return Wake.NEVER;
        }
        if (input.wake() == WakeMode.OFF) {
            return Wake.OFF;
        }
        return cause == Cause.UNSAID ? Wake.NATIVE : Wake.CLIMB;
    }

    private static void markAnswered(MessageId messageId, LocalSession session, Visit visit)
            throws InterruptedException {
        try {
            session.ledger().markAnswered(messageId);
        } catch (IOException e) {
            // The reply is stored; only its state will lag behind.
            visit.desk()
                    .trace()
                    .event(Event.ANSWERED_MARK_FAILED, Map.of("message", messageId.value(), "reason", e.toString()));
        }
    }
}
