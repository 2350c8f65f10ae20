package dev.parley.mcp;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a stream of bytes into lines of UTF-8, with bounded memory: of a line over the limit nothing is kept. Used by one
 * thread; only {@link #received} and {@link #readAhead} may be called by others.
 */
final class LineReader {
    private static final int CHUNK_BYTES = 64 * 1024;
    /** What a pipe holds, several times. */
    private static final int AHEAD_CHUNKS = 16;

    private final InputStream in;
    private final int limitBytes;
    private final byte[] chunk = new byte[CHUNK_BYTES];
    private int position;
    private int filled;
    /** Bytes that were in the chunks so far, the present one included. */
    private long cut;

    /** Held by whoever reads from the stream. */
    private final ReentrantLock reading = new ReentrantLock();
    /** What was read while the reading thread was held up, and not taken by it yet. Guarded by {@code reading}. */
    private final Deque<byte[]> ahead = new ArrayDeque<>();
    /** Guarded by {@code reading}. */
    private boolean endedAhead;

    /** Bytes taken from the stream so far. Written by whoever reads, right after each read. */
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
        long start = cut - filled + position;
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        @Nullable IdScan tooLong = null;
        while (true) {
            int end = lineEnd();
            int length = end - position;
            if (tooLong == null && line.size() + length > limitBytes) {
                tooLong = new IdScan();
                tooLong.take(line.toByteArray(), 0, line.size());
                line = new ByteArrayOutputStream();
            }
            if (tooLong == null) {
                line.write(chunk, position, length);
            } else {
                tooLong.take(chunk, position, length);
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
        return tooLong == null ? decoded(line.toByteArray(), start) : new Line.TooLong(limitBytes, tooLong.id());
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
        reading.lock();
        try {
            byte[] known = ahead.pollFirst();
            if (known != null) {
                System.arraycopy(known, 0, chunk, 0, known.length);
                filled = known.length;
            } else if (!endedAhead) {
                filled = Math.max(in.read(chunk), 0);
                taken.addAndGet(filled);
            }
        } finally {
            reading.unlock();
        }
        cut += filled;
        return filled > 0;
    }

    /**
     * Reads a piece for the reading thread, which is held up, to see whether the input ends behind it; blocks until there is
     * one.
     *
     * @return whether there may be more: false at the end of the input, or when so much was read that no more is kept
     * @throws IOException when the stream fails; the reading thread will see that too
     */
    boolean readAhead() throws IOException {
        reading.lock();
        try {
            if (endedAhead || ahead.size() >= AHEAD_CHUNKS) {
                return false;
            }
            byte[] piece = new byte[CHUNK_BYTES];
            int count = in.read(piece);
            if (count <= 0) {
                endedAhead = true;
                return false;
            }
            taken.addAndGet(count);
            byte[] last = ahead.peekLast();
            if (last != null && last.length + count <= CHUNK_BYTES) {
                ahead.removeLast();
                byte[] both = Arrays.copyOf(last, last.length + count);
                System.arraycopy(piece, 0, both, last.length, count);
                ahead.addLast(both);
            } else {
                ahead.addLast(Arrays.copyOf(piece, count));
            }
            return true;
        } finally {
            reading.unlock();
        }
    }

    /** Whether the end of the input has been read ahead. */
    boolean isEndedAhead() {
        reading.lock();
        try {
            return endedAhead;
        } finally {
            reading.unlock();
        }
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
