package dev.parley.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.parley.store.Trace;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * {@link Trace} as a file of JSON objects, one a line, appended by every process that is told to. A line is written with
 * one call, so that the lines of several processes do not mix.
 */
public final class TraceFile implements Trace {

    private static final JsonFactory JSON = new JsonFactory();

    private final Path file;
    private final Consumer<String> complaints;
    private volatile boolean broken;

    private TraceFile(Path file, Consumer<String> complaints) {
        this.file = file;
        this.complaints = complaints;
    }

    /**
     * The trace that the environment asks for.
     *
     * @param complaints told once, if the file cannot be written
     */
    public static Trace of(Map<String, String> environment, Consumer<String> complaints) {
        String path = Setting.TRACE.text(environment);
        return path.isEmpty() ? Trace.NONE : new TraceFile(Path.of(path), complaints);
    }

    @Override
    public void event(String event, Map<String, ?> fields) {
        if (broken) {
            return;
        }
        StringWriter out = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
            json.writeStartObject();
            json.writeStringProperty("at", Instant.now().toString());
            json.writeNumberProperty("pid", ProcessHandle.current().pid());
            json.writeStringProperty("event", event);
            fields.forEach((name, value) -> {
                if (value instanceof Number number) {
                    json.writeNumberProperty(name, number.longValue());
                } else {
                    json.writeStringProperty(name, String.valueOf(value));
                }
            });
            json.writeEndObject();
        }
        try {
            Files.write(
                    file,
                    (out + "\n").getBytes(UTF_8),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            broken = true;
            complaints.accept(Setting.TRACE.variable() + ": cannot write " + file + ": " + e);
        }
    }
}
