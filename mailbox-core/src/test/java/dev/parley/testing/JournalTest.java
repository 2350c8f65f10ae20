package dev.parley.testing;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.store.Disk;
import dev.parley.store.Disk.Sync;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What a journal keeps through a power cut, and what it does not. */
final class JournalTest {

    private static final Path A = Path.of("/a");
    private static final Path B = Path.of("/b");
    private static final byte[] TEXT = "text".getBytes(US_ASCII);

    private final Journal journal = new Journal(InstantSource.fixed(Instant.EPOCH));
    private final Disk disk = new SimulatedDisk(journal.kernel("process"));

    private Map<String, String> left() throws IOException {
        return journal.cutPower(Surviving.NOTHING).tree();
    }

    private void makeBoth() throws IOException {
        disk.makeDirectory(A);
        disk.makeDirectory(B);
        disk.forceDirectory(Path.of("/"));
    }

    @Test
    void aFileWhoseDirectoryWasNotForcedIsGone() throws IOException {
        makeBoth();
        disk.createFile(A.resolve("x"), TEXT, Sync.FORCED);
        assertEquals(Map.of("/a/", "", "/b/", ""), left());
    }

    @Test
    void aFileThatWasNotForcedIsEmpty() throws IOException {
        makeBoth();
        disk.createFile(A.resolve("x"), TEXT, Sync.UNFORCED);
        disk.forceDirectory(A);
        assertEquals(Map.of("/a/x", "", "/b/", ""), left());
    }

    @Test
    void aRenameIsKeptAsAWholeByEitherDirectory() throws IOException {
        makeBoth();
        disk.createFile(A.resolve("x"), TEXT, Sync.FORCED);
        disk.forceDirectory(A);
        disk.rename(A.resolve("x"), B.resolve("y"));
        disk.forceDirectory(A);
        assertEquals(Map.of("/a/", "", "/b/y", "text"), left());
    }

    @Test
    void aRenameThatNothingForcedHasNotHappened() throws IOException {
        makeBoth();
        disk.createFile(A.resolve("x"), TEXT, Sync.FORCED);
        disk.forceDirectory(A);
        disk.rename(A.resolve("x"), B.resolve("y"));
        assertEquals(Map.of("/a/x", "text", "/b/", ""), left());
    }

    @Test
    void whatIsForcedKeepsWhatItRestsOn() throws IOException {
        makeBoth();
        disk.makeDirectory(A.resolve("d"));
        disk.createFile(B.resolve("x"), TEXT, Sync.FORCED);
        disk.createFile(B.resolve("other"), TEXT, Sync.FORCED);
        disk.rename(B.resolve("x"), A.resolve("d/x"));
        disk.forceDirectory(A.resolve("d"));
        assertEquals(Map.of("/a/d/x", "text", "/b/", ""), left());
    }

    @Test
    void aReplacedFileIsTheOldOneOrTheNewOne() throws IOException {
        makeBoth();
        disk.createFile(A.resolve("x"), TEXT, Sync.FORCED);
        disk.forceDirectory(A);
        disk.createFile(B.resolve("x"), "new".getBytes(US_ASCII), Sync.FORCED);
        disk.rename(B.resolve("x"), A.resolve("x"));
        assertEquals(Map.of("/a/x", "text", "/b/", ""), left());
        disk.forceDirectory(A);
        assertEquals(Map.of("/a/x", "new", "/b/", ""), left());
    }

    @Test
    void aDirectoryTakesItsContentAlong() throws IOException {
        makeBoth();
        disk.makeDirectory(A.resolve("d"));
        disk.createFile(A.resolve("d/x"), TEXT, Sync.FORCED);
        disk.forceDirectory(A.resolve("d"));
        disk.rename(A.resolve("d"), B.resolve("d"));
        disk.forceDirectory(B);
        assertEquals(Map.of("/a/", "", "/b/d/x", "text"), left());
    }

    @Test
    void moreThanWasForcedMaySurvive() throws IOException {
        int survived = 0;
        for (int seed = 0; seed < 40; seed++) {
            Journal one = new Journal(InstantSource.fixed(Instant.EPOCH));
            Disk its = new SimulatedDisk(one.kernel("process"));
            its.makeDirectory(A);
            its.forceDirectory(Path.of("/"));
            its.createFile(A.resolve("x"), TEXT, Sync.FORCED);
            survived += one.cutPower(Surviving.some(new SplittableRandom(seed)))
                            .tree()
                            .containsKey("/a/x")
                    ? 1
                    : 0;
        }
        assertTrue(survived > 5 && survived < 35, "of 40 as good as all or none: " + survived);
    }
}
