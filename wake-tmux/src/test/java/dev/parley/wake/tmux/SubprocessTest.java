package dev.parley.wake.tmux;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.testing.Timing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SubprocessTest {

    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(300);

    private final Subprocess subprocess = new Subprocess();

    @TempDir
    Path directory;

    @Test
    void givesInputAndTakesBothOutputs() throws Exception {
        Subprocess.Output output =
                subprocess.run(List.of("sh", "-c", "cat; echo wrong >&2; exit 3"), "❯ in".getBytes(UTF_8), LONG);
        assertEquals(new Subprocess.Output(3, "❯ in", "wrong\n"), output);
    }

    @Test
    void passesNothingOnThatChoosesAServer() throws Exception {
        Subprocess.Output output = subprocess.run(List.of("env"), new byte[0], LONG);
        assertTrue(output.out().startsWith("PATH="), output.out());
        assertEquals(1, output.out().lines().count(), output.out());
    }

    @Test
    void outputPastTheLimitIsCutOff() throws Exception {
        Subprocess.Output output =
                subprocess.run(List.of("sh", "-c", "head -c 6000000 /dev/zero | tr '\\0' x; true"), new byte[0], LONG);
        assertEquals(4 << 20, output.out().length());
    }

    @Test
    void endsACommandThatTakesTooLong() {
        long before = System.nanoTime();
        assertThrows(IOException.class, () -> subprocess.run(List.of("sleep", "60"), new byte[0], SHORT));
        Timing.assertAtMost(Duration.ofSeconds(5), Duration.ofNanos(System.nanoTime() - before), "ending a command");
        assertEquals(0, running("sleep"));
    }

    @Test
    void killsACommandThatDoesNotHeedTheFirstSignal() throws Exception {
        Path ready = directory.resolve("ready");
        String script = "trap '' TERM; echo $$ > " + ready + "; while :; do sleep 0.05; done";
        IOException late = assertThrows(
                IOException.class,
                () -> subprocess.run(List.of("sh", "-c", script), new byte[0], Duration.ofSeconds(2)));
        assertTrue(late.getMessage().contains("did not end within 2000 ms"), late.getMessage());
        long pid = Long.parseLong(Files.readString(ready).strip());
        await().until(() -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
    }

    /** A child that keeps the pipe open is not waited for: the JDK ends the stream with the command, or the limit does. */
    @Test
    void doesNotWaitForWhoeverElseHasThePipe() throws Exception {
        long before = System.nanoTime();
        try {
            Subprocess.Output output = subprocess.run(List.of("sh", "-c", "sleep 3 & echo done"), new byte[0], SHORT);
            assertEquals("done\n", output.out());
        } catch (IOException late) {
            assertTrue(late.getMessage().contains("did not end"), late.getMessage());
        }
        Timing.assertAtMost(Duration.ofMillis(2500), Duration.ofNanos(System.nanoTime() - before), "a command");
    }

    @Test
    void endsTheCommandWhenItsCallerIsInterrupted() throws Exception {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread caller = new Thread(() -> {
            try {
                subprocess.run(List.of("sleep", "61"), new byte[0], LONG);
            } catch (InterruptedException | IOException e) {
                thrown.set(e);
            }
        });
        caller.start();
        await().until(() -> running("sleep") == 1);
        caller.interrupt();
        caller.join();
        assertTrue(thrown.get() instanceof InterruptedException, () -> String.valueOf(thrown.get()));
        await().until(() -> running("sleep") == 0);
    }

    @Test
    void saysWhenThereIsNoSuchCommand() {
        assertThrows(
                IOException.class,
                () -> subprocess.run(List.of(directory.resolve("absent").toString()), new byte[0], LONG));
    }

    /** How many children of this process run that command. */
    private static long running(String command) {
        return ProcessHandle.current()
                .children()
                .filter(child -> child.info().command().orElse("").endsWith(command))
                .count();
    }
}
