package dev.parley.client;

import dev.parley.address.SessionId;
import dev.parley.client.Resumption.Manner;
import java.util.List;
import java.util.Map;

/**
 * How a client begins a session that has an address before it is there, so that mail can wait for it. What the clients were seen to
 * do is in {@code docs/CLIENTS.md}.
 *
 * <p>Implementations hold no state and are safe for use by several threads.
 */
public interface Beginning {

    /** The variable in which a client is told the address of the session that it begins, where it takes none itself. */
    String ADDRESS = "PARLEY_SPAWNED";

    /** An address that no session has. */
    SessionId address();

    /**
     * The command that begins the session.
     *
     * @param prompt the first words to the model, which every user of the machine may read; without a terminal they come from
     *     standard input
     */
    List<String> arguments(Manner manner, SessionId address, String prompt);

    /** The variables that it is given. */
    Map<String, String> variables(SessionId address);
}
