package dev.parley.cli;

import dev.parley.mailbox.PlainText;
import dev.parley.office.PostOffice;
import dev.parley.office.Upkeep;
import dev.parley.office.Upkeep.Mode;
import dev.parley.office.Upkeep.Removed;
import dev.parley.session.PostOffices;
import dev.parley.trace.Trace;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code parley gc}: removes what nobody needs any more. */
@Command(
        name = "gc",
        description =
                "Removes what nobody needs any more: left-overs of dead processes, questions that have run out, and sessions"
                        + " that ended long ago and have no unread mail. Safe while the store is in use.",
        mixinStandardHelpOptions = true)
final class GcCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private CommandSpec spec;

    @Option(
            names = {"-n", "--dry-run"},
            description = "only say what would be removed")
    private boolean dryRun;

    @Option(
            names = "--keep-days",
            paramLabel = "N",
            defaultValue = "" + Upkeep.KEEP_DAYS,
            description = "keep ended sessions for so many days (default: ${DEFAULT-VALUE})")
    private int keepDays;

    private final Map<String, String> environment;

    /** For picocli. */
    GcCommand(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (keepDays < 0 || keepDays > 3650) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "--keep-days takes 0 to 3650, not " + keepDays);
        }
        PostOffice office = PostOffices.open(environment, Trace.NONE);
        List<Removed> removed =
                PostOffices.upkeep(office).sweep(dryRun ? Mode.DRY_RUN : Mode.REMOVE, Duration.ofDays(keepDays));
        PrintWriter out = spec.commandLine().getOut();
        for (Removed one : removed) {
            out.println((dryRun ? "would remove " : "removed ") + PlainText.line(one.what()) + ": " + one.why());
        }
        out.println(office.place() + ": " + removed.size() + (dryRun ? " would be removed" : " removed"));
        out.flush();
        return ExitCode.OK;
    }
}
