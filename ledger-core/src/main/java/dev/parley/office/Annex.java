package dev.parley.office;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/**
 * What has a post office reach further than its machine. Found by {@link java.util.ServiceLoader}; there is none where nothing of
 * that kind is on the class path.
 */
public interface Annex {

    /**
     * The office with what reaches further around it.
     *
     * @return empty if this machine has joined no team
     * @throws IOException if what says so cannot be read; the office itself is not affected
     */
    Optional<PostOffice> around(PostOffice office) throws IOException;

    /**
     * Does what one process of a machine has to do so that mail leaves it and comes, as soon as no other does it, until the thread is
     * interrupted.
     *
     * @param office one that {@link #around} made
     * @param environment that of the process
     */
    void attend(PostOffice office, Map<String, String> environment) throws InterruptedException;
}
