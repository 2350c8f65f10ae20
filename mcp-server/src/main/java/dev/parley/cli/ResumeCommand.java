package dev.parley.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.parley.address.SessionId;
import dev.parley.client.Resumption.Manner;
import dev.parley.mailbox.PlainText;
import dev.parley.office.PostOffice;
import dev.parley.peer.Peer;
import dev.parley.peer.Resolution;
import dev.parley.supervise.HeadlessRun;
import dev.parley.supervise.Plan;
import dev.parley.supervise.Resumer;
import dev.parley.supervise.TerminalStart;
import dev.parley.supervise.Verdict;
import dev.parley.wake.Ladder;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code parley resume}: goes on with a session whose client has ended. */
@Command(
        name = "resume",
        description = {
            "Goes on with a session whose client has ended, under the same id, so that it gets its mail: here in this"
                    + " terminal, in a new tmux window, or for one turn without a terminal.",
            "Only if it is certain that nobody runs it: exit code 3 and the reason otherwise.",
            "No check of the client's is switched off, whatever the session had been allowed before.",
            "For a person only: refused inside an agent's client, but for --dry-run."
        },
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:it was started; with --headless, its turn went well",
            "1:it failed; the message says why",
            "2:the command line is wrong",
            "3:somebody runs it, or that cannot be told, or there is nothing to go on with, or it was started too often; nothing was"
                    + " started. With --headless also: somebody else runs it by now, so its client was ended"
        },
        footer = {
            "",
            "Example: parley resume --dry-run calm-otter",
            "         parley resume calm-otter",
            "         parley resume --headless --message @task.md calm-otter"
        })
final class ResumeCommand implements Callable<Integer> {

    /** Where the launcher takes what it is to become when this program has ended. */
    private static final String HAND_OVER = "parley.hand.over";

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private CommandSpec spec;

    @Parameters(
            index = "0",
            paramLabel = "NAME",
            description = "a session's name, id, or the beginning of its id (8+ characters)")
    private String target = "";

    @Option(names = "--dry-run", description = "only print the command and whether it may run; exit code 0")
    private boolean dryRun;

    @Option(names = "--tmux", description = "in a new window of tmux, in the background")
    private boolean tmux;

    @Option(
            names = "--headless",
            description = "one turn without a terminal; what the client says goes into a log file. What would ask for"
                    + " permission is denied")
    private boolean headless;

    @Option(
            names = "--message",
            paramLabel = "TEXT|@FILE|-",
            description = "with --headless: the prompt, up to 8192 bytes, from a file, or ('-') from standard input;"
                    + " default: that mail may wait. Others can read TEXT in the list of processes as long as this command"
                    + " runs")
    private Optional<String> message = Optional.empty();

    @Option(
            names = "--project",
            paramLabel = "DIR",
            description = "a directory of the project; default: the current one")
    private Path directory = Path.of("");

    private final Map<String, String> environment;

    /** For picocli. */
    ResumeCommand(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (tmux && headless) {
            throw usage("--tmux and --headless exclude each other");
        }
        if (message.isPresent() && !headless) {
            throw usage("--message takes --headless: in a terminal the client reads what you type. 'parley send' leaves"
                    + " a message for it");
        }
        String prompt = message.isPresent() ? GivenText.of(message.get(), spec.commandLine()) : Ladder.TEXT;
        Operator operator = Operator.at(directory, environment);
        Peer peer = session(operator);
        PostOffice office = operator.office();
        Manner manner = headless ? Manner.HEADLESS : Manner.TERMINAL;
        Resumer resumer = new Resumer(office, environment);
        HeadlessRun.Planning planning = () -> resumer.plan(peer, manner);
        if (dryRun) {
            describe(planning.plan());
            return ExitCode.OK;
        }
        Caller.of(operator).requirePerson("parley resume");
        if (headless) {
            return oneTurn(new HeadlessRun(office, environment), planning, prompt);
        }
        TerminalStart start = new TerminalStart(office, environment);
        SessionId own = peer.ownId().orElse(peer.id());
        return tmux ? inTmux(start, own, planning) : here(start.here(own, planning));
    }

    private Peer session(Operator operator) throws IOException {
        Resolution resolution = operator.office().peers().resolve(target, operator.asCaller());
        if (resolution instanceof Resolution.Found found) {
            return found.peer();
        }
        throw new IOException("'" + PlainText.line(target)
                + "' is not one session of this project; 'parley status --all' lists them. Nothing was started");
    }

    private void describe(Plan plan) {
        PrintWriter out = spec.commandLine().getOut();
        out.println("session: " + plan.peer().name() + " ("
                + PlainText.line(plan.peer().client()) + ", " + plan.own() + ")");
        if (!plan.arguments().isEmpty()) {
            out.println("command: " + PlainText.line(plan.line()));
        }
        plan.notes().forEach(note -> out.println("note: " + PlainText.line(note)));
        out.println("verdict: " + sentence(plan.verdict()));
        out.flush();
    }

    private static String sentence(Verdict verdict) {
        return verdict.ruling().word() + ": " + PlainText.line(verdict.reason())
                + (verdict.remedy().isEmpty() ? "" : "; " + PlainText.line(verdict.remedy()));
    }

    private int refused(Plan plan) {
        spec.commandLine()
                .getErr()
                .println("parley: " + plan.peer().name() + " is not resumed, " + sentence(plan.verdict())
                        + ". Nothing was started");
        return ExitCode.BUSY;
    }

    private void tellNotes(Plan plan) {
        plan.notes().forEach(note -> spec.commandLine().getErr().println("parley: " + PlainText.line(note)));
    }

    private int oneTurn(HeadlessRun run, HeadlessRun.Planning planning, String prompt)
            throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        HeadlessRun.Outcome outcome = run.run(planning, prompt, (plan, log) -> {
            tellNotes(plan);
            out.println("resumed " + plan.peer().name() + " for one turn; log: " + PlainText.line(log.toString()));
            out.flush();
        });
        if (!outcome.plan().verdict().isFree()) {
            return refused(outcome.plan());
        }
        if (outcome.exit().isEmpty()) {
            spec.commandLine()
                    .getErr()
                    .println("parley: " + outcome.plan().peer().name() + ": "
                            + PlainText.line(outcome.detail().orElse("nothing is known of its end")));
            return ExitCode.BUSY;
        }
        int exit = outcome.exit().getAsInt();
        out.println("the client ended with " + exit
                + (exit == 0
                        ? outcome.detail()
                                .map(why -> ": " + PlainText.line(why))
                                .orElse("")
                        : ""));
        out.flush();
        return exit == 0 && outcome.detail().isEmpty() ? ExitCode.OK : ExitCode.FAILED;
    }

    private int inTmux(TerminalStart start, SessionId own, HeadlessRun.Planning planning)
            throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        TerminalStart.Outcome outcome = start.inTmux(
                own,
                planning,
                () -> planning.plan().verdict().ruling() == Verdict.Ruling.HELD_ELSEWHERE,
                (plan, window) -> {
                    tellNotes(plan);
                    out.println("resumed " + plan.peer().name() + " in the tmux window " + PlainText.line(window));
                    out.flush();
                });
        if (!outcome.plan().verdict().isFree()) {
            return refused(outcome.plan());
        }
        if (!outcome.isSeen()) {
            out.println("not seen yet: its client may ask something there");
            out.flush();
        }
        return ExitCode.OK;
    }

    /** Java cannot become another program, but the launcher can. */
    private int here(Plan plan) throws IOException {
        if (!plan.verdict().isFree()) {
            return refused(plan);
        }
        String handOver = System.getProperty(HAND_OVER, "");
        if (handOver.isEmpty()) {
            throw new IOException("only the launcher 'parley' can become another program; nothing was started. Run: "
                    + PlainText.line(plan.line()));
        }
        tellNotes(plan);
        spec.commandLine().getErr().flush();
        Files.writeString(Path.of(handOver), plan.script(), UTF_8);
        return ExitCode.OK;
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
