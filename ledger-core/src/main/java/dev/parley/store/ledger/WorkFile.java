package dev.parley.store.ledger;

import dev.parley.ledger.Work;
import dev.parley.ledger.WorkState;
import dev.parley.store.Checksummed;
import dev.parley.store.CorruptFileException;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * What a mark of work holds: one JSON object on a line, and its checksum. The table of fields is in {@code docs/FORMAT.md}.
 *
 * @param revision how many changes led to it
 * @param state the state of the work
 * @param at when it was brought into it
 * @param note what was said of it
 * @param needs whom or what it needs
 */
record WorkFile(int revision, WorkState state, Instant at, Optional<String> note, Optional<String> needs) {

    /** The longest file, in bytes: two texts whose characters are all escaped, and the rest. */
    static final int MAX_BYTES = 2 * 6 * Work.MAX_NOTE + 256;

    private static final JsonFactory JSON = new JsonFactory();

    byte[] encode() {
        StringWriter out = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
            json.writeStartObject();
            json.writeNumberProperty("v", 1);
            json.writeNumberProperty("revision", revision);
            json.writeStringProperty("state", state.word());
            json.writeNumberProperty("at_ms", at.toEpochMilli());
            note.ifPresent(text -> json.writeStringProperty("note", text));
            needs.ifPresent(text -> json.writeStringProperty("needs", text));
            json.writeEndObject();
        }
        return Checksummed.encode(out + "\n");
    }

    /**
     * Reads a mark that is not empty. Fields it does not know are ignored.
     *
     * @throws CorruptFileException if it is none
     */
    static WorkFile decode(Path file, byte[] content) throws CorruptFileException {
        String line = Checksummed.decode(file, content);
        @Nullable String state = null;
        @Nullable String note = null;
        @Nullable String needs = null;
        int revision = 0;
        long at = 0;
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), line)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new IllegalArgumentException("it is no JSON object");
            }
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = json.currentName();
                json.nextToken();
                switch (name) {
                    case "revision" -> revision = json.getIntValue();
                    case "state" -> state = json.getString();
                    case "note" -> note = json.getString();
                    case "needs" -> needs = json.getString();
                    case "at_ms" -> at = json.getLongValue();
                    default -> json.skipChildren();
                }
            }
            @Nullable String word = state;
            return new WorkFile(
                    revision,
                    Optional.ofNullable(word)
                            .flatMap(WorkState::of)
                            .orElseThrow(() -> new IllegalArgumentException("its state is " + word)),
                    Instant.ofEpochMilli(at),
                    Optional.ofNullable(note),
                    Optional.ofNullable(needs));
        } catch (JacksonException | IllegalArgumentException e) {
            throw new CorruptFileException(file, 0, "it tells no state of work: " + e.getMessage());
        }
    }
}
