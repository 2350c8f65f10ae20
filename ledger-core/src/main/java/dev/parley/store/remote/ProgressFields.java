package dev.parley.store.remote;

import dev.parley.address.MessageId;
import dev.parley.ledger.MessageState;
import dev.parley.ledger.ReceivedLedger.Rung;
import dev.parley.ledger.WorkState;
import dev.parley.remote.Progress;
import dev.parley.remote.Progress.WorkDone;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** {@link Progress} as fields of a JSON object, in files and on the way; they are in {@code docs/FORMAT.md}. */
public final class ProgressFields {

    private ProgressFields() {}

    /** Adds them. */
    public static void put(Map<String, Object> fields, Progress progress) {
        fields.put("message", progress.message());
        fields.put("revision", progress.revision());
        fields.put("state", progress.state().name().toLowerCase(Locale.ROOT));
        progress.rung().ifPresent(rung -> {
            fields.put("rung_ms", rung.at().toEpochMilli());
            fields.put("rung_by", rung.rung());
        });
        millis(fields, "handed_ms", progress.handed());
        millis(fields, "shown_ms", progress.shown());
        millis(fields, "answered_ms", progress.answered());
        progress.refused().ifPresent(reason -> fields.put("refused", reason));
        progress.work().ifPresent(work -> {
            fields.put("work", work.state().word());
            fields.put("work_revision", work.revision());
            fields.put("work_ms", work.since().toEpochMilli());
            work.note().ifPresent(note -> fields.put("work_note", note));
            work.needs().ifPresent(needs -> fields.put("work_needs", needs));
        });
    }

    private static void millis(Map<String, Object> fields, String name, Optional<Instant> at) {
        at.ifPresent(time -> fields.put(name, time.toEpochMilli()));
    }

    /**
     * The reverse. Fields it does not know are ignored.
     *
     * @throws IllegalArgumentException if they tell of no progress
     */
    public static Progress read(Map<String, String> values) {
        Fields fields = new Fields(values);
        return new Progress(
                new MessageId(fields.text("message")),
                fields.number("revision"),
                state(fields.text("state")),
                instant(fields, "rung_ms").map(at -> new Rung(at, fields.text("rung_by"))),
                instant(fields, "handed_ms"),
                instant(fields, "shown_ms"),
                instant(fields, "answered_ms"),
                fields.optional("refused"),
                fields.optional("work").map(work -> work(work, fields)));
    }

    private static MessageState state(String word) {
        for (MessageState state : MessageState.values()) {
            if (state.name().toLowerCase(Locale.ROOT).equals(word)) {
                return state;
            }
        }
        throw new IllegalArgumentException("no message is in the state it names");
    }

    private static WorkDone work(String word, Fields fields) {
        return new WorkDone(
                WorkState.of(word).orElseThrow(() -> new IllegalArgumentException("no work is in the state it names")),
                Integer.parseInt(fields.text("work_revision")),
                Instant.ofEpochMilli(fields.number("work_ms")),
                fields.optional("work_note"),
                fields.optional("work_needs"));
    }

    private static Optional<Instant> instant(Fields fields, String name) {
        Function<String, Instant> time = text -> Instant.ofEpochMilli(Long.parseLong(text));
        return fields.optional(name).map(time);
    }
}
