package dev.parley.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code parley hub}: what a person does about the hub of a team.
 *
 * <p>Neither this class nor its subcommands name a type of the hub's in a field or a method: the parser looks through them where the
 * hub's jars are not on the class path.
 */
@Command(
        name = "hub",
        description = {
            "Joins this machine to a team's, over a nats-server with JetStream that the team runs.",
            "Only the projects that are shared are seen by the team; mail within this machine never touches the hub."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            HubConfigCommand.class,
            HubJoinCommand.class,
            HubShareCommand.class,
            HubUnshareCommand.class,
            HubStatusCommand.class,
            HubLeaveCommand.class
        },
        footer = {
            "",
            "Example: parley hub config --team blue --host laptop --host server --cert hub.pem --key key.pem --passwords . > hub.conf",
            "         parley hub join tls://hub.example.org --team blue --user laptop --password-file laptop.password"
        })
final class HubCommand implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before run()
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which of its commands?");
    }
}
