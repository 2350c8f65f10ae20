package dev.parley.tools;

import dev.parley.address.MessageId;
import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.mailbox.Batch.Claimed;
import dev.parley.mailbox.Envelope;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The parts that several results have in common. */
final class Answers {

    /** An answer by its question's request id; else it is {@link #UNCORRELATED}, and none at all is "none". */
    static final String CORRELATED = "correlated";

    /** A reply to a message that asked for none. */
    static final String UNCORRELATED = "uncorrelated";

    private Answers() {}

    /** A received message as a result shows it. */
    static Map<String, Object> message(Claimed claimed, Instant now) {
        Envelope e = claimed.envelope();
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("id", e.id().value());
        out.put("body", e.body());
        out.put("enqueued_at", e.sentAt().getEpochSecond());
        out.put("age_seconds", Math.max(0, Duration.between(e.sentAt(), now).toSeconds()));
        out.put("body_bytes", claimed.bodyBytes());
        out.put("origin", e.origin().name().toLowerCase(Locale.ROOT));
        e.from().map(SessionId::value).ifPresent(id -> out.put("from_session_id", id));
        out.put("from_name", e.fromName());
        put(out, "request_id", e.requestId().map(RequestId::value));
        put(out, "reply_to", e.replyTo().map(RequestId::value));
        put(out, "source_message_id", e.sourceMessageId().map(MessageId::value));
        if (claimed.redelivered()) {
            out.put("redelivered", true);
        }
        return out;
    }

    static void put(Map<String, Object> out, String name, Optional<?> value) {
        value.ifPresent(v -> out.put(name, v));
    }
}
