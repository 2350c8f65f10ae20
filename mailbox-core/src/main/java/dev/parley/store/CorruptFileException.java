package dev.parley.store;

import dev.parley.trace.DamagedException;
import java.nio.file.Path;

/** A file of the store does not hold what its format says. The file is as it was found. */
public final class CorruptFileException extends DamagedException {

    private final transient Path file;
    private final long offset;

    /**
     * Names the file and where it stops making sense.
     *
     * @param offset bytes from the start of the file
     */
    public CorruptFileException(Path file, long offset, String what) {
        super(
                file + ": corrupt at byte " + offset + ": " + what + "; run 'parley check --repair' to set it aside",
                what);
        this.file = file;
        this.offset = offset;
    }

    /** The corrupt file. */
    public Path file() {
        return file;
    }

    /** Bytes from the start of the file. */
    public long offset() {
        return offset;
    }
}
