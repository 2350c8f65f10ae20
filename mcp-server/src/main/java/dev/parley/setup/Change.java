package dev.parley.setup;

import java.io.IOException;
import java.nio.file.Path;

/** One file that would change. */
public final class Change {

    private final ConfigFile before;
    private final Draft draft;
    private final boolean deleted;
    private final Again again;

    Change(ConfigFile before, Draft draft, boolean deleted, Again again) {
        this.before = before;
        this.draft = draft;
        this.deleted = deleted;
        this.again = again;
    }

    /** The same change, of what somebody else has just written. */
    interface Again {
        Draft of(Content current) throws IOException;
    }

    /** Which file. */
    public Path file() {
        return before.file();
    }

    /** Whether there is such a file now. */
    public boolean exists() {
        return before.exists();
    }

    /** Whether there is none afterwards. */
    public boolean deleted() {
        return deleted;
    }

    /** The difference, in the unified form. */
    public String diff() {
        return Diff.unified(file().toString(), draft.before(), deleted ? "" : draft.after());
    }

    ConfigFile before() {
        return before;
    }

    /** What is wrong with the file, and which file that is. */
    IOException refused(NotEditableException e) {
        return new IOException(file() + " " + e.getMessage(), e);
    }

    Draft draft() {
        return draft;
    }

    Again again() {
        return again;
    }

    @Override
    public String toString() {
        return file() + (deleted ? " (deleted)" : "");
    }
}
