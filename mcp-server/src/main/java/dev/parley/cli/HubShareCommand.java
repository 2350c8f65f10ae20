package dev.parley.cli;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code parley hub share}: lets the team see a project. */
@Command(
        name = "share",
        description = {
            "Shares a project: the team sees its sessions, and can write to them. Of two clones the one in which this was run"
                    + " last stands for the project.",
            "Which project it is on other machines, its 'origin' tells, or 'git config parley.project'. For a person only."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class HubShareCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private CommandSpec spec;

    @Mixin
    private ProjectOption where = new ProjectOption();

    private final Map<String, String> environment;

    /** For picocli. */
    HubShareCommand(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Operator operator = where.operator(environment);
        Caller.of(operator).requirePerson("parley hub share");
        HubSharing.share(
                new HubDesk(
                        environment,
                        spec.commandLine().getOut(),
                        spec.commandLine().getErr()),
                operator.project());
        return ExitCode.OK;
    }
}
