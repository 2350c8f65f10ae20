package dev.parley.store.mailbox;

import dev.parley.address.HostName;
import dev.parley.address.MessageId;
import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.mailbox.Cancellation;
import dev.parley.mailbox.Envelope;
import dev.parley.mailbox.Envelope.Origin;
import dev.parley.store.Checksummed;
import dev.parley.store.CorruptFileException;
import dev.parley.store.FlatJson;
import dev.parley.trace.Why;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * The file form of an {@link Envelope}: line 1 the envelope as JSON, line 2 the same message rendered for a hook, line 3
 * the checksum. The table of fields is in {@code docs/FORMAT.md}.
 */
public final class EnvelopeCodec {

    /**
     * The longest file, in bytes: a body of {@value Envelope#MAX_BODY_BYTES} bytes that all have to be escaped with six
     * characters, twice, and the rest.
     */
    public static final int MAX_FILE_BYTES = 1 << 17;

    private static final JsonFactory JSON = new JsonFactory();

    private EnvelopeCodec() {}

    /** The file's bytes. */
    public static byte[] encode(Envelope envelope) {
        return Checksummed.encode(line(envelope) + "\n" + HookText.of(envelope) + "\n");
    }

    /**
     * The reverse of {@link #encode}. Fields it does not know are ignored.
     *
     * @param file where the bytes came from, for the error
     * @throws CorruptFileException if this is not a whole, unchanged envelope file
     */
    public static Envelope decode(Path file, byte[] content) throws CorruptFileException {
        String text = Checksummed.decode(file, content);
        int end = text.indexOf('\n');
        if (end < 0 || text.indexOf('\n', end + 1) != text.length() - 1) {
            throw new CorruptFileException(file, 0, "it does not have two lines and a checksum");
        }
        try {
            return ofLine(text.substring(0, end));
        } catch (IllegalArgumentException e) {
            throw new CorruptFileException(file, 0, "its first line is no envelope: " + Why.of(e));
        }
    }

    /** The first line alone, without a newline, as it goes to another machine: what hooks show there is rendered there. */
    public static String line(Envelope e) {
        StringWriter out = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
            json.writeStartObject();
            json.writeNumberProperty("v", 1);
            json.writeStringProperty("id", e.id().value());
            json.writeNumberProperty("sent_ms", e.sentAt().toEpochMilli());
            // Older programs know two origins only, and would take a third for damage.
            Origin origin = e.origin() == Origin.OFFICE ? Origin.OPERATOR : e.origin();
            json.writeStringProperty("origin", origin.name().toLowerCase(Locale.ROOT));
            optional(json, "from", e.from().map(SessionId::value));
            optional(json, "host", e.host().map(HostName::value));
            json.writeStringProperty("from_name", e.fromName());
            json.writeStringProperty("to", e.to().value());
            optional(json, "request_id", e.requestId().map(RequestId::value));
            optional(json, "reply_to", e.replyTo().map(RequestId::value));
            optional(json, "source_message_id", e.sourceMessageId().map(MessageId::value));
            json.writeNumberProperty("hops", e.hops());
            e.due().ifPresent(due -> json.writeNumberProperty("due_ms", due.toEpochMilli()));
            optional(json, "supersedes", e.supersedes().map(MessageId::value));
            optional(json, "group", e.group());
            optional(json, "cancels", e.cancels().map(it -> it.message().value()));
            optional(json, "cancel_note", e.cancels().flatMap(Cancellation::note));
            json.writeStringProperty("body", e.body());
            json.writeEndObject();
        }
        return out.toString();
    }

    /**
     * The reverse of {@link #line}.
     *
     * @throws IllegalArgumentException if it is no envelope
     */
    public static Envelope ofLine(String line) {
        return envelope(FlatJson.read(line));
    }

    private static void optional(JsonGenerator json, String name, Optional<String> value) {
        value.ifPresent(v -> json.writeStringProperty(name, v));
    }

    private static Envelope envelope(Map<String, String> fields) {
        if (!required(fields, "v").equals("1")) {
            throw new IllegalArgumentException("its version is not 1");
        }
        return new Envelope(
                new MessageId(required(fields, "id")),
                Instant.ofEpochMilli(Long.parseLong(required(fields, "sent_ms"))),
                origin(required(fields, "origin"), required(fields, "from_name")),
                Optional.ofNullable(fields.get("from")).map(SessionId::new),
                Optional.ofNullable(fields.get("host")).map(HostName::new),
                required(fields, "from_name"),
                new SessionId(required(fields, "to")),
                Optional.ofNullable(fields.get("request_id")).map(RequestId::new),
                Optional.ofNullable(fields.get("reply_to")).map(RequestId::new),
                Optional.ofNullable(fields.get("source_message_id")).map(MessageId::new),
                Integer.parseInt(required(fields, "hops")),
                Optional.ofNullable(fields.get("due_ms")).map(Long::parseLong).map(Instant::ofEpochMilli),
                Optional.ofNullable(fields.get("supersedes")).map(MessageId::new),
                Optional.ofNullable(fields.get("group")),
                Optional.ofNullable(fields.get("cancels"))
                        .map(id -> new Cancellation(new MessageId(id), Optional.ofNullable(fields.get("cancel_note")))),
                required(fields, "body"));
    }

    private static Origin origin(String origin, String fromName) {
        return origin.equals("operator") && fromName.equals(Envelope.OFFICE)
                ? Origin.OFFICE
                : switch (origin) {
                    case "peer" -> Origin.PEER;
                    case "operator" -> Origin.OPERATOR;
                    default -> throw new IllegalArgumentException("it has the unknown origin " + origin);
                };
    }

    private static String required(Map<String, String> fields, String name) {
        @Nullable String value = fields.get(name);
        if (value == null) {
            throw new IllegalArgumentException("it has no " + name);
        }
        return value;
    }
}
