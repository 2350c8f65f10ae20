package dev.parley.store.lock;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.lock.GuardedValue;
import dev.parley.lock.LeaseLostException;
import dev.parley.lock.Leases;
import dev.parley.lock.OwnerLock.Taken;
import dev.parley.store.CorruptFileException;
import dev.parley.store.Disk.Sync;
import dev.parley.store.Store;
import dev.parley.testing.Faults;
import dev.parley.testing.Kernel;
import dev.parley.testing.SimulatedCrash;
import dev.parley.testing.SimulatedDisk;
import dev.parley.testing.SimulatedFiles;
import dev.parley.testing.SimulatedProcesses;
import dev.parley.testing.SteppedClock;
import dev.parley.testing.Surviving;
import dev.parley.trace.Trace;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class GuardedFileTest {

    private static final Path HOME = Path.of("/home");
    private static final Path FILE = HOME.resolve("f");

    private final SteppedClock clock = new SteppedClock(Instant.parse("2026-01-01T00:00:00Z"));
    private final SimulatedFiles files = SimulatedFiles.empty(clock);
    private final SimulatedProcesses processes = new SimulatedProcesses();
    private Store store;
    private Locks locks;
    private GuardedValue file;

    @BeforeEach
    void openStore() throws IOException {
        files.disk().makeDirectory(HOME);
        files.disk().forceDirectory(Path.of("/"));
        store = Store.over(HOME, files.disk(), clock, Trace.NONE);
        locks = new Locks(store, processes.start(1));
        file = locks.guarded(FILE, "f");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private void assertContent(String expected) {
        assertEquals(Optional.of(expected), files.content(FILE));
    }

    private void assertNothingLeft() throws IOException {
        assertEquals(List.of(), files.disk().list(store.locks()));
    }

    @Test
    void anAbsentFileIsEmpty() throws IOException {
        assertEquals(Optional.empty(), file.read());
    }

    @Test
    void aChangeStartsFromThePresentContent() throws IOException, InterruptedException {
        assertArrayEquals(bytes("a"), file.update(Leases.WAIT, present -> bytes(text(present) + "a")));
        assertArrayEquals(bytes("ab"), file.update(Leases.WAIT, present -> bytes(text(present) + "b")));
        assertArrayEquals(bytes("ab"), file.read().orElseThrow());
        assertNothingLeft();
    }

    private static String text(Optional<byte[]> content) {
        return content.map(bytes -> new String(bytes, UTF_8)).orElse("");
    }

    @Test
    void noChangeWritesNothing() throws IOException, InterruptedException {
        file.update(Leases.WAIT, present -> bytes("same"));
        long written = files.disk().stat(FILE).orElseThrow().changedMillis();
        clock.advance(Duration.ofSeconds(1));
        assertArrayEquals(bytes("same"), file.update(Leases.WAIT, present -> present.orElseThrow()));
        assertEquals(written, files.disk().stat(FILE).orElseThrow().changedMillis());
        assertNothingLeft();
    }

    @Test
    void aChangeInPlaceIsAChange() throws IOException, InterruptedException {
        file.update(Leases.WAIT, present -> bytes("old"));
        file.update(Leases.WAIT, present -> {
            byte[] content = present.orElseThrow();
            content[0] = 'c';
            return content;
        });
        assertContent("cld");
    }

    @Test
    void anEmptyFileIsMadeWhereThereWasNone() throws IOException, InterruptedException {
        file.update(Leases.WAIT, present -> new byte[0]);
        assertContent("");
    }

    @Test
    void aFailingChangeChangesNothingAndReleases() throws IOException, InterruptedException {
        file.update(Leases.WAIT, present -> bytes("old"));
        assertThrows(
                IOException.class,
                () -> file.update(Leases.WAIT, present -> {
                    throw new IOException("no");
                }));
        assertThrows(
                IllegalStateException.class,
                () -> file.update(Leases.WAIT, present -> {
                    throw new IllegalStateException("no");
                }));
        assertContent("old");
        assertNothingLeft();
    }

    @Test
    void tooMuchIsRefused() throws IOException, InterruptedException {
        byte[] most = new byte[GuardedFile.MAX_BYTES];
        byte[] more = new byte[GuardedFile.MAX_BYTES + 1];
        file.update(Leases.WAIT, present -> most);
        assertThrows(IllegalArgumentException.class, () -> file.update(Leases.WAIT, present -> more));
        assertEquals(GuardedFile.MAX_BYTES, file.read().orElseThrow().length);
        assertNothingLeft();
    }

    @Test
    void aFileThatIsTooLongIsCorrupt() throws IOException {
        files.disk().createFile(FILE, new byte[GuardedFile.MAX_BYTES + 1], Sync.UNFORCED);
        assertThrows(CorruptFileException.class, file::read);
        assertThrows(CorruptFileException.class, () -> file.update(Leases.WAIT, present -> bytes("new")));
        assertNothingLeft();
    }

    @Test
    void readingTakesNoLock() throws IOException, InterruptedException {
        file.update(Leases.WAIT, present -> bytes("old"));
        try (FileLease lease = (FileLease)
                assertInstanceOf(Taken.class, locks.named("f").tryAcquire()).lease()) {
            assertArrayEquals(bytes("old"), file.read().orElseThrow());
            lease.ensureHeld();
        }
    }

    @Test
    void whoStallsInItsChangeDoesNotOverwriteItsSuccessor() throws IOException, InterruptedException {
        GuardedValue others = new Locks(store, processes.start(2)).guarded(FILE, "f");
        assertThrows(
                LeaseLostException.class,
                () -> file.update(Leases.WAIT, present -> {
                    clock.advance(Leases.LEASE.plusSeconds(1));
                    updated(others, "successor");
                    return bytes("stalled");
                }));
        assertContent("successor");
        assertNothingLeft();
    }

    private static void updated(GuardedValue file, String content) throws IOException {
        try {
            file.update(Leases.WAIT, present -> bytes(content));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whatWasAcknowledgedSurvivesAPowerCut() throws IOException, InterruptedException {
        file.update(Leases.WAIT, present -> bytes("first"));
        file.update(Leases.WAIT, present -> bytes("second"));
        files.cutPower(Surviving.NOTHING);
        assertContent("second");
    }

    @Test
    void aPowerCutAtAnyCallLeavesOneVersionWhole() throws IOException, InterruptedException {
        file.update(Leases.WAIT, present -> bytes("old"));
        for (int call = 0; ; call++) {
            boolean done = true;
            for (int seed = 0; seed < 40; seed++) {
                SimulatedFiles copy = files.copy();
                boolean acknowledged = updatedUntil(call, copy);
                copy.cutPower(Surviving.some(new SplittableRandom(seed)));
                String content = copy.content(FILE).orElseThrow();
                int at = call;
                assertTrue(
                        content.equals("new") || (!acknowledged && content.equals("old")), () -> at + ": " + content);
                done &= acknowledged;
            }
            if (done) {
                assertTrue(call > 10, "only " + call + " calls");
                return;
            }
        }
    }

    private boolean updatedUntil(int call, SimulatedFiles copy) throws IOException, InterruptedException {
        Kernel steady = copy.kernel("dying");
        Kernel dying = Faults.dieBefore(call, steady);
        boolean[] opened = new boolean[1];
        Store theirs =
                Store.over(HOME, new SimulatedDisk(c -> (opened[0] ? dying : steady).call(c)), clock, Trace.NONE);
        opened[0] = true;
        try {
            new Locks(theirs, processes.start(3)).guarded(FILE, "f").update(Leases.WAIT, present -> bytes("new"));
            return true;
        } catch (SimulatedCrash e) {
            return false;
        }
    }
}
