package dev.parley.store.peer;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.parley.address.SessionId;
import dev.parley.peer.Binding;
import dev.parley.peer.Groups;
import dev.parley.peer.Names;
import dev.parley.peer.Peer;
import dev.parley.peer.Peer.Ending;
import dev.parley.peer.Peer.Taking;
import dev.parley.process.ProcessIdentity;
import dev.parley.store.Checksummed;
import dev.parley.store.CorruptFileException;
import dev.parley.trace.Why;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** The file form of a {@link Peer}; the table of fields is in {@code docs/FORMAT.md}. */
public final class CardCodec {

    /** The longest card, in bytes. */
    public static final int MAX_BYTES = 1 << 16;

    private static final int MAX_TEXT = 4096;
    private static final JsonFactory JSON = new JsonFactory();

    private CardCodec() {}

    /**
     * The card's bytes, with a checksum.
     *
     * @throws IllegalArgumentException if a text is longer than {@link #decode} takes
     */
    public static byte[] encode(Peer peer) {
        StringWriter out = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
            json.writeStartObject();
            json.writeNumberProperty("v", 1);
            json.writeStringProperty("id", peer.id().value());
            json.writeStringProperty("name", peer.name());
            text(json, "client", peer.client());
            text(json, "purpose", peer.purpose());
            time(json, "purpose_ms", peer.purposeSince());
            text(json, "cwd", peer.cwd());
            text(json, "project", peer.project());
            text(json, "process", peer.process().map(ProcessIdentity::toString));
            json.writeName("servers");
            json.writeStartArray();
            peer.servers().forEach(server -> json.writeString(server.toString()));
            json.writeEndArray();
            text(json, "own_session", peer.ownSession().map(SessionId::value));
            text(json, "transcript", peer.transcript());
            json.writeBooleanProperty("claimed", peer.claimed());
            json.writeNumberProperty("registered_ms", peer.registeredAt().toEpochMilli());
            time(json, "ended_ms", peer.ended().map(Ending::at));
            text(json, "ended_reason", peer.ended().map(Ending::reason));
            text(json, "taken_by", peer.taken().map(taking -> taking.by().value()));
            time(json, "taken_ms", peer.taken().map(Taking::at));
            if (!peer.groups().isEmpty()) {
                json.writeName("groups");
                json.writeStartArray();
                peer.groups().forEach(json::writeString);
                json.writeEndArray();
            }
            if (!peer.bound().isEmpty()) {
                json.writeName("binding");
                BindingCodec.write(json, peer.bound());
            }
            json.writeEndObject();
        }
        return Checksummed.encode(out + "\n");
    }

    private static void text(JsonGenerator json, String name, Optional<String> value) {
        value.ifPresent(v -> text(json, name, v));
    }

    private static void text(JsonGenerator json, String name, String value) {
        int longest = name.equals("purpose") ? Peer.MAX_PURPOSE : MAX_TEXT;
        if (value.length() > longest) {
            throw new IllegalArgumentException(
                    name + " has " + value.length() + " characters, and the longest is " + longest);
        }
        json.writeStringProperty(name, value);
    }

    private static void time(JsonGenerator json, String name, Optional<Instant> value) {
        value.ifPresent(v -> json.writeNumberProperty(name, v.toEpochMilli()));
    }

    /**
     * The reverse of {@link #encode}; also reads a card that a hook wrote, without checksum and with fewer fields.
     *
     * @param id whose card it should be
     * @throws CorruptFileException if it is none, or another session's
     */
    public static Peer decode(Path file, byte[] content, SessionId id) throws CorruptFileException {
        String text = new String(content, UTF_8);
        int end = text.indexOf('\n');
        boolean hasTrailer = end >= 0 && end < text.length() - 1;
        String line = hasTrailer ? Checksummed.decode(file, content) : text;
        try {
            return new Reader(line).peer(id);
        } catch (JacksonException | IllegalArgumentException e) {
            throw new CorruptFileException(file, 0, "it is no card: " + Why.of(e));
        }
    }

    /** The fields of one card. */
    private static final class Reader {

        private final Map<String, String> fields = new HashMap<>();
        private final List<ProcessIdentity> servers = new ArrayList<>();
        private final List<String> groups = new ArrayList<>();
        private Binding bound = Binding.NONE;

        Reader(String line) {
            try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), line)) {
                require(json.nextToken() == JsonToken.START_OBJECT, "it is no JSON object");
                while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                    read(json, json.currentName());
                }
                require(
                        json.currentToken() == JsonToken.END_OBJECT && json.nextToken() == null,
                        "it is not one JSON object");
            }
        }

        private void read(JsonParser json, String name) {
            JsonToken token = json.nextToken();
            if (token == JsonToken.START_ARRAY && name.equals("servers")) {
                while (json.nextToken() == JsonToken.VALUE_STRING) {
                    ProcessIdentity.parse(json.getString()).ifPresent(servers::add);
                }
            } else if (token == JsonToken.START_ARRAY && name.equals("groups")) {
                while (json.nextToken() == JsonToken.VALUE_STRING) {
                    groups.add(json.getString());
                }
            } else if (token == JsonToken.START_OBJECT && name.equals("binding")) {
                bound = BindingCodec.read(json);
            } else if (token.isScalarValue() && token != JsonToken.VALUE_NULL) {
                String value = json.getValueAsString("");
                require(value.length() <= MAX_TEXT, name + " is too long");
                fields.put(name, value);
            } else {
                json.skipChildren();
            }
        }

        Peer peer(SessionId id) {
            require("1".equals(fields.get("v")), "its version is not 1");
            require(id.value().equals(fields.get("id")), "it is the card of " + fields.get("id"));
            String name = fields.getOrDefault("name", "");
            return new Peer(
                    id,
                    Names.isValid(name) ? name : "",
                    fields.getOrDefault("client", "unknown"),
                    field("purpose").filter(p -> p.length() <= Peer.MAX_PURPOSE),
                    field("purpose_ms").map(Reader::instant),
                    fields.getOrDefault("cwd", ""),
                    fields.getOrDefault("project", ""),
                    field("process").flatMap(ProcessIdentity::parse),
                    servers,
                    field("own_session").filter(SessionId::isValid).map(SessionId::new),
                    field("transcript"),
                    Boolean.parseBoolean(fields.get("claimed")),
                    field("registered_ms").map(Reader::instant).orElse(Instant.EPOCH),
                    field("ended_ms")
                            .map(ms -> new Ending(instant(ms), fields.getOrDefault("ended_reason", "unknown"))),
                    taken(),
                    groups.stream()
                            .filter(Names::isValid)
                            .distinct()
                            .limit(Groups.MOST_OF_ONE)
                            .toList(),
                    bound);
        }

        private Optional<Taking> taken() {
            return field("taken_by")
                    .filter(SessionId::isValid)
                    .map(by -> new Taking(
                            new SessionId(by),
                            field("taken_ms").map(Reader::instant).orElse(Instant.EPOCH)));
        }

        private Optional<String> field(String name) {
            return Optional.ofNullable(fields.get(name));
        }

        private static Instant instant(String millis) {
            return Instant.ofEpochMilli(Long.parseLong(millis));
        }

        private static void require(boolean holds, String otherwise) {
            if (!holds) {
                throw new IllegalArgumentException(otherwise);
            }
        }
    }
}
