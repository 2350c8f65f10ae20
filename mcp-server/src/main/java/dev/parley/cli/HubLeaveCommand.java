package dev.parley.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code parley hub leave}: this machine is none of the team's any more. */
@Command(
        name = "leave",
        description = {
            "Leaves the team: what the hub shows of this machine is removed, and no session of it uses the hub any more.",
            "Waits until every message that waits to leave this machine has arrived, and what the hub has for it is taken in; mail"
                    + " is carried meanwhile. Refused if some is left: it would be stranded. For a person only."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class HubLeaveCommand implements Callable<Integer> {

    private static final int MAX_TIMEOUT = 86_400;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private CommandSpec spec;

    @Option(
            names = "--strand",
            description =
                    "leave although messages wait, or although the hub cannot be asked: what waits here is kept, and goes"
                            + " out when this machine joins the same team again")
    private boolean strand;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "wait so long at the most; 0: not at all (default: ${DEFAULT-VALUE})")
    private int timeout;

    @Mixin
    private ProjectOption where = new ProjectOption();

    private final Map<String, String> environment;

    /** For picocli. */
    HubLeaveCommand(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (timeout < 0 || timeout > MAX_TIMEOUT) {
            throw new ParameterException(
                    spec.commandLine(), "--timeout takes 0 to " + MAX_TIMEOUT + ", not " + timeout);
        }
        Caller.of(where.operator(environment)).requirePerson("parley hub leave");
        new HubLeave(
                        new HubDesk(
                                environment,
                                spec.commandLine().getOut(),
                                spec.commandLine().getErr()),
                        strand,
                        Duration.ofSeconds(timeout))
                .run();
        return ExitCode.OK;
    }
}
