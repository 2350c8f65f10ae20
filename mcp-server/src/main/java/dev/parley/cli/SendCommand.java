package dev.parley.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.parley.client.Comeback;
import dev.parley.cockpit.OperatorPost;
import dev.parley.mailbox.Envelope;
import dev.parley.mailbox.PlainText;
import dev.parley.mailbox.Utf8;
import dev.parley.peer.Groups;
import dev.parley.peer.Peer;
import dev.parley.peer.Presence.Life;
import dev.parley.trace.Why;
import dev.parley.wake.Outlook.Effort;
import dev.parley.wake.Outlook.Speaker;
import dev.parley.wake.WakeReport;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
            description =
                    "a session's name, id, the beginning of its id (8+ characters), or its tmux session; name@host: one on that"
                            + " machine of the team; @group: a copy to each"
                            + " session that runs and belongs to it, @all: to every one; these ring nobody")
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
                    "whether to wake the session; off: not even its bell is rung; auto: also a line may be typed into"
                            + " its tmux pane, where that is safe; default: its bell or its queue, nothing is typed")
    private Optional<Effort> wake = Optional.empty();

    @Mixin
    private ProjectOption where = new ProjectOption();

    private final Map<String, String> environment;

    /** For picocli. */
    SendCommand(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        String text = body.equals("-") ? standardInput() : body;
        checkSize(text);
        Operator operator = where.operator(environment);
        Caller caller = Caller.of(operator);
        Optional<Peer> sender = sender(operator, caller);
        OperatorPost post = sender.map(self -> OperatorPost.ofSession(operator.office(), environment, self))
                .orElseGet(() -> OperatorPost.ofOperator(operator.office(), environment, operator.asCaller()));
        if (Groups.isMeantBy(target)) {
            requireNoWake();
            return new GroupSend(operator, spec.commandLine().getOut())
                    .send(
                            target,
                            sender.orElseGet(operator::asCaller),
                            receiver -> post.letter(receiver, text, Optional.empty()));
        }
        Peer peer = post.resolve(target);
        Effort effort = wake.orElse(Effort.NATIVE);
        Envelope envelope = post.store(peer, text, Optional.empty(), effort);
        PrintWriter out = spec.commandLine().getOut();
        out.println("stored " + envelope.id() + " for " + peer.called() + " (" + PlainText.line(peer.client()) + ")"
                + sender.map(from -> ", from " + from.name() + ", in whose client this runs")
                        .orElse(""));
        // It is stored, whatever comes of waking.
        out.flush();
        told(post.wake(envelope, peer, effort, Speaker.COMMAND), peer).forEach(out::println);
        out.flush();
        return ExitCode.OK;
    }

    private void requireNoWake() {
        if (wake.filter(effort -> effort != Effort.NONE).isPresent()) {
            throw usage("--wake auto takes one session: a message to a group wakes nobody; nothing was sent");
        }
    }

    private static List<String> told(OperatorPost.Woken woken, Peer peer) {
        List<String> lines = new ArrayList<>();
        lines.add("outlook: " + woken.outlook().word()
                + woken.report()
                        .flatMap(WakeReport::via)
                        .map(rung -> ", rung by " + rung)
                        .orElse("")
                + woken.outlook().hint().map(hint -> ". " + hint).orElse("")
                + (woken.presence().life() == Life.GONE ? directory(Comeback.of(peer)) : ""));
        woken.report().flatMap(WakeReport::reason).ifPresent(reason -> lines.add("not woken: " + reason));
        return lines;
    }

    private static String directory(Comeback comeback) {
        return comeback.command()
                .map(command -> "  (in " + PlainText.line(comeback.directory()) + ")")
                .orElse("");
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
        int bytes;
        try {
            bytes = Utf8.length(text);
        } catch (IllegalArgumentException e) {
            throw usage("the text is not valid Unicode: " + Why.of(e));
        }
        if (bytes < 1 || bytes > Envelope.MAX_BODY_BYTES) {
            throw usage("a message has 1 to " + Envelope.MAX_BODY_BYTES + " bytes, this one has "
                    + (bytes > Envelope.MAX_BODY_BYTES ? "more" : "none"));
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

    private ParameterException usage(String message) {
        return new CommandLine.ParameterException(spec.commandLine(), message);
    }
}
