package dev.parley.cli;

import dev.parley.lock.LockTimeoutException;
import dev.parley.trace.DamagedException;
import dev.parley.trace.Why;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
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
            "3:somebody else holds what it needs, or 'resume' or 'spawn' is refused",
            "4:something in the store is damaged",
            "5:'work --check' found work that somebody has to look after"
        },
        footer = {
            "",
            "A client (Claude Code, Codex, any MCP client) starts 'parley serve' by itself.",
            "To see Parley at work: parley demo"
        })
final class CommandLineTool implements Runnable {

    /** The commands, as help lists them. */
    private static final Map<String, Class<?>> COMMANDS = commands();

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before run()
    private CommandSpec spec;

    private CommandLineTool() {}

    private static Map<String, Class<?>> commands() {
        Map<String, Class<?>> commands = new LinkedHashMap<>();
        commands.put("setup", SetupCommand.class);
        commands.put("doctor", DoctorCommand.class);
        commands.put("demo", DemoCommand.class);
        commands.put("status", StatusCommand.class);
        commands.put("log", LogCommand.class);
        commands.put("export", ExportCommand.class);
        commands.put("work", WorkCommand.class);
        commands.put("send", SendCommand.class);
        commands.put("watch", WatchCommand.class);
        commands.put("web", WebCommand.class);
        commands.put("resume", ResumeCommand.class);
        commands.put("run", RunCommand.class);
        commands.put("spawn", SpawnCommand.class);
        commands.put("resume-waiting", ResumeWaitingCommand.class);
        commands.put("adopt", AdoptCommand.class);
        commands.put("hub", HubCommand.class);
        commands.put("check", CheckCommand.class);
        commands.put("gc", GcCommand.class);
        commands.put("diagnose", DiagnoseCommand.class);
        commands.put("bench", BenchCommand.class);
        commands.put("serve", ServeCommand.class);
        commands.put("version", VersionCommand.class);
        commands.put("help", CommandLine.HelpCommand.class);
        return commands;
    }

    /** The command that is called, or, where that is not one of them, all: to look through them all takes as long as to run one. */
    private static CommandLine line(Map<String, String> environment, String... args) {
        CommandLine line = new CommandLine(new CommandLineTool(), new WithEnvironment(environment));
        boolean isCommand = args.length > 0 && COMMANDS.containsKey(args[0]) && !args[0].equals("help");
        COMMANDS.forEach((name, type) -> {
            if (!isCommand || name.equals(args[0])) {
                line.addSubcommand(name, type);
            }
        });
        return line;
    }

    /** All commands, for who writes of them. */
    static CommandLine all(Map<String, String> environment) {
        return line(environment);
    }

    /** Runs one command line. */
    static int run(Map<String, String> environment, String... args) {
        CommandLine line = line(environment, args);
        line.getSubcommands().values().forEach(sub -> sub.getCommandSpec().versionProvider(new Version()));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        // A word that begins with @ is a group, or the file of a message: its text is no part of the command line.
        line.setExpandAtFiles(false);
        line.setExecutionExceptionHandler((e, command, parsed) -> {
            command.getErr().println("parley: " + Why.of(e));
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
