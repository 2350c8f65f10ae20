package dev.parley.tools;

import dev.parley.mailbox.Envelope;
import dev.parley.mcp.Describe;
import dev.parley.mcp.Tool;
import dev.parley.mcp.ToolException;
import dev.parley.mcp.Utf8Size;
import dev.parley.peer.Peer;
import dev.parley.session.LocalSession;
import dev.parley.tools.Desk.Visit;
import dev.parley.tools.Outgoing.Wake;
import dev.parley.wake.Wish.Cause;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.io.IOException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** {@code send_message}: tells a peer something and does not wait. */
final class SendMessage {

    /** What the caller says. */
    record Input(
            @Describe("name, session id, unique id prefix (8+), or tmux session") @Size(min = 1, max = 128)
            String target,

            @Utf8Size(min = 1, max = Envelope.MAX_BODY_BYTES)
            String body,

            @Nullable @Describe("unset: its bell or queue. auto: also type into its tmux pane if safe. off: none")
            WakeMode wake,

            @Nullable @Describe("false: an acknowledgement, which wakes nobody")
            Boolean expectsReply,

            @Nullable
            @Describe("request id this answers; reply_to_message sets it for you")
            @Pattern(regexp = "q-[0-9a-z]{16}")
            @KindOfId(KindOfId.Kind.REQUEST)
            String replyTo,

            @Nullable
            @Describe("message id this refers to")
            @Pattern(regexp = "m-[0-9a-z]{16}")
            @KindOfId(KindOfId.Kind.MESSAGE)
            String sourceMessageId) {}

    private SendMessage() {}

    static Tool<Input> tool(Supplier<Desk> desk) {
        return Tool.of("send_message", Input.class, Desk.handler(desk, SendMessage::handle))
                .titled("Send a message to a peer session")
                .describedAs(
                        "Send a message to another agent session of this project and go on working. It is stored durably"
                                + " before this returns; state and outlook say what is known. To wait for an answer use ask_peer.");
    }

    private static Object handle(Input input, Visit visit) throws ToolException, IOException, InterruptedException {
        LocalSession session = visit.session();
        Peer self = session.current();
        Peer target = visit.outgoing().resolve(input.target(), self, session.office());
        Envelope envelope = Draft.message(input.replyTo(), input.sourceMessageId())
                .addressed(self, target, input.body(), visit.now());
        Wake wake = Boolean.FALSE.equals(input.expectsReply()) ? Wake.NEVER : wished(input.wake());
        Cause cause = wake == Wake.CLIMB ? Cause.WANTED : Cause.UNSAID;
        return Outgoing.fields(visit.outgoing().send(envelope, target, wake, cause, session), session);
    }

    /** Unset: what the recipient's client offers, and nothing is typed. */
    private static Wake wished(@Nullable WakeMode mode) {
        if (mode == null) {
            return Wake.NATIVE;
        }
        return mode == WakeMode.OFF ? Wake.OFF : Wake.CLIMB;
    }
}
