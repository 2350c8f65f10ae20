package dev.parley.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.parley.trace.Event;
import dev.parley.trace.Trace;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * {@link Trace} as a file of JSON objects, one a line, appended by every process that is told to. A line is written with
 * one call, so that the lines of several processes do not mix. A file that it makes is the user's alone; what is no file, or
 * somebody else's, is not written to.
 */
public final class TraceFile implements Trace {

    private static final JsonFactory JSON = new JsonFactory();

    private static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rw-------");
    private static final Path SELF = Path.of("/proc/self");

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
    public void event(Event event, Map<String, ?> fields) {
        if (broken) {
            return;
        }
        StringWriter out = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
            json.writeStartObject();
            json.writeStringProperty("at", Instant.now().toString());
            json.writeNumberProperty("pid", ProcessHandle.current().pid());
            json.writeStringProperty("event", event.toString());
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
            append((out + "\n").getBytes(UTF_8));
        } catch (IOException e) {
            broken = true;
            complaints.accept(Setting.TRACE.variable() + ": cannot write " + file + ": " + e);
        }
    }

    private void append(byte[] line) throws IOException {
        if (!isThere()) {
            make();
        }
        Files.write(file, line, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    }

    /** A pipe would hold the server up until somebody reads it, and somebody else's file would be theirs to read. */
    private boolean isThere() throws IOException {
        try {
            PosixFileAttributes seen = Files.readAttributes(file, PosixFileAttributes.class);
            if (!seen.isRegularFile()) {
                throw new IOException("it is no file");
            }
            if (Files.exists(SELF) && !seen.owner().equals(Files.getOwner(SELF))) {
                throw new IOException("it belongs to " + seen.owner().getName());
            }
            return true;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private void make() throws IOException {
        try {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PRIVATE));
            // The umask may have taken away more.
            Files.setPosixFilePermissions(file, PRIVATE);
        } catch (FileAlreadyExistsException e) {
            if (!isThere()) {
                throw new IOException("it is a link to nothing", e);
            }
        }
    }
}
