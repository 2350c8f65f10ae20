package dev.parley.setup;

import dev.parley.client.Client;
import java.util.List;
import java.util.Optional;

/** How Parley is put into one client. */
interface ClientSetup {

    /** The client. */
    Client client();

    /** The client's program, if it was found. */
    Optional<ClientProgram> program();

    /** What it wants of which file. */
    List<Edit> edits();

    /** What the user should know after it was done. */
    List<String> notes();
}
