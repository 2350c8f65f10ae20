package dev.parley.cli;

import dev.parley.mailbox.PlainText;
import dev.parley.session.HomeDirectory;
import dev.parley.session.PostOffices;
import dev.parley.session.Setting;
import dev.parley.setup.ClientDoctor;
import dev.parley.setup.Distribution;
import dev.parley.setup.Examination;
import dev.parley.setup.Examination.Level;
import dev.parley.setup.Places;
import dev.parley.setup.Scope;
import dev.parley.trace.Why;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code parley doctor}: looks for what keeps Parley from working here, and says what to do about it. */
@Command(
        name = "doctor",
        description =
                "Checks what fails in the field: Java, the server's start, the clients' configuration, the store, peers.",
        mixinStandardHelpOptions = true,
        footer = {"", "Exit code 0: nothing has failed (there may be warnings). 1: something does not work."})
final class DoctorCommand implements Callable<Integer> {

    /** What a VM takes from the environment. */
    private static final List<String> OTHERS_OPTIONS =
            List.of("JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS");

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private CommandSpec spec;

    @Option(names = "--json", description = "as JSON, for programs")
    private boolean json;

    private final Map<String, String> environment;

    /** For picocli. */
    DoctorCommand(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path here = Path.of("").toAbsolutePath();
        List<Examination> found = new ArrayList<>();
        found.add(DoctorJava.examine());
        found.addAll(javaOptions());
        Distribution distribution = Distribution.running(PostOffices.home(environment));
        found.addAll(new DoctorServer(distribution.launcher(), environment).examine());
        found.addAll(clients(new Places(distribution, environment, Scope.USER, here)));
        found.addAll(new DoctorStore(environment, here).examine());
        found.add(new DoctorResume(environment, here).examine());
        found.addAll(hub(here));
        found.add(tmux());
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(JsonMapper.builder().build().writeValueAsString(asMap(found)));
        } else {
            found.forEach(examination -> print(examination, out));
        }
        out.flush();
        boolean failed = found.stream().anyMatch(examination -> examination.level() == Level.FAILURE);
        return failed ? ExitCode.FAILED : ExitCode.OK;
    }

    /** Variables with which the user steers other Java programs. */
    private List<Examination> javaOptions() {
        List<String> set = OTHERS_OPTIONS.stream()
                .filter(name -> !environment.getOrDefault(name, "").isEmpty())
                .toList();
        return set.isEmpty()
                ? List.of()
                : List.of(
                        Examination.ok(
                                "java options",
                                String.join(", ", set)
                                        + " set for other programs: the launcher keeps them from Parley's Java,"
                                        + " which takes PARLEY_JVM_OPTS; a server that is started as java -jar by hand gets them"));
    }

    private static List<Examination> clients(Places places) throws IOException {
        try {
            HomeDirectory.ofUser(places.environment());
        } catch (IOException e) {
            return List.of(Examination.failure("home", Why.of(e), "set HOME to an absolute path"));
        }
        return new ClientDoctor(places).examine();
    }

    /** Nothing of it is loaded where this machine has joined no team. */
    private List<Examination> hub(Path here) throws IOException, InterruptedException {
        Path file;
        try {
            file = PostOffices.home(environment).resolve("hub");
        } catch (IOException e) {
            // What is wrong with the store is told already.
            return List.of();
        }
        // Of what cannot be looked at it is told above that the store cannot be used.
        if (!Files.exists(file)) {
            return List.of();
        }
        return Setting.HUB.text(environment).equals("off")
                ? List.of(Examination.ok("hub", "off here: PARLEY_HUB=off"))
                : new DoctorHub(
                                new HubDesk(
                                        environment,
                                        spec.commandLine().getOut(),
                                        spec.commandLine().getErr()),
                                here)
                        .examine();
    }

    private Examination tmux() {
        Optional<Path> program = Stream.of(environment.getOrDefault("PATH", "").split(":", -1))
                .filter(directory -> !directory.isEmpty())
                .map(directory -> Path.of(directory, "tmux"))
                .filter(Files::isExecutable)
                .findFirst();
        return program.map(path -> Examination.ok("tmux", path.toString()))
                .orElseGet(() -> Examination.ok("tmux", "not there: only clients in tmux panes would need it"));
    }

    private static void print(Examination examination, PrintWriter out) {
        String mark = switch (examination.level()) {
            case OK -> "ok  ";
            case WARNING -> "warn";
            case FAILURE -> "FAIL";
        };
        out.println(mark + "  " + examination.check() + ": " + PlainText.line(examination.seen()));
        if (!examination.remedy().isEmpty()) {
            out.println("      -> " + PlainText.line(examination.remedy()));
        }
    }

    private static Map<String, Object> asMap(List<Examination> found) {
        List<Map<String, Object>> checks = new ArrayList<>();
        for (Examination examination : found) {
            Map<String, Object> check = new LinkedHashMap<>();
            check.put("check", examination.check());
            check.put("level", examination.level().name().toLowerCase(Locale.ROOT));
            check.put("seen", examination.seen());
            check.put("remedy", examination.remedy().isEmpty() ? null : examination.remedy());
            checks.add(check);
        }
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("schema_version", 1);
        out.put("checks", checks);
        return out;
    }
}
