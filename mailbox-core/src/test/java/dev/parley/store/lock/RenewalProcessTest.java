package dev.parley.store.lock;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.lock.RenewableLease;
import dev.parley.lock.RenewableLock;
import dev.parley.lock.RenewableLock.Taken;
import dev.parley.testing.Jvm;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ownership that is renewed, with real processes that are stopped and killed. */
final class RenewalProcessTest {

    private static final Duration ENOUGH = Duration.ofMinutes(1);

    @TempDir
    Path temp;

    private Path home = Path.of("");
    private Process holder;
    private BufferedReader said;

    @BeforeEach
    void start() throws IOException {
        home = temp.toRealPath().resolve("home");
        holder = Jvm.of(RenewalWorker.class, home.toString()).start();
        said = new BufferedReader(new InputStreamReader(holder.getInputStream(), UTF_8));
        assertEquals("taken", said.readLine());
    }

    @AfterEach
    void end() throws InterruptedException {
        holder.destroyForcibly().waitFor();
    }

    private void signal(String name) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(holder.pid())).start();
        assertEquals(0, kill.waitFor());
    }

    @Test
    void aStoppedHolderFindsItselfDisplaced() throws Exception {
        signal("STOP");
        try (RenewableLease lease = RenewalWorker.lock(home).acquire(ENOUGH)) {
            signal("CONT");
            assertEquals("displaced", said.readLine());
            assertTrue(holder.waitFor(ENOUGH.toSeconds(), TimeUnit.SECONDS));
            assertTrue(lease.renew(), "whoever was displaced takes nothing back");
        }
    }

    @Test
    void aKilledHolderIsDisplacedAtTheFirstTry() throws Exception {
        RenewableLock lock = RenewalWorker.lock(home);
        assertEquals(
                holder.pid(),
                lock.holder().orElseThrow().process().orElseThrow().pid());
        signal("KILL");
        holder.waitFor();
        assertInstanceOf(Taken.class, lock.tryAcquire()).lease().close();
    }
}
