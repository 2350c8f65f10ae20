package dev.parley.store;

import dev.parley.trace.Why;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/**
 * Makes what a {@link java.nio.channels.FileChannel} does behave like a system call on a plain file: an interrupt does
 * not break it off, and an error names the path.
 *
 * <p>Without this, cancelling a tool call could make a write fail half way, or make one that has happened look failed.
 */
final class OneCall {

    /** What is done; begun again from its start if an interrupt closed its channel. */
    @FunctionalInterface
    interface Body<T> {
        T run() throws IOException;
    }

    private OneCall() {}

    /** Runs it to its end. An interrupt that came meanwhile is still pending afterwards. */
    static <T> T of(Path path, Body<T> body) throws IOException {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return body.run();
                } catch (ClosedByInterruptException e) {
                    interrupted = true;
                    Thread.interrupted();
                } catch (FileSystemException | CorruptFileException e) {
                    throw e;
                } catch (IOException e) {
                    FileSystemException named = new FileSystemException(path.toString(), null, Why.of(e));
                    named.initCause(e);
                    throw named;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
