package dev.parley.cockpit;

import dev.parley.overview.Threads.Placed;
import java.io.IOException;
import java.util.List;

/** A form in which correspondence is written down, one message after the other. */
public interface LogForm {

    /** What stands above {@link #events}, where there are headings. */
    String EVENTS = "Starts and supervision";

    /** Writes what stands before the messages. */
    void begin() throws IOException;

    /** Writes a message; one that is deeper than the one before is an answer to it. */
    void message(Placed placed) throws IOException;

    /** Writes what was done to go on with sessions, behind the messages; nothing if there is none of it. */
    void events(List<SessionEvent> events) throws IOException;

    /** Writes what stands behind everything. */
    void end() throws IOException;
}
