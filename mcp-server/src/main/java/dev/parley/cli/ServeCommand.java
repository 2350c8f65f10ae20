package dev.parley.cli;

import dev.parley.serve.ParleyServer;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code parley serve}: the MCP server, as a client starts it. */
@Command(
        name = "serve",
        description =
                "Runs the MCP server on standard input and output. This is what a client starts; it ends when its input"
                        + " ends.",
        mixinStandardHelpOptions = true)
final class ServeCommand implements Callable<Integer> {

    private final Map<String, String> environment;

    /** For picocli. */
    ServeCommand(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() {
        return ParleyServer.serve(environment);
    }
}
