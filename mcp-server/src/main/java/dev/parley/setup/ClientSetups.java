package dev.parley.setup;

import dev.parley.client.ClaudeCode;
import dev.parley.client.Client;
import dev.parley.client.Clients;
import dev.parley.client.Codex;
import dev.parley.client.GeminiCli;
import dev.parley.client.OpenCode;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which clients can be set up, how each is, and how each is examined: the one place of setup that tells them apart. */
final class ClientSetups {

    private static final Map<Client, Kit> KITS = Map.of(
            ClaudeCode.CLIENT,
            new Kit((places, program, trust) -> new ClaudeCodeSetup(places, program), ClaudeCodeDoctor::examine),
            Codex.CLIENT,
            new Kit(CodexSetup::new, CodexDoctor::examine),
            GeminiCli.CLIENT,
            new Kit((places, program, trust) -> new GeminiCliSetup(places, program), GeminiCliDoctor::examine),
            OpenCode.CLIENT,
            new Kit((places, program, trust) -> new OpenCodeSetup(places, program), OpenCodeDoctor::examine));

    private ClientSetups() {}

    private interface Making {
        ClientSetup make(Places places, Optional<ClientProgram> program, boolean trust);
    }

    private interface Examining {
        void examine(Checkup checkup, ClientProgram program) throws IOException;
    }

    private record Kit(Making making, Examining examining) {}

    /** The clients that can be set up. */
    static List<Client> clients() {
        return Clients.known().stream().filter(KITS::containsKey).toList();
    }

    /** The client's program, if it is on the PATH. */
    static Optional<ClientProgram> program(Client client, Places places) {
        return client.program().flatMap(name -> ClientProgram.find(name, places.environment()));
    }

    /**
     * How Parley is put into a client.
     *
     * @param trust whether to tell it that the hooks are trusted, if it asks
     */
    static ClientSetup of(Client client, Places places, Optional<ClientProgram> program, boolean trust) {
        return kit(client).making().make(places, program, trust);
    }

    /**
     * Looks at what the client's configuration says.
     *
     * @throws IOException if a file cannot be read, or is not what the client would accept
     */
    static void examine(Client client, Checkup checkup, ClientProgram program) throws IOException {
        kit(client).examining().examine(checkup, program);
    }

    private static Kit kit(Client client) {
        return Optional.ofNullable(KITS.get(client))
                .orElseThrow(() -> new IllegalArgumentException(client.name() + " cannot be set up"));
    }
}
