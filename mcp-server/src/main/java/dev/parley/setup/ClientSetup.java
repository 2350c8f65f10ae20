package dev.parley.setup;

import java.util.List;
import java.util.Optional;

/** How Parley is put into one client. */
sealed interface ClientSetup permits ClaudeCodeSetup, CodexSetup {

    /** The client, by the name that session cards have for it. */
    String client();

    /** The client's program, if it was found. */
    Optional<ClientProgram> program();

    /** What it wants of which file. */
    List<Edit> edits();

    /** What the user should know after it was done. */
    List<String> notes();
}
