package dev.parley.cockpit;

import dev.parley.overview.Threads.Placed;
import java.io.IOException;

/** A form in which correspondence is written down, one message after the other. */
public interface LogForm {

    /** Writes what stands before the messages. */
    void begin() throws IOException;

    /** Writes a message; one that is deeper than the one before is an answer to it. */
    void message(Placed placed) throws IOException;

    /** Writes what stands behind the messages. */
    void end() throws IOException;
}
