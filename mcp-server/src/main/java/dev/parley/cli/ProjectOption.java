package dev.parley.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Option;

/** The option of every command that looks at a project. */
final class ProjectOption {

    @Option(
            names = "--project",
            paramLabel = "DIR",
            description = "a directory of the project; default: the current one")
    private Path directory = Path.of("");

    /** Where the person at the terminal stands with this option. */
    Operator operator(Map<String, String> environment) throws IOException {
        return Operator.at(directory, environment);
    }
}
