package dev.parley.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;

/** Named pipes: whoever opens one without a look waits until somebody opens its other end. */
public final class Pipes {

    private Pipes() {}

    /** Makes one where there is nothing yet. */
    public static void make(Path place) throws IOException {
        String[] command = {"mkfifo", place.toString()};
        try {
            assertEquals(0, new ProcessBuilder(command).start().waitFor(), () -> String.join(" ", command));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException(String.join(" ", command));
        }
    }
}
