package dev.parley.trace;

import java.util.Map;

/**
 * Where an event goes that is worth knowing afterwards but is no error of the caller: a lock taken over, a file set
 * aside, a prune. Must not throw and must not block for long.
 */
@FunctionalInterface
public interface Trace {

    /** Drops every event. */
    Trace NONE = (event, fields) -> {};

    /**
     * Records one event.
     *
     * @param event which one, and of what kind
     * @param fields what it was about; values are text or numbers
     */
    void event(Event event, Map<String, ?> fields);
}
