package dev.parley.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A server that is measured.
 *
 * @param label its name in the results
 * @param command what starts it; it must become the server, or stay in front of it
 * @param hook the hook that hands its mail over, if it has one that takes a client's name
 */
public record Candidate(String label, List<String> command, Optional<Path> hook) {

    /** The command of a server. */
    public Candidate {
        command = List.copyOf(command);
    }

    /** Any server, by a line of shell that is one command. */
    public static Candidate of(String label, String line) {
        // With exec, or the shell would be measured too.
        return new Candidate(label, List.of("/bin/sh", "-c", "exec " + line), Optional.empty());
    }
}
