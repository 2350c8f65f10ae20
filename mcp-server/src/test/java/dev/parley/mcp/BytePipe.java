package dev.parley.mcp;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Bytes from one thread to another. Unlike the JDK's pipes it does not mind which threads write, nor that they are
 * interrupted; unlike a real one it is never full.
 */
final class BytePipe {
    // Guarded by this object's monitor.
    private final Deque<byte[]> chunks = new ArrayDeque<>();
    private int offset;
    private int size;
    private boolean ended;
    private boolean broken;

    final OutputStream out = new OutputStream() {
        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            put(java.util.Arrays.copyOfRange(bytes, from, from + length));
        }

        @Override
        public void close() {
            end();
        }
    };

    final InputStream in = new InputStream() {
        @Override
        public int read() {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int from, int length) {
            return take(into, from, length);
        }

        @Override
        public int available() {
            synchronized (BytePipe.this) {
                return size;
            }
        }
    };

    /** From now on writing fails, as on a pipe that nobody reads. */
    synchronized void breakOff() {
        broken = true;
    }

    private synchronized void put(byte[] bytes) throws IOException {
        if (broken) {
            throw new IOException("Broken pipe");
        }
        if (bytes.length > 0) {
            chunks.addLast(bytes);
            size += bytes.length;
            notifyAll();
        }
    }

    private synchronized void end() {
        ended = true;
        notifyAll();
    }

    private synchronized int take(byte[] into, int from, int length) {
        while (chunks.isEmpty() && !ended) {
            try {
                wait();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return -1;
            }
        }
        byte[] chunk = chunks.peekFirst();
        if (chunk == null) {
            return -1;
        }
        int count = Math.min(length, chunk.length - offset);
        System.arraycopy(chunk, offset, into, from, count);
        offset += count;
        size -= count;
        if (offset == chunk.length) {
            chunks.removeFirst();
            offset = 0;
        }
        return count;
    }
}
