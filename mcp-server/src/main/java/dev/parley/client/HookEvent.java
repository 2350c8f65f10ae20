package dev.parley.client;

import java.util.Optional;

/**
 * An event on which a client runs the hook.
 *
 * @param name what the client calls it
 * @param timeoutSeconds how long the client lets the hook run
 * @param watched the name of the file whose change is the event; the client is woken by what the hook then says
 */
public record HookEvent(String name, int timeoutSeconds, Optional<String> watched) {

    HookEvent(String name, int timeoutSeconds) {
        this(name, timeoutSeconds, Optional.empty());
    }
}
