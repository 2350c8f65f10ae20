package dev.parley.cockpit;

import java.io.IOException;

/** One way to tell a person something. */
public interface Announcer {

    /**
     * Tells it.
     *
     * @param title what it is about, in one line
     * @param text what has happened, in one line
     * @throws IOException if it cannot be told this way
     */
    void announce(Notice notice, String title, String text) throws IOException;
}
