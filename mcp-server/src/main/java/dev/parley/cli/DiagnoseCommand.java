package dev.parley.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.parley.session.Setting;
import dev.parley.trace.Event;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code parley diagnose}: what a trace file says of wakes, questions, hand-overs and failures. */
@Command(
        name = "diagnose",
        description =
                "Sums up a trace: wakes and why not, questions, how long mail waited, what became of sessions that were"
                        + " resumed for requests, what was done for supervised ones, failures by cause.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "To make a trace, set PARLEY_TRACE=FILE in the environment of the servers, in the client's MCP configuration."
        })
final class DiagnoseCommand implements Callable<Integer> {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private CommandSpec spec;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "FILE",
            description = "the trace; default: what PARLEY_TRACE names")
    private @Nullable Path file;

    @Option(names = "--json", description = "as JSON, for programs")
    private boolean json;

    private final Map<String, String> environment;

    /** For picocli. */
    DiagnoseCommand(Map<String, String> environment) {
        this.environment = environment;
    }

    /** What was counted. */
    private static final class Tally {
        private final Map<String, Integer> wakes = new TreeMap<>();
        private final Map<String, Integer> resumed = new TreeMap<>();
        private final Map<String, Integer> supervised = new TreeMap<>();
        private final Map<String, Integer> failures = new TreeMap<>();
        private final List<Long> handed = new ArrayList<>();
        private final List<Long> answered = new ArrayList<>();
        private int timedOut;
        private int events;
        private int unreadable;

        void add(JsonNode event) {
            events++;
            String name = event.path("event").asString("");
            Optional<Event> known = Event.of(name);
            if (known.isEmpty()) {
                // Of a newer version: nobody here knows what it means.
                failures.merge(name, 1, Integer::sum);
                return;
            }
            switch (known.get()) {
                case WAKE -> {
                    String via = event.path("via").asString("");
                    wakes.merge(
                            event.path("status").asString("") + (via.isEmpty() ? "" : " via " + via), 1, Integer::sum);
                }
                case SUPERVISION -> supervised.merge(event.path("what").asString(""), 1, Integer::sum);
                case RESUME -> resumed.merge(event.path("what").asString(""), 1, Integer::sum);
                case HANDED -> handed.add(event.path("waited_ms").asLong());
                case ANSWERED -> answered.add(event.path("waited_ms").asLong());
                case ASK_TIMED_OUT -> timedOut++;
                default -> {
                    if (known.get().kind() == Event.Kind.FAILURE) {
                        failures.merge(name, 1, Integer::sum);
                    }
                }
            }
        }
    }

    @Override
    public Integer call() throws IOException {
        String configured = Setting.TRACE.text(environment);
        if (file == null && configured.isEmpty()) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "name a trace file, or set " + Setting.TRACE.variable());
        }
        Path trace = file == null ? Path.of(configured) : file;
        if (file == null && Files.exists(trace) && !Files.isRegularFile(trace)) {
            throw new IOException(Setting.TRACE.variable() + ": " + trace + " is no file, so nobody traces there");
        }
        Tally tally = read(trace);
        Map<String, Object> report = report(trace, tally);
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(JSON.writeValueAsString(report));
        } else {
            print(trace, tally, out);
        }
        out.flush();
        return ExitCode.OK;
    }

    private static Tally read(Path trace) throws IOException {
        Tally tally = new Tally();
        try (BufferedReader lines = Files.newBufferedReader(trace, UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                try {
                    tally.add(JSON.readTree(line));
                } catch (JacksonException e) {
                    // The last line of a process that was killed while it wrote.
                    tally.unreadable++;
                }
            }
        } catch (NoSuchFileException e) {
            throw new IOException(trace + " does not exist: no server has written a trace there yet", e);
        }
        return tally;
    }

    private static Map<String, Object> report(Path trace, Tally tally) {
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("schema_version", 1);
        out.put("trace", trace.toString());
        out.put("events", tally.events);
        out.put("unreadable_lines", tally.unreadable);
        out.put("wakes", tally.wakes);
        out.put("asks", Map.of("answered", tally.answered.size(), "timed_out", tally.timedOut));
        out.put("answer_ms", quantiles(tally.answered));
        out.put("handed_after_ms", quantiles(tally.handed));
        out.put("resumed", tally.resumed);
        out.put("supervised", tally.supervised);
        out.put("failures", tally.failures);
        return out;
    }

    private static Map<String, Object> quantiles(List<Long> values) {
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("count", values.size());
        if (!values.isEmpty()) {
            out.put("p50", quantile(values, 50));
            out.put("p95", quantile(values, 95));
        }
        return out;
    }

    /** The nearest rank: never a value that was not measured. */
    private static long quantile(List<Long> values, int percent) {
        List<Long> sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        int rank = (int) Math.ceil(percent / 100.0 * sorted.size());
        return sorted.get(Math.max(0, rank - 1));
    }

    private static void print(Path trace, Tally tally, PrintWriter out) {
        out.println(trace + ": " + tally.events + " events"
                + (tally.unreadable == 0 ? "" : ", " + tally.unreadable + " lines not readable"));
        section(out, "wakes", tally.wakes);
        out.println("asks: " + tally.answered.size() + " answered" + spread(tally.answered) + ", " + tally.timedOut
                + " timed out");
        out.println("mail read: " + tally.handed.size() + spread(tally.handed));
        section(out, "resumed for requests", tally.resumed);
        section(out, "supervised sessions", tally.supervised);
        section(out, "to look at", tally.failures);
    }

    private static String spread(List<Long> values) {
        return values.isEmpty()
                ? ""
                : " (after " + quantile(values, 50) + " ms p50, " + quantile(values, 95) + " ms p95)";
    }

    private static void section(PrintWriter out, String title, Map<String, Integer> counts) {
        out.println(title + ":" + (counts.isEmpty() ? " none" : ""));
        counts.forEach((name, count) -> out.println("  " + count + " " + name));
    }
}
