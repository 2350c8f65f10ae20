package dev.parley.tools;

import dev.parley.address.MessageId;
import dev.parley.address.SessionId;
import dev.parley.ledger.MessageStatus;
import dev.parley.ledger.MessageStatus.Elsewhere;
import dev.parley.ledger.ReceivedLedger.Rung;
import dev.parley.ledger.Work;
import dev.parley.mailbox.PlainText;
import dev.parley.mcp.Tool;
import dev.parley.session.LocalSession;
import dev.parley.tools.Desk.Visit;
import dev.parley.trace.Event;
import jakarta.validation.constraints.Pattern;
import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** {@code message_status}: how far a message has come. */
final class MessageStatusTool {

    /** What the caller says. */
    record Input(
            @Pattern(regexp = "m-[0-9a-z]{16}") @KindOfId(KindOfId.Kind.MESSAGE)
            String messageId) {}

    private MessageStatusTool() {}

    static Tool<Input> tool(Supplier<Desk> desk) {
        return Tool.of("message_status", Input.class, Desk.handler(desk, MessageStatusTool::handle))
                .titled("Status of a message")
                .describedAs(
                        "How far a message has come: stored, rung, handed (to the peer's client), shown (it went on after that),"
                                + " answered, withdrawn, gone or unknown, with times; and work_status of a request.")
                .asReadOnly();
    }

    private static Object handle(Input input, Visit visit) throws IOException, InterruptedException {
        LocalSession session = visit.session();
        MessageStatus status = session.office()
                .tracker()
                .status(new MessageId(input.messageId()), session.current().id());
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("message_id", input.messageId());
        out.put("state", status.state().name().toLowerCase(Locale.ROOT));
        Answers.put(out, "receiver_session_id", status.receiver().map(SessionId::value));
        time(out, "stored_at", status.stored());
        time(out, "rung_at", status.rung().map(Rung::at));
        Answers.put(out, "via", status.rung().map(Rung::rung));
        time(out, "handed_at", status.handed());
        time(out, "shown_at", status.shown());
        time(out, "answered_at", status.answered());
        if (status.elsewhere().isPresent()) {
            putElsewhere(out, status.elsewhere().get());
        } else if (status.receiver().isPresent()) {
            putWork(out, new MessageId(input.messageId()), status.receiver().get(), visit);
        }
        return out;
    }

    /** As far as its receiver's machine has told. */
    private static void putElsewhere(Map<String, Object> out, Elsewhere elsewhere) {
        out.put("host", elsewhere.host().value());
        out.put("on_its_way", !elsewhere.isThere());
        Answers.put(out, "refused", elsewhere.refused().map(PlainText::foreign));
        if (elsewhere.work().isPresent()) {
            putWork(out, elsewhere.work().get());
        }
        if (elsewhere.isCancelRequested()) {
            out.put("cancel_requested", true);
        }
    }

    private static void putWork(Map<String, Object> out, Work work) {
        Answers.putWork(out, work);
        out.put("work_since", work.since().toString());
        time(out, "due_at", work.request().due());
    }

    /** How far the work on it is, if it is a request. That this cannot be read hides nothing else. */
    private static void putWork(Map<String, Object> out, MessageId messageId, SessionId owner, Visit visit) {
        try {
            Optional<Work> work = visit.session().office().work(owner).find(messageId);
            if (work.isPresent()) {
                putWork(out, work.get());
            }
        } catch (IOException e) {
            visit.desk()
                    .trace()
                    .event(Event.STATE_UNKNOWN, Map.of("message", messageId.value(), "reason", e.toString()));
            out.put("work_status", "unknown");
        }
    }

    private static void time(Map<String, Object> out, String name, Optional<Instant> at) {
        Answers.put(out, name, at.map(Instant::toString));
    }
}
