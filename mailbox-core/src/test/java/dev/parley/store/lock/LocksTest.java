package dev.parley.store.lock;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.lock.GuardedValue;
import dev.parley.lock.Leases;
import dev.parley.lock.LockTimeoutException;
import dev.parley.lock.OwnerLock.Taken;
import dev.parley.process.ProcessIdentity;
import dev.parley.process.ProcessTable;
import dev.parley.store.Disk.Sync;
import dev.parley.store.Store;
import dev.parley.testing.SimulatedDisk;
import dev.parley.testing.SimulatedFiles;
import dev.parley.testing.SimulatedProcesses;
import dev.parley.testing.SteppedClock;
import dev.parley.trace.Trace;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names of locks, and the sweep. */
final class LocksTest {

    private static final Path HOME = Path.of("/home");
    private static final byte[] NOTHING = {};

    private final SteppedClock clock = new SteppedClock(Instant.parse("2026-01-01T00:00:00Z"));
    private final SimulatedFiles files = SimulatedFiles.empty(clock);
    private final SimulatedProcesses processes = new SimulatedProcesses();
    private final ProcessTable us = processes.start(1);
    private final ProcessTable them = processes.start(2);
    private final SimulatedDisk disk = files.disk();
    private final List<String> events = new ArrayList<>();
    private Store store;
    private Locks locks;

    @BeforeEach
    void openStore() throws IOException {
        disk.makeDirectory(HOME);
        Trace trace = (event, fields) -> events.add(event + " " + new TreeMap<>(fields));
        store = Store.over(HOME, disk, clock, trace);
        locks = new Locks(store, us);
    }

    private Set<String> left() throws IOException {
        return Set.copyOf(disk.list(store.locks()));
    }

    private String candidate(String lock, ProcessIdentity of, boolean complete) throws IOException {
        OwnerToken token = OwnerToken.of(of);
        Path directory = store.locks().resolve("~" + lock + "." + token);
        disk.makeDirectory(directory);
        if (complete) {
            disk.createFile(directory.resolve(token.toString()), NOTHING, Sync.UNFORCED);
        }
        return directory.getFileName().toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a/b", "../a", "~a", ".hidden", "-a", "a b", "a\n", "ä", "a\0"})
    void whatIsNoNameIsRefused(String name) {
        assertThrows(IllegalArgumentException.class, () -> locks.named(name));
        assertThrows(IllegalArgumentException.class, () -> locks.guarded(HOME.resolve("f"), name));
    }

    @Test
    void aNameIsBoundedSoThatEveryTokenFitsBehindIt() throws IOException {
        assertThrows(IllegalArgumentException.class, () -> locks.named("n".repeat(161)));
        try (FileLease lease = (FileLease)
                assertInstanceOf(Taken.class, locks.named("n".repeat(160)).tryAcquire())
                        .lease()) {
            // The largest Linux process number, a thousand years of ticks, the scope as the process table makes it.
            String longest = "~" + "n".repeat(160) + ".4194304.3155760000000." + "0123456789abn4294967295" + "."
                    + lease.token().nonce();
            assertTrue(longest.length() < 255, longest);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1})
    void aLeaseThatIsNoTimeIsRefused(long millis) {
        Duration lease = Duration.ofMillis(millis);
        assertThrows(IllegalArgumentException.class, () -> locks.named("l", lease));
    }

    @Test
    void anEmptyPlaceIsSwept() throws IOException {
        assertEquals(0, locks.sweep());
    }

    @Test
    void candidatesOfTheDeadAreSwept() throws IOException {
        candidate("a", them.self(), true);
        candidate("a", them.self(), false);
        candidate("a.with.dots.1.2", them.self(), true);
        assertEquals(0, locks.sweep());
        processes.kill(2);
        assertEquals(3, locks.sweep());
        assertEquals(Set.of(), left());
    }

    @Test
    void locksOfTheDeadAreSwept() throws IOException {
        assertInstanceOf(Taken.class, new Locks(store, them).named("theirs").tryAcquire());
        try (FileLease ours = (FileLease)
                assertInstanceOf(Taken.class, locks.named("ours").tryAcquire()).lease()) {
            processes.kill(2);
            assertEquals(1, locks.sweep());
            assertEquals(Set.of("ours"), left());
            ours.ensureHeld();
        }
    }

    @Test
    void emptyLocksAreSwept() throws IOException {
        disk.makeDirectory(store.locks().resolve("empty"));
        assertEquals(1, locks.sweep());
        assertEquals(Set.of(), left());
    }

    @Test
    void whatCannotBeJudgedIsSweptAfterAnHour() throws IOException {
        ProcessIdentity stranger = new ProcessIdentity(3, 3, "elsewhere");
        candidate("a", stranger, true);
        disk.makeDirectory(store.locks().resolve("b"));
        disk.createFile(
                store.locks().resolve("b").resolve(OwnerToken.of(stranger).toString()), NOTHING, Sync.UNFORCED);
        disk.makeDirectory(store.locks().resolve("~no-token-at-all"));
        clock.advance(Duration.ofMinutes(59));
        assertEquals(0, locks.sweep());
        assertEquals(3, left().size());
        clock.advance(Duration.ofMinutes(2));
        assertEquals(3, locks.sweep());
        assertEquals(Set.of(), left());
    }

    @ParameterizedTest
    @ValueSource(strings = {"~", "~.", "~....", "~a.b.c.d.e", "~.1.2.3.4.5.6"})
    void oddNamesAreNoObstacle(String name) throws IOException {
        disk.makeDirectory(store.locks().resolve(name));
        assertEquals(0, locks.sweep());
        clock.advance(Duration.ofHours(2));
        assertEquals(1, locks.sweep());
        assertEquals(Set.of(), left());
    }

    @Test
    void whatCannotBeSweptIsTracedAndTheRestIsSwept() throws IOException {
        disk.createFile(store.locks().resolve("a-file"), "kept".getBytes(UTF_8), Sync.UNFORCED);
        Path odd = store.locks().resolve(candidate("a", them.self(), true));
        disk.createFile(odd.resolve("not-ours"), NOTHING, Sync.UNFORCED);
        String swept = candidate("z", them.self(), true);
        processes.kill(2);
        assertEquals(1, locks.sweep());
        assertEquals(Set.of("a-file", odd.getFileName().toString()), left());
        assertEquals("kept", files.content(store.locks().resolve("a-file")).orElseThrow());
        assertTrue(events.contains("lock-swept {name=" + swept + "}"), events::toString);
        assertEquals(
                2,
                events.stream().filter(e -> e.startsWith("lock-sweep-failed")).count(),
                events::toString);
    }

    @Test
    void aFileIsGuardedByTheLockOfItsName() throws IOException, InterruptedException {
        GuardedValue file = locks.guarded(HOME.resolve("f"), "f");
        try (FileLease lease = (FileLease)
                assertInstanceOf(Taken.class, locks.named("f").tryAcquire()).lease()) {
            assertThrows(LockTimeoutException.class, () -> file.update(Duration.ofMillis(5), present -> NOTHING));
            lease.ensureHeld();
        }
        file.update(Leases.WAIT, present -> "content".getBytes(UTF_8));
        assertEquals("content", files.content(HOME.resolve("f")).orElseThrow());
    }

    @Test
    void takingOverIsTraced() throws IOException {
        OwnerToken theirs =
                new Locks(store, them).named("l").takeIfFree().orElseThrow().token();
        processes.kill(2);
        assertInstanceOf(Taken.class, locks.named("l").tryAcquire()).lease().close();
        assertEquals(
                1,
                events.stream()
                        .filter(e -> e.startsWith("lock-taken-over") && e.contains(theirs.toString()))
                        .count());
    }
}
