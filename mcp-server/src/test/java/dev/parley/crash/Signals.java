package dev.parley.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;

/** Signals that the JDK cannot send. */
final class Signals {

    private Signals() {}

    /** Sends a signal, by its name without SIG, to one process. */
    static void send(long pid, String signal) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-s", signal, Long.toString(pid))
                .inheritIO()
                .start();
        assertEquals(0, kill.waitFor(), "kill -s " + signal + " " + pid);
    }
}
