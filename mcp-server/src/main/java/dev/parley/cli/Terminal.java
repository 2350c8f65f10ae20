package dev.parley.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether a person sits at standard input. */
final class Terminal {

    private static final Path STANDARD_INPUT = Path.of("/proc/self/fd/0");

    private Terminal() {}

    /** The JDK only tells of input and output together, and since JDK 22 has to be asked in another way; Linux tells exactly. */
    @SuppressWarnings("SystemConsoleNull")
    static boolean isInput() {
        try {
            String target = Files.readSymbolicLink(STANDARD_INPUT).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
        } catch (IOException | UnsupportedOperationException e) {
            return System.console() != null;
        }
    }
}
