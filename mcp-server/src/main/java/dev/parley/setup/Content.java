package dev.parley.setup;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The bytes of a text, which may be too long for the memory: they are read where they are, part by part. */
sealed interface Content {

    /** Beyond so much, a text is not taken into memory as a whole. */
    long LONGEST_TEXT = 8L << 20;

    /** No text at all. */
    static Content empty() {
        return Text.NOTHING;
    }

    /** A text in memory. */
    static Content of(String text) {
        return new Text(text.getBytes(UTF_8));
    }

    /** How many bytes it has. */
    long size();

    /** The bytes from a place on. */
    InputStream from(long start) throws IOException;

    /** Copies a part of it. */
    default void copy(long from, long to, OutputStream out) throws IOException {
        byte[] buffer = new byte[1 << 16];
        try (InputStream in = from(from)) {
            for (long left = to - from; left > 0; ) {
                int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
                if (read < 0) {
                    throw new EOFException(this + " became shorter while it was read");
                }
                out.write(buffer, 0, read);
                left -= read;
            }
        }
    }

    /**
     * A part of it as text.
     *
     * @throws NotEditableException if that is no UTF-8, or too long to be held in memory
     */
    default String text(long from, long to) throws IOException {
        if (to - from > LONGEST_TEXT) {
            throw new NotEditableException(
                    "has a part of " + ((to - from) >> 20) + " MB that would have to be changed");
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        copy(from, to, bytes);
        try {
            return UTF_8.newDecoder()
                    .decode(ByteBuffer.wrap(bytes.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new NotEditableException("is not UTF-8");
        }
    }

    /**
     * All of it as text.
     *
     * @throws NotEditableException if that is no UTF-8, or too long to be held in memory
     */
    default String text() throws IOException {
        return text(0, size());
    }

    /** Bytes in memory. */
    @SuppressWarnings("ArrayRecordComponent") // never compared, never given away
    record Text(byte[] bytes) implements Content {

        private static final Text NOTHING = new Text(new byte[0]);

        @Override
        public long size() {
            return bytes.length;
        }

        @Override
        public InputStream from(long start) {
            return new ByteArrayInputStream(bytes, (int) start, bytes.length - (int) start);
        }
    }

    /** A file, known to be a regular one, that had this size. */
    record OnDisk(Path file, long size) implements Content {

        @Override
        public InputStream from(long start) throws IOException {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
            channel.position(start);
            return new BufferedInputStream(Channels.newInputStream(channel), 1 << 16);
        }

        @Override
        public String toString() {
            return file.toString();
        }
    }
}
