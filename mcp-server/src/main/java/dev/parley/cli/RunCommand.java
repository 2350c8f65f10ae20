package dev.parley.cli;

import dev.parley.session.PostOffices;
import dev.parley.session.TraceFile;
import dev.parley.supervise.Supervision;
import dev.parley.trace.Trace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code parley run}: an interactive client under supervision. The launcher starts the client, and this command beside it. */
@Command(
        name = "run",
        customSynopsis = "parley run [-hV] -- CLIENT [ARGUMENTS]",
        description = {
            "Runs Claude Code or Codex in this terminal, with a supervisor beside it: if the client crashes, its session is"
                    + " resumed here, at the most 5 times in 10 minutes, and a line says so. Never after a clean exit, nor after"
                    + " Ctrl-C, SIGTERM or the end of the terminal.",
            "If the client ended on a limit of its provider, it is resumed when that ends; Ctrl-C ends the wait.",
            "Keys, size, job control, colours and the exit code are the client's, as without a supervisor.",
            "'kill' the supervisor (the java below this command) to end the client: SIGINT first, then SIGTERM after"
                    + " PARLEY_STOP_INT_MS, then SIGKILL after PARLEY_STOP_TERM_MS."
        },
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "the client's:128 + n if signal n ended it",
            "2:the command line is wrong",
            "3:another supervisor has the session, or it runs elsewhere; nothing was started",
            "127:there is no such client"
        },
        footer = {
            "",
            "Example: parley run -- claude --model opus",
            "         parley run -- codex resume 0199a213-81c0-7800-8aa1-bbab2a035a53"
        })
final class RunCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private CommandSpec spec;

    /** Given by the launcher's script alone; empty if it found no client. */
    @Option(names = "--beside", hidden = true, description = "where the shell in the terminal and this command talk")
    private @Nullable String directory;

    @Parameters(
            arity = "1..*",
            paramLabel = "CLIENT [ARGUMENTS]",
            description = "claude or codex, or a path to one, and what it is given")
    private List<String> words = new ArrayList<>();

    private final Map<String, String> environment;

    /** For picocli. */
    RunCommand(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (!Supervision.knows(words)) {
            throw usage("'" + words.get(0) + "' cannot be supervised; it takes "
                    + String.join(" or ", Supervision.programs()));
        }
        if (directory == null) {
            throw new IOException(
                    "this is the supervisor only, without a shell that starts the client: use bin/parley of a"
                            + " distribution. Nothing was started");
        }
        if (directory.isEmpty()) {
            throw usage("write -- before the client: parley run -- " + words.get(0));
        }
        Supervision.run(PostOffices.open(environment, trace()), Path.of(directory), words, environment);
        return ExitCode.OK;
    }

    private Trace trace() {
        return TraceFile.of(environment, spec.commandLine().getErr()::println);
    }

    private CommandLine.ParameterException usage(String text) {
        return new CommandLine.ParameterException(spec.commandLine(), text);
    }
}
