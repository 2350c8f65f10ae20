package dev.parley.store;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;

/**
 * Where an event goes that is worth knowing afterwards but is no error of the caller: a lock taken over, a file set
 * aside, a prune. Must not throw and must not block for long.
 */
@FunctionalInterface
public interface Trace {

    /** Drops every event. */
    Trace NONE = (event, fields) -> {};

    /**
     * Records one event.
     *
     * @param event a stable name in kebab case
     * @param fields what it was about; values are text or numbers
     */
    void event(String event, Map<String, ?> fields);

    /** Whether a file is what a trace is written to, which may stand anywhere: told by how it begins. */
    static boolean isTrace(Path file) {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        try (InputStream in = Files.newInputStream(file)) {
            String begin = new String(in.readNBytes(200), US_ASCII);
            return begin.startsWith("{\"at\":\"") && begin.contains("\"event\":\"");
        } catch (IOException e) {
            return false;
        }
    }
}
