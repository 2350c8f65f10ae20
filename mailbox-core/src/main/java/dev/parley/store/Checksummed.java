package dev.parley.store;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/**
 * Text lines that end with their own checksum: {@code crc32c:} and eight hexadecimal digits, on a line of its own.
 *
 * <p>A file cut short anywhere, or with any single bit turned over, does not match.
 */
public final class Checksummed {

    private static final String MARK = "crc32c:";
    private static final char REPLACEMENT = '\ufffd';
    private static final int TRAILER = MARK.length() + 8 + 1;

    private Checksummed() {}

    /**
     * Adds the trailer.
     *
     * @param lines text that ends with a newline
     */
    public static byte[] encode(String lines) {
        byte[] text = lines.getBytes(UTF_8);
        byte[] whole = Arrays.copyOf(text, text.length + TRAILER);
        byte[] trailer = (MARK + HexFormat.of().toHexDigits(crc(text, text.length)) + "\n").getBytes(US_ASCII);
        System.arraycopy(trailer, 0, whole, text.length, TRAILER);
        return whole;
    }

    /**
     * Checks the trailer and takes it off.
     *
     * @param file for the error only
     * @throws CorruptFileException if the trailer is missing or does not match, or the text is not UTF-8
     */
    public static String decode(Path file, byte[] content) throws CorruptFileException {
        int length = content.length - TRAILER;
        if (length < 0 || !new String(content, length, MARK.length(), US_ASCII).equals(MARK)) {
            throw new CorruptFileException(file, content.length, "it ends without its checksum");
        }
        String expected = HexFormat.of().toHexDigits(crc(content, length)) + "\n";
        if (!new String(content, length + MARK.length(), 9, US_ASCII).equals(expected)) {
            throw new CorruptFileException(file, 0, "its checksum does not match");
        }
        String text = new String(content, 0, length, UTF_8);
        // What is no UTF-8 has become this character, which a text may also hold by itself.
        return text.indexOf(REPLACEMENT) < 0 ? text : decodeStrictly(file, content, length);
    }

    private static String decodeStrictly(Path file, byte[] content, int length) throws CorruptFileException {
        try {
            return UTF_8.newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(content, 0, length))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new CorruptFileException(file, 0, "it is not UTF-8");
        }
    }

    private static int crc(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }
}
