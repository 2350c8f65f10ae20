package dev.parley.cli;

import dev.parley.address.MessageId;
import dev.parley.address.SessionId;
import dev.parley.client.Client;
import dev.parley.client.Resumption.Manner;
import dev.parley.cockpit.OperatorPost;
import dev.parley.ledger.ReceivedLedger;
import dev.parley.mailbox.Envelope;
import dev.parley.mailbox.Envelope.Origin;
import dev.parley.mailbox.PlainText;
import dev.parley.office.PostOffice;
import dev.parley.peer.NameRefusedException;
import dev.parley.peer.NameTakenException;
import dev.parley.peer.Names;
import dev.parley.peer.Peer;
import dev.parley.supervise.HeadlessRun;
import dev.parley.supervise.Plan;
import dev.parley.supervise.Spawner;
import dev.parley.supervise.TerminalStart;
import dev.parley.supervise.Verdict;
import dev.parley.supervise.Verdict.Ruling;
import dev.parley.trace.Why;
import dev.parley.wake.Ladder;
import dev.parley.wake.Outlook.Effort;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code parley spawn}: begins a new session, with a first message for it. */
@Command(
        name = "spawn",
        description = {
            "Begins a new session, in a new tmux window or for one turn without a terminal, and sends it a first message from the"
                    + " operator.",
            "The message is stored before the client is started, and stays if it is not: the same command again begins that"
                    + " session, and sends no text twice.",
            "The client asks and allows what its own configuration says.",
            "For a person only: refused inside an agent's client, but for --dry-run."
        },
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:it was started; with --headless, its turn went well",
            "1:it failed; the message says why",
            "2:the command line is wrong",
            "3:the name is another session's, or the client is not here; nothing was started or stored"
        },
        footer = {
            "",
            "Example: parley spawn --client codex --name reviewer --purpose 'reviews diffs' --message @task.md",
            "         git diff | parley spawn --headless --client claude-code --name reviewer --message -"
        })
final class SpawnCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private CommandSpec spec;

    @Option(names = "--client", required = true, paramLabel = "CLIENT", description = "claude-code or codex")
    private String client = "";

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "how the session is called; default: a name of Parley's choice")
    private Optional<String> name = Optional.empty();

    @Option(
            names = "--purpose",
            paramLabel = "TEXT",
            description = "what it is for, up to 200 characters; others see it")
    private Optional<String> purpose = Optional.empty();

    @Option(
            names = "--message",
            required = true,
            paramLabel = "TEXT|@FILE|-",
            description =
                    "its first message, up to 8192 bytes, from a file, or ('-') from standard input; others can read"
                            + " TEXT in the list of processes as long as this command runs")
    private String message = "";

    @Option(names = "--tmux", description = "in a new window of tmux, in the background; the default")
    private boolean tmux;

    @Option(
            names = "--headless",
            description = "one turn without a terminal; what the client says goes into a log file. What would ask for"
                    + " permission is denied")
    private boolean headless;

    @Option(
            names = "--directory",
            paramLabel = "DIR",
            description = "where it works, and so its project; default: the current directory")
    private Path directory = Path.of("");

    @Option(names = "--dry-run", description = "only print the command and whether it may run; exit code 0")
    private boolean dryRun;

    private final Map<String, String> environment;

    /** For picocli. */
    SpawnCommand(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (tmux && headless) {
            throw usage("--tmux and --headless exclude each other");
        }
        Client its = client();
        Optional<String> refusal = name.flatMap(Names::refusal);
        if (refusal.isPresent()) {
            throw usage("--name: a session cannot be called " + PlainText.line(name.orElse("")) + ": " + refusal.get());
        }
        Optional<String> line = purpose.map(PlainText::line).filter(text -> !text.isEmpty());
        if (line.filter(text -> text.length() > Peer.MAX_PURPOSE).isPresent()) {
            throw usage("--purpose: it has " + line.get().length() + " characters, and at the most " + Peer.MAX_PURPOSE
                    + " are kept");
        }
        Path place = directory.toAbsolutePath().normalize();
        if (!Files.isDirectory(place)) {
            throw usage("--directory: there is no directory " + PlainText.line(place.toString()));
        }
        Spawner.Wish wish =
                new Spawner.Wish(its, name, line, place, headless ? Manner.HEADLESS : Manner.TERMINAL, Ladder.TEXT);
        if (dryRun) {
            Operator operator = Operator.at(place, environment);
            describe(new Spawner(operator.office(), environment).plan(wish));
            return ExitCode.OK;
        }
        String text = GivenText.of(message, spec.commandLine());
        Operator operator = Operator.at(place, environment);
        Caller.of(operator).requirePerson("parley spawn");
        return spawn(operator, wish, text);
    }

    private Client client() {
        return Spawner.clients().stream()
                .filter(known -> known.name().equals(client))
                .findFirst()
                .orElseThrow(() -> usage("--client: '" + PlainText.line(client) + "' cannot be spawned; it takes "
                        + Spawner.clients().stream().map(Client::name).collect(Collectors.joining(" or "))));
    }

    private int spawn(Operator operator, Spawner.Wish wish, String text) throws IOException, InterruptedException {
        PostOffice office = operator.office();
        Spawner spawner = new Spawner(office, environment);
        Plan first = spawner.plan(wish);
        if (!first.verdict().isFree()) {
            return refused(first.verdict());
        }
        Peer peer;
        try {
            peer = spawner.reserve(wish);
        } catch (NameTakenException e) {
            return refused(new Verdict(Ruling.HELD_ELSEWHERE, String.valueOf(e.getMessage()), ""));
        } catch (NameRefusedException e) {
            throw usage("--name: " + e.getMessage());
        }
        MessageId stored = store(operator, peer, text);
        Plan plan = spawner.plan(wish, peer);
        try {
            return headless
                    ? oneTurn(office, spawner, wish, plan, stored)
                    : inTmux(
                            new TerminalStart(office, environment),
                            peer.id(),
                            () -> spawner.plan(wish, peer),
                            () -> spawner.hasBegun(peer.id()),
                            stored);
        } catch (IOException e) {
            throw new IOException(
                    Why.of(e) + ". " + peer.name() + " was not started; its message " + stored
                            + " is stored, and the same command begins it with that",
                    e);
        }
    }

    /** What this operator has sent to the address before, and nobody has been given, is not sent again. */
    private MessageId store(Operator operator, Peer peer, String text) throws IOException, InterruptedException {
        ReceivedLedger.Listing sent = operator.office().ledger(peer.id()).listing();
        for (MessageId id : sent.ids()) {
            Optional<Envelope> before = sent.find(id);
            if (!sent.isWithdrawn(id)
                    && before.filter(letter -> letter.origin() == Origin.OPERATOR
                                    && letter.body().equals(text))
                            .isPresent()) {
                return id;
            }
        }
        return OperatorPost.ofOperator(operator.office(), environment, operator.asCaller())
                .store(peer, text, Optional.empty(), Effort.NONE)
                .id();
    }

    private void describe(Plan plan) {
        PrintWriter out = spec.commandLine().getOut();
        out.println("session: " + name.orElse("a name of Parley's choice") + " (" + client + ")");
        out.println("command: " + PlainText.line(plan.line()));
        out.println("verdict: " + sentence(plan.verdict()));
        out.flush();
    }

    private static String sentence(Verdict verdict) {
        return verdict.ruling().word() + ": " + PlainText.line(verdict.reason())
                + (verdict.remedy().isEmpty() ? "" : "; " + PlainText.line(verdict.remedy()));
    }

    private int refused(Verdict verdict) {
        spec.commandLine()
                .getErr()
                .println("parley: " + name.map(PlainText::line).orElse("the session") + " is not spawned, "
                        + sentence(verdict) + ". Nothing was started or stored");
        return ExitCode.BUSY;
    }

    private int oneTurn(PostOffice office, Spawner spawner, Spawner.Wish wish, Plan plan, MessageId stored)
            throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        HeadlessRun.Outcome outcome = new HeadlessRun(office, environment)
                .run(() -> spawner.plan(wish, plan.peer()), Ladder.TEXT, (started, log) -> {
                    out.println("spawned " + plan.peer().name() + " for one turn, with " + stored + "; log: "
                            + PlainText.line(log.toString()));
                    out.flush();
                });
        if (outcome.exit().isEmpty()) {
            throw new IOException(
                    outcome.detail().orElseGet(() -> sentence(outcome.plan().verdict())));
        }
        int exit = outcome.exit().getAsInt();
        out.println("the client ended with " + exit
                + (exit == 0
                        ? outcome.detail()
                                .map(why -> ": " + PlainText.line(why))
                                .orElse("")
                        : ""));
        out.flush();
        if (exit != 0 || outcome.detail().isPresent()) {
            return ExitCode.FAILED;
        }
        if (!spawner.hasBegun(plan.peer().id())) {
            spec.commandLine()
                    .getErr()
                    .println("parley: no hook and no server of Parley has told of the session, so " + stored
                            + " still waits; run 'parley doctor'");
            return ExitCode.FAILED;
        }
        return ExitCode.OK;
    }

    private int inTmux(
            TerminalStart start,
            SessionId address,
            HeadlessRun.Planning planning,
            TerminalStart.Sign sign,
            MessageId stored)
            throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        TerminalStart.Outcome outcome = start.inTmux(address, planning, sign, (plan, window) -> {
            out.println("spawned " + plan.peer().name() + " in the tmux window " + PlainText.line(window) + ", with "
                    + stored);
            out.flush();
        });
        Plan last = outcome.plan();
        if (!last.verdict().isFree()) {
            spec.commandLine()
                    .getErr()
                    .println("parley: " + last.peer().name() + " is not spawned, " + sentence(last.verdict())
                            + ". No client was started; its message " + stored + " is stored");
            return ExitCode.BUSY;
        }
        if (!outcome.isSeen()) {
            out.println("not seen yet: its client may ask something there. The message waits for it");
            out.flush();
        }
        return ExitCode.OK;
    }

    private ParameterException usage(String text) {
        return new ParameterException(spec.commandLine(), text);
    }
}
