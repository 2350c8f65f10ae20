package dev.parley.store.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.process.ProcessIdentity;
import dev.parley.process.ProcessTable;
import dev.parley.process.ProcessTable.Vitality;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The processes of this machine, with real ones. */
final class ProcessTableTest {

    private final ProcessTable table = LocalProcessTable.INSTANCE;

    /** A process that lives until its input ends. */
    private static Process living() throws IOException {
        return new ProcessBuilder("cat").start();
    }

    private ProcessIdentity identity(Process process) {
        return table.identify(process.pid()).orElseThrow();
    }

    @Test
    void weLive() {
        ProcessIdentity self = table.self();
        assertEquals(ProcessHandle.current().pid(), self.pid());
        assertEquals(Optional.of(self), table.identify(self.pid()));
        assertEquals(Vitality.ALIVE, table.vitality(self));
        assertEquals(Optional.of(self), ProcessIdentity.parse(self.toString()));
    }

    @Test
    void aProcessLivesUntilItHasEnded() throws IOException, InterruptedException {
        Process process = living();
        ProcessIdentity identity = identity(process);
        assertEquals(Vitality.ALIVE, table.vitality(identity));
        process.destroyForcibly().waitFor();
        assertEquals(Vitality.DEAD, table.vitality(identity));
        assertEquals(Optional.empty(), table.identify(process.pid()));
    }

    @Test
    void aStoppedProcessLives() throws IOException, InterruptedException {
        Process process = living();
        try {
            ProcessIdentity identity = identity(process);
            assertEquals(
                    0,
                    new ProcessBuilder("kill", "-STOP", Long.toString(process.pid()))
                            .start()
                            .waitFor());
            assertEquals(Vitality.ALIVE, table.vitality(identity));
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void anotherStartIsAnotherProcess() throws IOException, InterruptedException {
        Process process = living();
        try {
            ProcessIdentity identity = identity(process);
            assertEquals(
                    Vitality.DEAD,
                    table.vitality(new ProcessIdentity(identity.pid(), identity.start() - 1, identity.scope())));
            assertEquals(
                    Vitality.ALIVE,
                    table.vitality(new ProcessIdentity(identity.pid(), 0, identity.scope())),
                    "not known");
        } finally {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void twoProcessesNeverHaveOneIdentity() throws IOException, InterruptedException {
        Process one = living();
        Process other = living();
        try {
            assertTrue(!identity(one).equals(identity(other)));
        } finally {
            one.destroyForcibly().waitFor();
            other.destroyForcibly().waitFor();
        }
    }

    @Test
    void whoLivesElsewhereCannotBeJudged() {
        ProcessIdentity self = table.self();
        assertEquals(Vitality.UNKNOWN, table.vitality(new ProcessIdentity(self.pid(), self.start(), "anotherboot")));
        assertEquals(Vitality.ALIVE, table.vitality(new ProcessIdentity(self.pid(), self.start(), "0")), "not known");
    }

    /** A zombie: its parent, the shell turned sleep, never asks for it. */
    @Test
    void aZombieIsDead() throws IOException, InterruptedException {
        Process parent = new ProcessBuilder("sh", "-c", "cat /dev/null & echo $!; exec sleep 600").start();
        try (BufferedReader out = new BufferedReader(new InputStreamReader(parent.getInputStream(), UTF_8))) {
            long pid = Long.parseLong(out.readLine());
            Path stat = Path.of("/proc/" + pid + "/stat");
            Awaitility.await()
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> !Files.exists(stat) || read(stat).contains(") Z "));
            assertEquals(Optional.empty(), table.identify(pid));
            assertEquals(
                    Vitality.DEAD,
                    table.vitality(new ProcessIdentity(pid, 0, table.self().scope())));
        } finally {
            parent.destroyForcibly().waitFor();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aNumberNobodyHasIsNobodys() {
        long beyond = 1L << 40;
        assertEquals(Optional.empty(), table.identify(beyond));
        assertEquals(
                Vitality.DEAD,
                table.vitality(new ProcessIdentity(beyond, 1, table.self().scope())));
    }
}
