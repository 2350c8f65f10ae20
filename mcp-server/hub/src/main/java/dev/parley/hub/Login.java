package dev.parley.hub;

import java.nio.file.Path;

/** Who this machine is towards the hub. Names where a secret is, and holds none. */
public sealed interface Login {

    /** Anybody may come in. */
    record Nobody() implements Login {}

    /**
     * A credentials file, as {@code nsc} writes it, or a file that holds an nkey's seed.
     *
     * @param file read with each connection
     */
    record Credentials(Path file) implements Login {}

    /** A name, and a password that is the first line of a file. */
    record PasswordFile(String user, Path file) implements Login {}

    /** A name, and a password in the environment of each server. */
    record PasswordVariable(String user, String variable) implements Login {}
}
