package dev.parley.cli;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalInt;

/** Whether a person sits there, and how wide their screen is. */
final class Terminal {

    private static final Path STANDARD_INPUT = Path.of("/proc/self/fd/0");
    private static final Path STANDARD_OUTPUT = Path.of("/proc/self/fd/1");

    private Terminal() {}

    /**
     * How many characters of the common width fit a line of standard output; empty if that is no terminal. The variable
     * {@code COLUMNS} has the last word, as in other programs.
     */
    static OptionalInt width(Map<String, String> environment) {
        OptionalInt told = positive(environment.getOrDefault("COLUMNS", ""));
        return told.isPresent() || !isOutput() ? told : asked();
    }

    static boolean isOutput() {
        return isTerminal(STANDARD_OUTPUT);
    }

    /** The JDK only tells of input and output together, and since JDK 22 has to be asked in another way; Linux tells exactly. */
    @SuppressWarnings("SystemConsoleNull")
    private static boolean isTerminal(Path descriptor) {
        try {
            String target = Files.readSymbolicLink(descriptor).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
        } catch (IOException | UnsupportedOperationException e) {
            return System.console() != null;
        }
    }

    /** The JDK has no way to ask. */
    private static OptionalInt asked() {
        try {
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(Path.of("/dev/tty").toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try (InputStream out = stty.getInputStream()) {
                String[] size =
                        new String(out.readNBytes(100), US_ASCII).strip().split(" ", -1);
                return size.length == 2 ? positive(size[1]) : OptionalInt.empty();
            }
        } catch (IOException e) {
            return OptionalInt.empty();
        }
    }

    private static OptionalInt positive(String number) {
        try {
            int value = Integer.parseInt(number.strip());
            return value > 0 ? OptionalInt.of(value) : OptionalInt.empty();
        } catch (NumberFormatException e) {
            return OptionalInt.empty();
        }
    }

    static boolean isInput() {
        return isTerminal(STANDARD_INPUT);
    }
}
