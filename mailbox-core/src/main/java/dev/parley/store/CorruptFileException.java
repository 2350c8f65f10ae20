package dev.parley.store;

import java.io.IOException;
import java.nio.file.Path;

/** A file of the store does not hold what its format says. The file is as it was found. */
public final class CorruptFileException extends IOException {

    private final transient Path file;
    private final long offset;
    private final String what;

    /**
     * Names the file and where it stops making sense.
     *
     * @param offset bytes from the start of the file
     */
    public CorruptFileException(Path file, long offset, String what) {
        super(file + ": corrupt at byte " + offset + ": " + what + "; run 'parley check --repair' to set it aside");
        this.file = file;
        this.offset = offset;
        this.what = what;
    }

    /** The corrupt file. */
    public Path file() {
        return file;
    }

    /** What is wrong with it, in a few words. */
    public String what() {
        return what;
    }

    /** Bytes from the start of the file. */
    public long offset() {
        return offset;
    }
}
