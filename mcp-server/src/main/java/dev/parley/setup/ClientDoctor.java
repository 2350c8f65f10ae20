package dev.parley.setup;

import dev.parley.client.Client;
import dev.parley.trace.Why;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Looks at what the clients' configuration really says, whoever wrote it. */
public final class ClientDoctor {

    /** Codex gives a server that is not required about so long before it asks its model without the tools. */
    public static final long CODEX_GRACE_MILLIS = 750;

    private final Places places;
    /** The root of the file system, in which administrators put their settings. */
    private final Path system;

    /** For the clients of one user. */
    public ClientDoctor(Places places) {
        this(places, Path.of("/"));
    }

    ClientDoctor(Places places, Path system) {
        this.places = places;
        this.system = system;
    }

    /** Everything about every client that is there. */
    public List<Examination> examine() {
        List<Examination> found = new ArrayList<>();
        for (Client client : ClientSetups.clients()) {
            Optional<ClientProgram> program = ClientSetups.program(client, places);
            program.ifPresent(installed -> found.addAll(examine(client, installed)));
        }
        if (found.isEmpty()) {
            found.add(Examination.warning("clients", Setup.noneFound(), "any other MCP client starts 'parley serve'"));
        }
        return List.copyOf(found);
    }

    private List<Examination> examine(Client client, ClientProgram program) {
        List<Examination> found = new ArrayList<>();
        found.add(Examination.ok(client.name(), program.version() + ", " + program.path()));
        Checkup checkup = new Checkup(client, places, system);
        try {
            ClientSetups.examine(client, checkup, program);
        } catch (IOException e) {
            checkup.failure("configuration", Why.of(e), "repair that file; the client cannot read it either");
        }
        found.addAll(checkup.found());
        return found;
    }
}
