package dev.parley.office;

import dev.parley.address.SessionId;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;

/**
 * Tells an onlooker of which sessions of a project something may have changed. Looking changes nothing and takes no lock.
 * Belongs to one thread.
 */
public interface Changes extends AutoCloseable {

    /**
     * Waits until something may have changed: a session has come or gone, a card or what a client says it does, mail, what has
     * been received, answered or asked. What changed since the last call, or since this was begun, is told at once. May tell of a
     * session of which nothing has changed. That a process has ended without a word is no change here.
     *
     * @param limit how long at the most
     * @return which sessions; empty if nothing changed
     * @throws IOException if the sessions cannot be listed now; the next call looks again
     */
    Set<SessionId> await(Duration limit) throws IOException, InterruptedException;

    /** Ends it. */
    @Override
    void close();
}
