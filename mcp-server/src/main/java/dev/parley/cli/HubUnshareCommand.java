package dev.parley.cli;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code parley hub unshare}: hides a project from the team. */
@Command(
        name = "unshare",
        description = "Shares a project no longer: the team sees nothing of it. For a person only.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class HubUnshareCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private CommandSpec spec;

    @Mixin
    private ProjectOption where = new ProjectOption();

    private final Map<String, String> environment;

    /** For picocli. */
    HubUnshareCommand(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Operator operator = where.operator(environment);
        Caller.of(operator).requirePerson("parley hub unshare");
        HubSharing.unshare(
                new HubDesk(
                        environment,
                        spec.commandLine().getOut(),
                        spec.commandLine().getErr()),
                operator.project());
        return ExitCode.OK;
    }
}
