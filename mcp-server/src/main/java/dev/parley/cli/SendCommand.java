package dev.parley.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.parley.ledger.Delivery.Ring;
import dev.parley.mailbox.Envelope;
import dev.parley.mailbox.Envelope.Origin;
import dev.parley.mailbox.PlainText;
import dev.parley.mailbox.Utf8;
import dev.parley.peer.Comeback;
import dev.parley.peer.Peer;
import dev.parley.peer.Presence.Life;
import dev.parley.peer.Resolution;
import dev.parley.peer.Resolution.Ambiguous;
import dev.parley.peer.Resolution.Found;
import dev.parley.peer.Resolution.NotFound;
import dev.parley.store.Ids;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
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

/** {@code parley send}: a message from the person at the terminal. */
@Command(
        name = "send",
        description = "Sends a message to a session of this project, as the operator.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example: parley send calm-otter 'the build is red, please look'",
            "         git log -1 | parley send calm-otter -"
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
    public Integer call() throws IOException {
        String text = body.equals("-") ? standardInput() : body;
        checkSize(text);
        Operator operator = Operator.at(directory, environment);
        Peer peer = resolved(operator);
        Envelope envelope = new Envelope(
                Ids.newMessageId(Optional.empty()),
                operator.office().store().clock().instant().truncatedTo(ChronoUnit.MILLIS),
                Origin.OPERATOR,
                Optional.empty(),
                "operator",
                peer.id(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                0,
                text);
        operator.office().delivery().send(envelope, Ring.YES);
        spec.commandLine()
                .getOut()
                .println(
                        "stored " + envelope.id() + " for " + peer.name() + " (" + PlainText.line(peer.client()) + ")");
        if (isOut(peer, operator)) {
            Comeback comeback = Comeback.of(peer);
            spec.commandLine()
                    .getOut()
                    .println("outlook: " + comeback.way().outlook() + ". " + comeback.text()
                            + comeback.command()
                                    .map(command -> "  (in " + PlainText.line(comeback.directory()) + ")")
                                    .orElse(""));
        }
        spec.commandLine().getOut().flush();
        return ExitCode.OK;
    }

    private static boolean isOut(Peer peer, Operator operator) throws IOException {
        return operator.office().peers().presence(peer).life() == Life.GONE;
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
            throw usage("the text is not valid Unicode: " + e.getMessage());
        }
        if (bytes < 1 || bytes > Envelope.MAX_BODY_BYTES) {
            throw usage("a message has 1 to " + Envelope.MAX_BODY_BYTES + " bytes, this one has "
                    + (bytes > Envelope.MAX_BODY_BYTES ? "more" : "none"));
        }
    }

    private Peer resolved(Operator operator) throws IOException {
        Resolution resolution = operator.office().peers().resolve(target, operator.asCaller());
        if (resolution instanceof Found found) {
            Comeback comeback = Comeback.of(found.peer());
            if (comeback.way() == Comeback.Way.NONE && isOut(found.peer(), operator)) {
                throw new IOException(comeback.text() + "; nothing was stored");
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
