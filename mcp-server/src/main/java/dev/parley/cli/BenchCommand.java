package dev.parley.cli;

import dev.parley.bench.BenchException;
import dev.parley.bench.Benchmark;
import dev.parley.bench.Candidate;
import dev.parley.bench.Report;
import dev.parley.bench.Results;
import dev.parley.mailbox.PlainText;
import dev.parley.serve.ClassArchive;
import dev.parley.session.PostOffices;
import dev.parley.setup.Distribution;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code parley bench}: measures Parley on this machine, alone or beside another server. */
@Command(
        name = "bench",
        description = {
            "Measures Parley as its clients see it, on this machine: start, memory, send, ask, hooks, reading. Takes about"
                    + " 30 seconds, uses directories of its own and leaves nothing behind.",
            "With --against both servers are measured in turn, sample by sample; the ratio is the other's median over"
                    + " Parley's. What the other cannot do is a row that says so. Ctrl-C prints what was measured so far."
        },
        mixinStandardHelpOptions = true)
final class BenchCommand implements Callable<Integer> {

    private static final int MOST_ROUNDS = 1000;
    private static final int MOST_SERVERS = 100;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private CommandSpec spec;

    @Option(
            names = "--against",
            paramLabel = "CMD",
            description = "another MCP server's command, as one would type it; measured where it offers the same tools")
    private @Nullable String against;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "10",
            description = "how many starts, questions and hooks (1 to 1000; default 10); 20 sends each")
    private int rounds;

    @Option(
            names = "--servers",
            paramLabel = "N",
            defaultValue = "4",
            description = "of so many at once the memory is measured (1 to 100; default 4)")
    private int servers;

    @Option(names = "--json", description = "print one JSON object instead of the table")
    private boolean json;

    private final Map<String, String> environment;

    /** For picocli. */
    BenchCommand(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (rounds < 1 || rounds > MOST_ROUNDS) {
            throw new ParameterException(spec.commandLine(), "--rounds takes 1 to " + MOST_ROUNDS + ", not " + rounds);
        }
        if (servers < 1 || servers > MOST_SERVERS) {
            throw new ParameterException(
                    spec.commandLine(), "--servers takes 1 to " + MOST_SERVERS + ", not " + servers);
        }
        if (against != null && against.isBlank()) {
            throw new ParameterException(spec.commandLine(), "--against takes the command of a server");
        }
        Distribution distribution = Distribution.running(PostOffices.home(environment));
        List<Candidate> candidates = new ArrayList<>();
        candidates.add(new Candidate(
                "parley", List.of(distribution.launcher().toString(), "serve"), Optional.of(distribution.hook())));
        if (against != null) {
            candidates.add(Candidate.of("against", against));
        }
        PrintWriter err = spec.commandLine().getErr();
        makeArchive(err);
        Benchmark benchmark = new Benchmark(candidates, environment, rounds, servers, step -> {
            err.println("bench: " + step);
            err.flush();
        });
        Thread ifInterrupted = new Thread(() -> print(benchmark.results(), candidates, false), "parley-bench-report");
        Runtime.getRuntime().addShutdownHook(ifInterrupted);
        try {
            benchmark.run();
        } catch (BenchException e) {
            if (!benchmark.results().isFrozen()) {
                err.println("parley: " + PlainText.line(String.valueOf(e.getMessage())));
            }
            return ExitCode.FAILED;
        } finally {
            remove(ifInterrupted);
        }
        print(benchmark.results(), candidates, true);
        String own = candidates.get(0).label();
        boolean isDone = benchmark.results().failures().values().stream().noneMatch(failed -> failed.containsKey(own));
        return isDone ? ExitCode.OK : ExitCode.FAILED;
    }

    private static void remove(Thread ifInterrupted) {
        try {
            Runtime.getRuntime().removeShutdownHook(ifInterrupted);
        } catch (IllegalStateException e) {
            // It runs already, and prints what there is.
        }
    }

    /** The reasons hold what servers have said. */
    private void print(Results results, List<Candidate> candidates, boolean isWhole) {
        results.freeze();
        Report report = new Report(results, candidates);
        PrintWriter out = spec.commandLine().getOut();
        if (isWhole || !results.all().isEmpty()) {
            out.println(
                    json ? report.json(isWhole) : PlainText.lines(report.table().stripTrailing()));
        }
        out.flush();
    }

    /** A user's servers start with it; those that are measured are too short-lived to make one. */
    private static void makeArchive(PrintWriter err) throws InterruptedException {
        try {
            Optional<ClassArchive> archive = ClassArchive.ofThisStart();
            if (archive.isPresent() && archive.get().remakeIfStale(ClassArchive.Haste.NOW)) {
                err.println("bench: made the class archive, as setup does");
            }
        } catch (IOException e) {
            err.println("bench: no class archive could be made, so starts are slower than they could be: " + e);
        }
        err.flush();
    }
}
