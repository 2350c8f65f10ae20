package dev.parley.cli;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code parley hub leave}: this machine is none of the team's any more. */
@Command(
        name = "leave",
        description = {
            "Leaves the team: what the hub shows of this machine is removed, and sessions that start from now on do not use it.",
            "Refused while messages wait to leave this machine, or at the hub for it: they would be stranded. For a person only."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class HubLeaveCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private CommandSpec spec;

    @Option(
            names = "--strand",
            description =
                    "leave although messages wait, or although the hub cannot be asked: what waits here is kept, and goes"
                            + " out when this machine joins again")
    private boolean strand;

    @Mixin
    private ProjectOption where = new ProjectOption();

    private final Map<String, String> environment;

    /** For picocli. */
    HubLeaveCommand(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Caller.of(where.operator(environment)).requirePerson("parley hub leave");
        HubLeave.leave(
                new HubDesk(
                        environment,
                        spec.commandLine().getOut(),
                        spec.commandLine().getErr()),
                strand);
        return ExitCode.OK;
    }
}
