package dev.parley.tools;

import dev.parley.address.HostName;
import dev.parley.address.MessageId;
import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.ledger.Work;
import dev.parley.mailbox.Batch.Claimed;
import dev.parley.mailbox.Envelope;
import dev.parley.mailbox.PlainText;
import dev.parley.office.PostOffice;
import dev.parley.peer.Groups;
import dev.parley.peer.Peer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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
        put(out, "from_host", e.host().map(HostName::value));
        put(out, "group", e.group().map(Groups::target));
        put(out, "request_id", e.requestId().map(RequestId::value));
        put(out, "reply_to", e.replyTo().map(RequestId::value));
        put(out, "source_message_id", e.sourceMessageId().map(MessageId::value));
        putDue(out, e, now);
        put(out, "supersedes", e.supersedes().map(MessageId::value));
        if (claimed.redelivered()) {
            out.put("redelivered", true);
        }
        return out;
    }

    /** In how many seconds it is due; below zero if it is overdue. Nothing if it is due at no time. */
    static void putDue(Map<String, Object> out, Envelope request, Instant now) {
        put(
                out,
                "due_in_seconds",
                request.due().map(due -> Duration.between(now, due).toSeconds()));
    }

    /** How far a request is, and what was said of it: words of a peer, made safe to show. */
    static void putWork(Map<String, Object> out, Work work) {
        out.put("work_status", work.state().word());
        put(out, "note", work.note().map(PlainText::foreign));
        put(out, "needs", work.needs().map(PlainText::foreign));
    }

    /** What a session is called; its id, if it has no card that can be read. */
    static String name(SessionId session, PostOffice office) {
        try {
            return office.peers().find(session).map(Peer::name).orElse(session.value());
        } catch (IOException e) {
            return session.value();
        }
    }

    /** About as many bytes as it takes in the answer. */
    static int size(@Nullable Object value) {
        if (value instanceof Map<?, ?> fields) {
            return fields.entrySet().stream()
                            .mapToInt(field -> size(field.getKey()) + size(field.getValue()) + 2)
                            .sum()
                    + 2;
        }
        if (value instanceof List<?> items) {
            return items.stream().mapToInt(item -> size(item) + 1).sum() + 2;
        }
        String text = String.valueOf(value);
        int escapes = text.chars()
                .map(c -> c < ' ' ? 5 : c == '"' || c == '\\' ? 1 : 0)
                .sum();
        return text.getBytes(StandardCharsets.UTF_8).length + escapes + 2;
    }

    static void put(Map<String, Object> out, String name, Optional<?> value) {
        value.ifPresent(v -> out.put(name, v));
    }
}
