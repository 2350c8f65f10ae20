package dev.parley.peer;

import dev.parley.process.ProcessIdentity;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/**
 * Tells in which sessions of a terminal multiplexer processes run at this moment. Found through {@link ServiceLoader}. Safe
 * for use by several threads.
 */
@FunctionalInterface
public interface PaneSessions {

    /**
     * The names of the multiplexer's sessions that show each of these processes, as far as that can be proven; a process that
     * is in none is left out. Starts no process of its own where none of these runs below a multiplexer.
     */
    Map<ProcessIdentity, List<String>> of(Collection<ProcessIdentity> processes) throws InterruptedException;

    /** How a person's terminal comes to the pane of a process; empty if it is in none that can be proven. */
    default Optional<PaneDoor> door(ProcessIdentity process) throws InterruptedException {
        return Optional.empty();
    }

    /** The installed one; one that finds nothing if there is none that can be loaded. */
    static PaneSessions installed() {
        try {
            Iterator<PaneSessions> found =
                    ServiceLoader.load(PaneSessions.class).iterator();
            if (found.hasNext()) {
                return found.next();
            }
        } catch (ServiceConfigurationError | LinkageError e) {
            // A broken one is as good as none: people have other ways to name a session.
            return processes -> Map.of();
        }
        return processes -> Map.of();
    }
}
