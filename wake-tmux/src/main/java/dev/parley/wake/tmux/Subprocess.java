package dev.parley.wake.tmux;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs a short command with a limit on its time and on its output. Safe for use by several threads. */
final class Subprocess {

    private static final int MAX_OUTPUT_BYTES = 4 << 20;
    private static final Duration GRACE = Duration.ofMillis(300);
    private static final String SAFE_PATH = "/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin";

    /**
     * What came of it.
     *
     * @param status its exit status
     * @param out its standard output
     * @param err its standard error
     */
    record Output(int status, String out, String err) {}

    /**
     * Runs a command to its end.
     *
     * @param input what it reads on its standard input
     * @throws IOException if it cannot be started, or has not ended within the limit: it then got SIGTERM and, if that
     *     did not help, SIGKILL. What it had done until then is done
     * @throws InterruptedException if this thread was interrupted; the command is ended likewise
     */
    Output run(List<String> command, byte[] input, Duration limit) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command);
        // Nothing in this process's environment may steer it: TMUX and TMUX_PANE choose a server and a pane.
        Map<String, String> environment = builder.environment();
        String path = environment.getOrDefault("PATH", SAFE_PATH);
        environment.clear();
        environment.put("PATH", path);
        Process process = builder.start();
        long deadline = System.nanoTime() + limit.toNanos();
        try {
            CompletableFuture<String> out = reading(process.getInputStream());
            CompletableFuture<String> err = reading(process.getErrorStream());
            CompletableFuture<Void> in = CompletableFuture.runAsync(() -> write(process, input), Subprocess::start);
            if (!process.waitFor(left(deadline), TimeUnit.NANOSECONDS)) {
                throw tooSlow(command, limit);
            }
            in.get(left(deadline), TimeUnit.NANOSECONDS);
            return new Output(
                    process.exitValue(),
                    out.get(left(deadline), TimeUnit.NANOSECONDS),
                    err.get(left(deadline), TimeUnit.NANOSECONDS));
        } catch (TimeoutException e) {
            throw tooSlow(command, limit);
        } catch (ExecutionException e) {
            throw new IOException(command.get(0) + ": " + e.getCause(), e.getCause());
        } finally {
            end(process);
        }
    }

    /** At least a little, so that what is already there is still taken. */
    private static long left(long deadline) {
        return Math.max(deadline - System.nanoTime(), TimeUnit.MILLISECONDS.toNanos(50));
    }

    private static IOException tooSlow(List<String> command, Duration limit) {
        return new IOException(command.get(0) + " did not end within " + limit.toMillis() + " ms and was ended");
    }

    private static CompletableFuture<String> reading(InputStream stream) {
        return CompletableFuture.supplyAsync(() -> read(stream), Subprocess::start);
    }

    private static String read(InputStream stream) {
        try (stream) {
            byte[] bytes = stream.readNBytes(MAX_OUTPUT_BYTES);
            return new String(bytes, UTF_8);
        } catch (IOException e) {
            // The command was ended while it was read: its caller already knows.
            return "";
        }
    }

    private static void write(Process process, byte[] input) {
        try (OutputStream stream = process.getOutputStream()) {
            stream.write(input);
        } catch (IOException e) {
            // It ended without reading its input; its status and its standard error say why.
        }
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "wake-tmux-pipe");
        thread.setDaemon(true);
        thread.start();
    }

    private static void end(Process process) throws InterruptedException {
        if (process.isAlive()) {
            process.destroy();
            try {
                if (!process.waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException e) {
                process.destroyForcibly();
                throw e;
            }
        }
    }
}
