package dev.parley.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.parley.mailbox.Envelope;
import dev.parley.trace.Why;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** A message that is given to a command as {@code TEXT|@FILE|-}. */
final class GivenText {

    private GivenText() {}

    /**
     * The text, without the line's end behind it.
     *
     * @throws ParameterException if it is none that can be sent
     * @throws IOException if its file cannot be read
     */
    static String of(String given, CommandLine command) throws IOException {
        byte[] bytes;
        if (given.equals("-")) {
            bytes = System.in.readNBytes(Envelope.MAX_BODY_BYTES + 2);
        } else if (given.startsWith("@")) {
            try (InputStream in = Files.newInputStream(Path.of(given.substring(1)))) {
                bytes = in.readNBytes(Envelope.MAX_BODY_BYTES + 2);
            } catch (IOException e) {
                throw new IOException(
                        "the message " + given.substring(1) + " cannot be read: " + Why.of(e) + "; nothing was started",
                        e);
            }
        } else {
            bytes = given.getBytes(UTF_8);
        }
        String text;
        try {
            text = UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw new ParameterException(
                    command, "the message is not UTF-8 text, or longer than " + Envelope.MAX_BODY_BYTES + " bytes");
        }
        text = text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
        if (text.isBlank() || text.getBytes(UTF_8).length > Envelope.MAX_BODY_BYTES) {
            throw new ParameterException(
                    command,
                    "a message has 1 to " + Envelope.MAX_BODY_BYTES + " bytes, this one has "
                            + (text.isBlank() ? "none" : "more"));
        }
        return text;
    }
}
