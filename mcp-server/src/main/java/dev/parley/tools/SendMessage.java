package dev.parley.tools;

import dev.parley.address.RequestId;
import dev.parley.ledger.PendingAsk;
import dev.parley.mailbox.Envelope;
import dev.parley.mcp.Describe;
import dev.parley.mcp.Tool;
import dev.parley.mcp.ToolException;
import dev.parley.mcp.Utf8Size;
import dev.parley.peer.Groups;
import dev.parley.peer.Peer;
import dev.parley.session.LocalSession;
import dev.parley.tools.Desk.Visit;
import dev.parley.tools.Outgoing.Sent;
import dev.parley.tools.Outgoing.Wake;
import dev.parley.wake.Wish.Cause;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** {@code send_message}: tells a peer something and does not wait. */
final class SendMessage {

    /** What the caller says. */
    record Input(
            @Describe("name, session id, unique id prefix (8+), tmux session, @group or @all") @Size(min = 1, max = 128)
            String target,

            @Utf8Size(min = 1, max = Envelope.MAX_BODY_BYTES)
            String body,

            @Nullable @Describe("unset: bell or queue. auto: also type into its tmux pane if safe. off: none")
            WakeMode wake,

            @Nullable @Describe("true: a request, open until answered. false: an acknowledgement, wakes nobody")
            Boolean expectsReply,

            @Nullable @Describe("for a request") @Min(1) @Max(10_080)
            Integer dueMinutes,

            @Nullable
            @Describe("your earlier message to this target that no longer counts")
            @Pattern(regexp = "m-[0-9a-z]{16}")
            @KindOfId(KindOfId.Kind.MESSAGE)
            String supersedes,

            @Nullable
            @Describe("request id; reply_to_message sets it")
            @Pattern(regexp = "q-[0-9a-z]{16}")
            @KindOfId(KindOfId.Kind.REQUEST)
            String replyTo,

            @Nullable @Pattern(regexp = "m-[0-9a-z]{16}") @KindOfId(KindOfId.Kind.MESSAGE)
            String sourceMessageId) {}

    private SendMessage() {}

    static Tool<Input> tool(Supplier<Desk> desk) {
        return Tool.of("send_message", Input.class, Desk.handler(desk, SendMessage::handle))
                .titled("Send a message")
                .describedAs(
                        "Send a message to another agent session of this project and go on working. It is stored durably"
                                + " first; state and outlook say what is known. To wait for an answer use ask_peer.");
    }

    private static Object handle(Input input, Visit visit) throws ToolException, IOException, InterruptedException {
        boolean isRequest = Boolean.TRUE.equals(input.expectsReply());
        if (input.dueMinutes() != null && !isRequest) {
            throw new ToolException(
                    "invalid-arguments",
                    "due_minutes goes with expects_reply: true, since only a request is due; nothing was sent");
        }
        LocalSession session = visit.session();
        Peer self = session.current();
        if (Groups.isMeantBy(input.target())) {
            return new GroupMessage(input, self, visit).send();
        }
        Peer target = visit.outgoing().resolve(input.target(), self, session.office());
        Optional<Supersession> earlier = Supersession.of(input.supersedes(), target, visit);
        Draft draft = Draft.message(input.replyTo(), input.sourceMessageId()).inPlaceOf(earlier);
        Envelope envelope = (isRequest ? draft.asRequest(input.dueMinutes()) : draft)
                .addressed(self, target, input.body(), visit.now());
        Sent sent = sent(envelope, target, input, visit);
        Map<String, Object> out = Outgoing.fields(sent, session);
        Answers.put(out, "request_id", envelope.requestId().map(RequestId::value));
        if (earlier.isPresent()) {
            out.put("superseded", earlier.get().complete(envelope, visit));
        }
        return out;
    }

    private static Sent sent(Envelope envelope, Peer target, Input input, Visit visit)
            throws ToolException, IOException, InterruptedException {
        Wake wake = Boolean.FALSE.equals(input.expectsReply()) ? Wake.NEVER : wished(input.wake());
        Cause cause = wake == Wake.CLIMB ? Cause.WANTED : Cause.UNSAID;
        if (envelope.requestId().isEmpty()) {
            return visit.outgoing().send(envelope, target, wake, cause, visit.session());
        }
        PendingAsk ask = Tickets.open(envelope, visit);
        return Tickets.orClosed(
                ask, visit, () -> visit.outgoing().send(envelope, target, wake, cause, visit.session()));
    }

    /** Unset: what the recipient's client offers, and nothing is typed. */
    private static Wake wished(@Nullable WakeMode mode) {
        if (mode == null) {
            return Wake.NATIVE;
        }
        return mode == WakeMode.OFF ? Wake.OFF : Wake.CLIMB;
    }
}
