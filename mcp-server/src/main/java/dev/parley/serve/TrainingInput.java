package dev.parley.serve;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.Iterator;
import java.util.List;

/**
 * A client for a {@link TrainingRun}: sends a request when the one before it has been answered, and ends with the last
 * answer, however slow the machine is.
 */
final class TrainingInput extends InputStream {

    private final Iterator<String> script;
    private byte[] line = new byte[0];
    private int position;
    // Both guarded by this object's monitor.
    private int asked;
    private int answered;

    TrainingInput(List<String> script) {
        this.script = script.iterator();
    }

    /** Where the server writes. */
    OutputStream answers() {
        return new OutputStream() {
            @Override
            public void write(int b) {
                if (b == '\n') {
                    synchronized (TrainingInput.this) {
                        answered++;
                        TrainingInput.this.notifyAll();
                    }
                }
            }
        };
    }

    @Override
    public synchronized int read() throws InterruptedIOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0];
    }

    @Override
    public synchronized int read(byte[] into, int from, int length) throws InterruptedIOException {
        if (position == line.length && !next()) {
            return -1;
        }
        int count = Math.min(length, line.length - position);
        System.arraycopy(line, position, into, from, count);
        position += count;
        return count;
    }

    private boolean next() throws InterruptedIOException {
        try {
            while (answered < asked) {
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while a request was being answered");
        }
        if (!script.hasNext()) {
            return false;
        }
        String message = script.next();
        asked += message.contains("\"id\":") ? 1 : 0;
        line = (message + "\n").getBytes(UTF_8);
        position = 0;
        return true;
    }
}
