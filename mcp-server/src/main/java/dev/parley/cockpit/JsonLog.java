package dev.parley.cockpit;

import dev.parley.address.HostName;
import dev.parley.address.MessageId;
import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.ledger.MessageStatus;
import dev.parley.ledger.ReceivedLedger.Rung;
import dev.parley.mailbox.Envelope;
import dev.parley.mailbox.PlainText;
import dev.parley.overview.Message;
import dev.parley.overview.Threads.Placed;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Messages for programs: one JSON object a line, with all that is known and every character of it. What cannot be seen, and could
 * move a terminal's cursor, is written as an escape.
 */
public final class JsonLog implements LogForm {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final PrintWriter out;

    /** Writes to somewhere. */
    public JsonLog(PrintWriter out) {
        this.out = out;
    }

    @Override
    public void begin() {
        // Every line stands for itself.
    }

    @Override
    public void message(Placed placed) {
        out.print(line(fields(placed.message())));
    }

    private static String line(Map<String, ?> fields) {
        // Lines of JSON end alike everywhere.
        return visible(JSON.writeValueAsString(fields)) + '\n';
    }

    private static Map<String, @Nullable Object> fields(Message message) {
        Envelope envelope = message.envelope();
        MessageStatus status = message.status();
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("id", envelope.id().value());
        fields.put("sent_at", envelope.sentAt().toString());
        fields.put("origin", word(envelope.origin()));
        fields.put("from", text(envelope.from().map(SessionId::value)));
        fields.put("from_name", envelope.fromName());
        fields.put("from_host", text(envelope.host().map(HostName::value)));
        fields.put("to", envelope.to().value());
        fields.put("sender", text(message.sender().map(SessionId::value)));
        fields.put("sender_name", message.senderName());
        fields.put("receiver", message.receiver().value());
        fields.put("receiver_name", message.receiverName());
        fields.put("request_id", text(envelope.requestId().map(RequestId::value)));
        fields.put("reply_to", text(envelope.replyTo().map(RequestId::value)));
        fields.put("source_message_id", text(envelope.sourceMessageId().map(MessageId::value)));
        fields.put("hops", envelope.hops());
        fields.put("due_at", text(envelope.due().map(Instant::toString)));
        fields.put("group", text(envelope.group()));
        fields.put("supersedes", text(envelope.supersedes().map(MessageId::value)));
        fields.put("body", envelope.body());
        fields.put("state", word(status.state()));
        fields.put("rung_at", text(status.rung().map(Rung::at).map(Instant::toString)));
        fields.put("rung_by", text(status.rung().map(Rung::rung)));
        fields.put("handed_at", text(status.handed().map(Instant::toString)));
        fields.put("shown_at", text(status.shown().map(Instant::toString)));
        fields.put("answered_at", text(status.answered().map(Instant::toString)));
        return fields;
    }

    private static @Nullable String text(Optional<String> value) {
        return value.orElse(null);
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    /** The same JSON: what is invisible can only stand within a text of it. */
    private static String visible(String json) {
        StringBuilder visible = new StringBuilder(json.length());
        int before = 0;
        for (int i = 0; i < json.length(); i += Character.charCount(before)) {
            int c = json.codePointAt(i);
            if (PlainText.isInvisible(before, c)) {
                for (char unit : Character.toChars(c)) {
                    visible.append(String.format(Locale.ROOT, "\\u%04x", (int) unit));
                }
            } else {
                visible.appendCodePoint(c);
            }
            before = c;
        }
        return visible.toString();
    }

    @Override
    public void events(List<SessionEvent> events) {
        events.forEach(event -> out.print(line(Map.of(event.kind(), event.asMap()))));
    }

    @Override
    public void end() {
        // Every line stands for itself.
    }
}
