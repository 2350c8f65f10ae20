package dev.parley.cli;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code parley hub status}: how it is with the hub. */
@Command(
        name = "status",
        description = {
            "Shows the team, the connection, what is shared, what waits in and out, and the hosts and when they were last seen.",
            "Exit code 0: the hub can be used. 1: it cannot; the message says why."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class HubStatusCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private CommandSpec spec;

    private final Map<String, String> environment;

    /** For picocli. */
    HubStatusCommand(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws IOException {
        HubStatus.print(new HubDesk(
                environment, spec.commandLine().getOut(), spec.commandLine().getErr()));
        return ExitCode.OK;
    }
}
