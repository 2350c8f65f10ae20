package dev.parley.client;

import dev.parley.peer.Peer;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The clients: those that are known, and the one that a card or a handshake names. */
public final class Clients {

    /** Where several could be meant, an earlier one goes before a later one. */
    private static final List<Client> KNOWN =
            List.of(ClaudeCode.CLIENT, Codex.CLIENT, GeminiCli.CLIENT, OpenCode.CLIENT);

    private Clients() {}

    /** All of which more than the name is known. */
    public static List<Client> known() {
        return KNOWN;
    }

    /** The known client with this name. */
    public static Optional<Client> known(String name) {
        return KNOWN.stream().filter(client -> client.name().equals(name)).findFirst();
    }

    /** The client with this name on its sessions' cards, known or not. */
    public static Client named(String name) {
        return known(name).orElseGet(() -> new OtherClient(name));
    }

    /** The client of a session. */
    public static Client of(Peer peer) {
        return named(peer.client());
    }

    /**
     * The client that runs a server.
     *
     * @param introduction what it calls itself in {@code initialize}; empty as long as it has said nothing
     * @param environment of the server, which counts as long as nothing was said
     */
    public static Client of(String introduction, Map<String, String> environment) {
        return KNOWN.stream()
                .filter(client -> introduction.isEmpty()
                        ? client.sessionVariable()
                                .filter(environment::containsKey)
                                .isPresent()
                        : client.isCalled(introduction))
                .findFirst()
                .orElseGet(() -> OtherClient.introduced(introduction));
    }
}
