package dev.parley.store.ledger;

import dev.parley.ledger.Work;
import dev.parley.ledger.WorkState;
import dev.parley.store.Checksummed;
import dev.parley.store.CorruptFileException;
import dev.parley.store.FlatJson;
import dev.parley.trace.Why;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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

    byte[] encode() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("v", 1);
        fields.put("revision", revision);
        fields.put("state", state.word());
        fields.put("at_ms", at.toEpochMilli());
        note.ifPresent(text -> fields.put("note", text));
        needs.ifPresent(text -> fields.put("needs", text));
        return Checksummed.encode(FlatJson.write(fields) + "\n");
    }

    /**
     * Reads a mark that is not empty. Fields it does not know are ignored.
     *
     * @throws CorruptFileException if it is none
     */
    static WorkFile decode(Path file, byte[] content) throws CorruptFileException {
        try {
            Map<String, String> fields = FlatJson.read(Checksummed.decode(file, content));
            if (!"1".equals(fields.get("v"))) {
                throw new IllegalArgumentException("its version is not 1");
            }
            return new WorkFile(
                    Integer.parseInt(required(fields, "revision")),
                    WorkState.of(required(fields, "state"))
                            .orElseThrow(() -> new IllegalArgumentException("its state is " + fields.get("state"))),
                    Instant.ofEpochMilli(Long.parseLong(required(fields, "at_ms"))),
                    Optional.ofNullable(fields.get("note")),
                    Optional.ofNullable(fields.get("needs")));
        } catch (IllegalArgumentException e) {
            throw new CorruptFileException(file, 0, "it tells no state of work: " + Why.of(e));
        }
    }

    private static String required(Map<String, String> fields, String name) {
        @Nullable String value = fields.get(name);
        if (value == null) {
            throw new IllegalArgumentException("it has no " + name);
        }
        return value;
    }
}
