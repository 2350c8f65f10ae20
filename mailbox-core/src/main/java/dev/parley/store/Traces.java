package dev.parley.store;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/** Files that a trace is written to. */
final class Traces {

    private Traces() {}

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
