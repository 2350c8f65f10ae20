package dev.parley.mcp;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Cuts a stream of bytes into lines of UTF-8, with bounded memory: of a line over the limit nothing is kept. Used by one
 * thread; only {@link #received} may be called by others.
 */
final class LineReader {
    private static final int CHUNK_BYTES = 64 * 1024;

    private final InputStream in;
    private final int limitBytes;
    private final byte[] chunk = new byte[CHUNK_BYTES];
    private int position;
    private int filled;
    /** Bytes taken from the stream so far. Written by the reading thread, right after each read. */
    private final AtomicLong taken = new AtomicLong();

    LineReader(InputStream in, int limitBytes) {
        this.in = in;
        this.limitBytes = limitBytes;
    }

    /**
     * The next line; blocks until there is one. What follows the last line end counts as a line too.
     *
     * @throws IOException when the stream fails; the reader is then of no more use
     */
    Line next() throws IOException {
        if (position == filled && !fill()) {
            return new Line.End();
        }
        long start = taken.get() - filled + position;
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        boolean tooLong = false;
        while (true) {
            int end = lineEnd();
            int length = end - position;
            tooLong |= line.size() + length > limitBytes;
            if (!tooLong) {
                line.write(chunk, position, length);
            } else if (line.size() > 0) {
                line = new ByteArrayOutputStream();
            }
            position = end;
            if (position < filled) {
                position++;
                break;
            }
            if (!fill()) {
                break;
            }
        }
        return tooLong ? new Line.TooLong(limitBytes) : decoded(line.toByteArray(), start);
    }

    /**
     * How many bytes the other side is known to have sent: those taken from the stream and those that wait in it. Bytes
     * that are on their way from one to the other at this very moment are missed.
     */
    long received() {
        while (true) {
            long before = taken.get();
            long waiting = available();
            if (taken.get() == before) {
                return before + waiting;
            }
        }
    }

    private long available() {
        try {
            return in.available();
        } catch (IOException closed) {
            return 0;
        }
    }

    private int lineEnd() {
        int end = position;
        while (end < filled && chunk[end] != '\n') {
            end++;
        }
        return end;
    }

    private boolean fill() throws IOException {
        position = 0;
        filled = 0;
        int count = in.read(chunk);
        if (count <= 0) {
            return false;
        }
        filled = count;
        taken.addAndGet(count);
        return true;
    }

    /** Strict, because Jackson would guess UTF-16 or UTF-32 from bytes and let some ill-formed UTF-8 pass. */
    private static Line decoded(byte[] bytes, long start) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return new Line.Text(text, start);
        } catch (CharacterCodingException notUtf8) {
            return new Line.NotUtf8();
        }
    }
}
