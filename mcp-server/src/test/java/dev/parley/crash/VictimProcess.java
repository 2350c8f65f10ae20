package dev.parley.crash;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A {@link Victim} in a process of its own. */
final class VictimProcess implements AutoCloseable {

    private static final long LIMIT_SECONDS = 30;

    private final Process process;
    private final Thread listening;
    private final BlockingQueue<String> said = new LinkedBlockingQueue<>();

    private VictimProcess(Process process, Consumer<String> listener) {
        this.process = process;
        this.listening = new Thread(() -> listen(listener), "victim-" + process.pid());
        listening.start();
    }

    /**
     * Starts one.
     *
     * @param listener is given every whole line it says, without the semicolon
     */
    static VictimProcess start(Path home, Consumer<String> listener, String... arguments) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(Victim.command(home, arguments));
        builder.redirectError(ProcessBuilder.Redirect.INHERIT);
        return new VictimProcess(builder.start(), listener);
    }

    private void listen(Consumer<String> listener) {
        try (BufferedReader lines = process.inputReader(UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.endsWith(";")) {
                    String whole = line.substring(0, line.length() - 1);
                    listener.accept(whole);
                    said.add(whole);
                }
            }
        } catch (IOException e) {
            // The rest of what it said died with it.
            said.add("unreadable: " + e);
        }
    }

    /** Waits for the next line that begins so. */
    String awaitSaid(String beginning) throws InterruptedException {
        while (true) {
            String line = said.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
            assertTrue(line != null, "the victim never said " + beginning);
            if (line.startsWith(beginning)) {
                return line;
            }
        }
    }

    /** {@code kill -9}; on return it is dead and everything it said has been heard. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
        listening.join();
    }

    /** Ends its input; on return it has ended by itself and everything it said has been heard. */
    void leave() throws IOException, InterruptedException {
        process.getOutputStream().close();
        assertTrue(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS), "it does not end with its input");
        listening.join();
        assertEquals(0, process.exitValue());
    }

    /** Has it go on, if it waits for its input. */
    void nod() throws IOException {
        process.getOutputStream().write('\n');
        process.getOutputStream().flush();
    }

    /** SIGSTOP: it stays where it is, at whatever instruction. */
    void stop() throws IOException, InterruptedException {
        Signals.send(process.pid(), "STOP");
    }

    /** SIGCONT. */
    void goOn() throws IOException, InterruptedException {
        Signals.send(process.pid(), "CONT");
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
