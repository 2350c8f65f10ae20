package dev.parley.tools;

import dev.parley.address.MessageId;
import dev.parley.address.SessionId;
import dev.parley.ledger.MessageStatus;
import dev.parley.ledger.ReceivedLedger.Rung;
import dev.parley.mcp.Describe;
import dev.parley.mcp.Tool;
import dev.parley.session.LocalSession;
import dev.parley.tools.Desk.Visit;
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
            @Describe("id of a message you sent or received")
            @Pattern(regexp = "m-[0-9a-z]{16}")
            @KindOfId(KindOfId.Kind.MESSAGE)
            String messageId) {}

    private MessageStatusTool() {}

    static Tool<Input> tool(Supplier<Desk> desk) {
        return Tool.of("message_status", Input.class, Desk.handler(desk, MessageStatusTool::handle))
                .titled("Status of a message")
                .describedAs("How far a message has come: stored, rung, handed (given to the peer's client), shown (its"
                        + " client went on after that), answered, gone, or unknown; with the time of each step.")
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
        return out;
    }

    private static void time(Map<String, Object> out, String name, Optional<Instant> at) {
        Answers.put(out, name, at.map(Instant::toString));
    }
}
