package dev.parley.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.parley.cockpit.Post;
import dev.parley.mailbox.Envelope;
import dev.parley.mailbox.PlainText;
import dev.parley.peer.Peer;
import dev.parley.peer.Resolution;
import dev.parley.peer.Resolution.Ambiguous;
import dev.parley.peer.Resolution.Found;
import dev.parley.peer.Resolution.NotFound;
import dev.parley.wake.Outlook.Effort;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code parley send}: a message from the person at the terminal. */
@Command(
        name = "send",
        description = {
            "Sends a message to a session of this project, as the operator.",
            "Inside an agent's client (its shell, say) it is sent as that agent's session."
        },
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example: parley send calm-otter 'the build is red, please look'",
            "         git log -1 | parley send calm-otter -",
            "         parley send --wake auto calm-otter 'now, please'"
        })
final class SendCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private CommandSpec spec;

    @Parameters(
            index = "0",
            paramLabel = "TARGET",
            description = "a session's name, id, the beginning of its id (8+ characters), or its tmux session")
    private String target = "";

    @Parameters(
            index = "1",
            paramLabel = "BODY",
            description = "the text, up to 8192 bytes; '-' reads it from standard input")
    private String body = "";

    @Option(
            names = "--wake",
            paramLabel = "off|auto",
            converter = WakeConverter.class,
            description =
                    "whether to wake the session; off: not even its bell is rung; auto: also a line may be typed into its"
                            + " tmux pane, where that is safe; default: its bell or its queue, nothing is typed")
    private Optional<Effort> wake = Optional.empty();

    @Option(
            names = "--project",
            paramLabel = "DIR",
            description = "a directory of the project; default: the current one")
    private Path directory = Path.of("");

    private final Map<String, String> environment;

    /** For picocli. */
    SendCommand(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        String text = body.equals("-") ? standardInput() : body;
        checkSize(text);
        Operator operator = Operator.at(directory, environment);
        Caller caller = Caller.of(operator);
        Optional<Peer> sender = sender(operator, caller);
        Post post = sender.map(self -> Post.ofSession(environment, operator.office(), self))
                .orElseGet(() -> Post.ofOperator(environment, operator.office(), operator.asCaller()));
        Peer peer = resolved(operator, sender.orElseGet(operator::asCaller), post);
        Post.Stored stored = post.store(peer, text, Optional.empty(), wake.orElse(Effort.NATIVE));
        PrintWriter out = spec.commandLine().getOut();
        out.println("stored " + stored.envelope().id() + " for " + peer.name() + " (" + PlainText.line(peer.client()) + ")"
                + sender.map(from -> ", from " + from.name() + ", in whose client this runs")
                        .orElse(""));
        // It is stored, whatever comes of waking.
        out.flush();
        post.wake(stored).forEach(out::println);
        out.flush();
        return ExitCode.OK;
    }

    /** The two words of a tool's {@code wake}. */
    static final class WakeConverter implements CommandLine.ITypeConverter<Effort> {
        @Override
        public Effort convert(String value) {
            return switch (value) {
                case "off" -> Effort.NONE;
                case "auto" -> Effort.ALL;
                default -> throw new TypeConversionException("it is off or auto");
            };
        }
    }

    private String standardInput() throws IOException {
        byte[] bytes = System.in.readNBytes(Envelope.MAX_BODY_BYTES + 2);
        try {
            String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            return text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
        } catch (CharacterCodingException e) {
            throw usage("standard input is not UTF-8 text, or longer than " + Envelope.MAX_BODY_BYTES + " bytes");
        }
    }

    private void checkSize(String text) {
        Optional<String> problem = Post.problem(text);
        if (problem.isPresent()) {
            throw usage(problem.get());
        }
    }

    /** The session in whose client this runs; empty if a person sends it. */
    private static Optional<Peer> sender(Operator operator, Caller caller) throws IOException {
        if (!caller.isAgent()) {
            return Optional.empty();
        }
        Peer self = caller.session()
                .orElseThrow(() -> new IOException(
                        "this command runs inside a client that hosts several agent sessions, or one that cannot be"
                                + " found, so whose message this would be cannot be told; nothing was sent. Use the tool"
                                + " send_message"));
        if (!self.project().equals(operator.project().key())) {
            throw new IOException("this command runs inside session " + self.name()
                    + ", which works on another project; only sessions of one project can talk. Nothing was sent");
        }
        return Optional.of(self);
    }

    private Peer resolved(Operator operator, Peer caller, Post post) throws IOException {
        Resolution resolution = operator.office().peers().resolve(target, caller);
        if (resolution instanceof Resolution.Self) {
            throw new IOException("'" + target + "' is the session that this command runs in; nothing was sent");
        }
        if (resolution instanceof Found found) {
            Optional<String> refusal = post.refusal(found.peer());
            if (refusal.isPresent()) {
                throw new IOException(refusal.get());
            }
            return found.peer();
        }
        if (resolution instanceof Ambiguous ambiguous) {
            throw new IOException("several sessions match '" + target + "': "
                    + ambiguous.candidates().stream()
                            .map(p -> p.name() + " (" + p.id() + ")")
                            .collect(Collectors.joining(", ")));
        }
        if (resolution instanceof NotFound none) {
            throw new IOException("no session of this project is called '" + target + "': " + none.hint()
                    + (none.names().isEmpty() ? "" : " There are: " + String.join(", ", none.names())));
        }
        throw new IOException("'" + target + "' works on another project; see --project");
    }

    private ParameterException usage(String message) {
        return new CommandLine.ParameterException(spec.commandLine(), message);
    }
}
