package dev.parley.clients;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a command for a test, which fails if the command does. */
final class Command {

    private static final int LIMIT_SECONDS = 30;

    private Command() {}

    /** What it printed on standard output. */
    static String run(List<String> command) {
        return run(command, LIMIT_SECONDS);
    }

    /** What it printed on standard output within a limit. */
    static String run(List<String> command, int limitSeconds) {
        try {
            Path out = Files.createTempFile("parley-test-", ".out");
            Path err = Files.createTempFile("parley-test-", ".err");
            try {
                Process process = new ProcessBuilder(command)
                        .redirectInput(ProcessBuilder.Redirect.from(
                                Path.of("/dev/null").toFile()))
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile())
                        .start();
                if (!process.waitFor(limitSeconds, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                    throw new AssertionError(command + " did not end");
                }
                if (process.exitValue() != 0) {
                    throw new AssertionError(command + " failed: " + Files.readString(err, UTF_8));
                }
                return Files.readString(out, UTF_8);
            } finally {
                Files.delete(out);
                Files.delete(err);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("this test needs " + command.get(0), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
