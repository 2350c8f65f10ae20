package dev.parley.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Asks a client's program something, with a limit on its time and on its output. */
final class ShortRun {

    private static final int MAX_BYTES = 1 << 20;

    /**
     * What came of it.
     *
     * @param status its exit status
     * @param out what it wrote to standard output
     */
    record Result(int status, String out) {}

    private ShortRun() {}

    /**
     * Runs a command to its end, with exactly this environment and nothing on its standard input.
     *
     * @throws IOException if it cannot be started, or does not end within the limit: it is ended then
     */
    static Result of(List<String> command, Map<String, String> environment, Duration limit)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
            CompletableFuture<String> out =
                    CompletableFuture.supplyAsync(() -> read(process.getInputStream()), ShortRun::start);
            String text = out.get(limit.toMillis(), TimeUnit.MILLISECONDS);
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw tooSlow(limit);
            }
            return new Result(process.exitValue(), text);
        } catch (TimeoutException e) {
            throw tooSlow(limit);
        } catch (ExecutionException e) {
            throw new IOException(String.valueOf(e.getCause()), e);
        } finally {
            process.destroyForcibly();
        }
    }

    private static IOException tooSlow(Duration limit) {
        return new IOException("it did not end within " + limit.toSeconds() + " s");
    }

    private static String read(InputStream stream) {
        try (stream) {
            return new String(stream.readNBytes(MAX_BYTES), UTF_8);
        } catch (IOException e) {
            // It was ended while it was read: its caller knows.
            return "";
        }
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "client-answer");
        thread.setDaemon(true);
        thread.start();
    }
}
