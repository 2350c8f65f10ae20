package dev.parley.cli;

import dev.parley.lock.LockTimeoutException;
import dev.parley.trace.DamagedException;
import java.io.PrintWriter;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code parley} itself: names the commands, and turns what goes wrong into a line and an exit code. */
@Command(
        name = "parley",
        description =
                "A post office for coding agents: lets the agent sessions that work on one project find each other,"
                        + " talk, ask and answer.",
        versionProvider = Version.class,
        mixinStandardHelpOptions = true,
        sortOptions = false,
        synopsisSubcommandLabel = "COMMAND",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:it worked",
            "1:it failed; the message says why",
            "2:the command line is wrong",
            "3:somebody else holds what it needs",
            "4:something in the store is damaged"
        },
        footer = {
            "",
            "A client (Claude Code, Codex, any MCP client) starts 'parley serve' by itself.",
            "To see Parley at work: parley demo"
        },
        subcommands = {
            SetupCommand.class,
            DoctorCommand.class,
            DemoCommand.class,
            StatusCommand.class,
            WatchCommand.class,
            SendCommand.class,
            AdoptCommand.class,
            CheckCommand.class,
            GcCommand.class,
            DiagnoseCommand.class,
            BenchCommand.class,
            ServeCommand.class,
            VersionCommand.class,
            CommandLine.HelpCommand.class
        })
final class CommandLineTool implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before run()
    private CommandSpec spec;

    private CommandLineTool() {}

    /** Runs one command line. */
    static int run(Map<String, String> environment, String... args) {
        CommandLine line = new CommandLine(new CommandLineTool(), new WithEnvironment(environment));
        line.getSubcommands().values().forEach(sub -> sub.getCommandSpec().versionProvider(new Version()));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setExecutionExceptionHandler((e, command, parsed) -> {
            command.getErr().println("parley: " + (e.getMessage() == null ? e.toString() : e.getMessage()));
            return exitCode(e);
        });
        return line.execute(args);
    }

    private static int exitCode(Exception e) {
        if (e instanceof LockTimeoutException) {
            return ExitCode.BUSY;
        }
        boolean corrupt = e instanceof DamagedException || e.getCause() instanceof DamagedException;
        return corrupt ? ExitCode.CORRUPT : ExitCode.FAILED;
    }

    @Override
    public void run() {
        PrintWriter out = spec.commandLine().getOut();
        spec.commandLine().usage(out);
        out.flush();
    }

    /** Gives a command that wants it the environment, so that tests can run one in any. */
    private record WithEnvironment(Map<String, String> environment) implements IFactory {

        @Override
        public <K> K create(Class<K> type) throws Exception {
            try {
                return type.cast(type.getDeclaredConstructor(Map.class).newInstance(environment));
            } catch (NoSuchMethodException e) {
                return CommandLine.defaultFactory().create(type);
            }
        }
    }
}
