package dev.parley.supervise;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A command that waits for its word, with the shell of this machine. */
final class HeldBackTest {

    private static Process start(String... command) throws IOException {
        return new ProcessBuilder(HeldBack.command(List.of(command))).start();
    }

    private static String output(Process process) throws IOException {
        return new String(process.getInputStream().readAllBytes(), UTF_8);
    }

    @Test
    void whatFollowsTheWordIsThePrograms() throws Exception {
        Process process = start("/bin/cat");
        try (OutputStream input = process.getOutputStream()) {
            HeldBack.release(input);
            input.write("a prompt\n go\n".getBytes(UTF_8));
        }
        assertEquals("a prompt\n go\n", output(process));
        assertEquals(0, process.waitFor());
    }

    @Test
    void itIsTheSameProcess() throws Exception {
        Process process = start("/bin/sh", "-c", "echo $$ \"$1\"", "sh", "two words; $(none)");
        try (OutputStream input = process.getOutputStream()) {
            HeldBack.release(input);
        }
        assertEquals(process.pid() + " two words; $(none)\n", output(process));
        assertEquals(0, process.waitFor());
    }

    @Test
    void withoutItsWordItNeverBegins() throws Exception {
        for (String said : new String[] {"", "go", "gone\n", "\n", "a prompt\n"}) {
            Process process = start("/bin/sh", "-c", "echo begun");
            try (OutputStream input = process.getOutputStream()) {
                input.write(said.getBytes(UTF_8));
            }
            assertEquals("", output(process), said);
            assertNotEquals(0, process.waitFor());
        }
    }
}
