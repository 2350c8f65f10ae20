package dev.parley.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.parley.cockpit.HtmlLog;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;

/**
 * A file of the user's into which a log is written: whole or not at all, for its user alone to read, and never over anything
 * that is not such a file already.
 */
final class PageFile {

    /** Writes what goes into it. */
    interface Content {
        void write(PrintWriter out) throws IOException;
    }

    private final Path file;

    private PageFile(Path file) {
        this.file = file;
    }

    /**
     * A page with this name.
     *
     * @throws IOException if there is something else; nothing changed
     */
    static PageFile at(Path file) throws IOException {
        Path absolute = file.toAbsolutePath();
        if (Files.exists(absolute, LinkOption.NOFOLLOW_LINKS) && !isPage(absolute)) {
            throw new IOException(
                    file + " is there and is no page that Parley has written; it was left as it is: choose"
                            + " another name");
        }
        return new PageFile(absolute);
    }

    /** A file that this program may replace. */
    static PageFile replacing(Path file) {
        return new PageFile(file.toAbsolutePath());
    }

    private static boolean isPage(Path file) throws IOException {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        try (BufferedReader in = Files.newBufferedReader(file, java.nio.charset.StandardCharsets.ISO_8859_1)) {
            char[] begin = new char[HtmlLog.FIRST_LINE.length()];
            int read = in.read(begin);
            return read == begin.length && String.valueOf(begin).equals(HtmlLog.FIRST_LINE);
        }
    }

    /**
     * Writes it.
     *
     * @throws IOException if it cannot be written; what was there is as it was
     */
    void write(Content content) throws IOException {
        Path directory = Objects.requireNonNull(file.getParent(), "an absolute file has one");
        // Made for its user alone.
        Path written = Files.createTempFile(directory, ".parley-", ".new");
        try {
            try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(written, UTF_8))) {
                content.write(out);
                if (out.checkError()) {
                    throw new IOException(file + " cannot be written: the disk may be full");
                }
            }
            Files.move(written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(written);
        }
    }
}
