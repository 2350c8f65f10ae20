package dev.parley.testing;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.store.Disk.Sync;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What is special to the simulation; that it is a disk like any other is tested by the contract of the disk. */
final class SimulatedFilesTest {

    private static final Path FILE = Path.of("/f");
    private static final Path OTHER = Path.of("/g");
    private static final byte[] ONE = "one".getBytes(US_ASCII);
    private static final byte[] TWO = "two".getBytes(US_ASCII);

    private final SimulatedFiles files = SimulatedFiles.empty(InstantSource.fixed(Instant.ofEpochMilli(7)));

    @Test
    void whoHasAFileOpenGoesOnWritingAfterItsNameIsGone() {
        Kernel a = files.kernel("a");
        String handle = handle(a.call(new SystemCall.OpenNew(FILE)));
        files.kernel("b").call(new SystemCall.Unlink(FILE));
        files.kernel("b").call(new SystemCall.OpenNew(FILE));
        assertEquals(Reply.DONE, a.call(new SystemCall.Write(handle, 0, "late")));
        assertEquals(new Reply.Text("late"), a.call(new SystemCall.Read(handle)));
        assertEquals(Map.of("/f", ""), files.tree());
    }

    @Test
    void whoHasADirectoryOpenSeesItEmptyAfterItWasReplaced() {
        Kernel a = files.kernel("a");
        a.call(new SystemCall.MakeDirectory(Path.of("/old")));
        a.call(new SystemCall.MakeDirectory(Path.of("/new")));
        String handle = handle(a.call(new SystemCall.OpenDirectory(Path.of("/old"))));
        a.call(new SystemCall.OpenNew(Path.of("/new/owner")));
        assertEquals(Reply.DONE, a.call(new SystemCall.Rename(Path.of("/new"), Path.of("/old"))));
        assertEquals(new Reply.Names(List.of()), a.call(new SystemCall.ReadNames(handle)));
    }

    private static String handle(Reply reply) {
        return ((Reply.Text) reply).text();
    }

    @Test
    void equalFilesAreEqualStatesWhicheverWayTheyCameAbout() throws IOException {
        SimulatedFiles first = SimulatedFiles.timeless();
        SimulatedFiles second = SimulatedFiles.timeless();
        first.disk().createFile(FILE, ONE, Sync.FORCED);
        first.disk().createFile(OTHER, TWO, Sync.FORCED);
        second.disk().createFile(OTHER, TWO, Sync.FORCED);
        second.disk().createFile(FILE, ONE, Sync.FORCED);
        assertEquals(first.canonical(), second.canonical());
        second.disk().deleteFile(FILE);
        assertNotEquals(first.canonical(), second.canonical());
        second.disk().createFile(FILE, ONE, Sync.FORCED);
        assertEquals(first.canonical(), second.canonical());
    }

    @Test
    void aDeadProcessHasNothingOpen() {
        String before = files.canonical();
        files.kernel("a").call(new SystemCall.OpenDirectory(Path.of("/")));
        assertNotEquals(before, files.canonical());
        files.exit("a");
        assertEquals(before, files.canonical());
    }

    @Test
    void aCopyIsIndependent() throws IOException {
        files.disk().createFile(FILE, ONE, Sync.FORCED);
        SimulatedFiles copy = files.copy();
        copy.disk().overwriteFile(FILE, TWO, Sync.FORCED);
        copy.disk().createFile(OTHER, TWO, Sync.FORCED);
        assertEquals(Map.of("/f", "one"), files.tree());
    }

    @Test
    void timesComeFromTheClock() throws IOException {
        files.disk().createFile(FILE, ONE, Sync.FORCED);
        assertEquals(7, files.disk().stat(FILE).orElseThrow().modifiedMillis());
    }

    @Test
    void aPowerCutTakesWhatWasNotForced() throws IOException {
        SimulatedDisk disk = files.disk();
        disk.createFile(FILE, ONE, Sync.FORCED);
        disk.forceDirectory(Path.of("/"));
        disk.overwriteFile(FILE, TWO, Sync.UNFORCED);
        disk.createFile(OTHER, TWO, Sync.FORCED);
        files.cutPower(Surviving.NOTHING);
        assertEquals(Map.of("/f", "one"), files.tree());
    }

    @Test
    void aPowerCutCanUndoADeletionAndARename() throws IOException {
        SimulatedDisk disk = files.disk();
        disk.createFile(FILE, ONE, Sync.FORCED);
        disk.createFile(OTHER, TWO, Sync.FORCED);
        disk.forceDirectory(Path.of("/"));
        disk.rename(FILE, OTHER);
        files.cutPower(Surviving.NOTHING);
        assertEquals(Map.of("/f", "one", "/g", "two"), files.tree());
    }

    @Test
    void aForcedNameOfAnUnforcedFileIsLeftEmpty() throws IOException {
        files.disk().createFile(FILE, ONE, Sync.UNFORCED);
        files.disk().forceDirectory(Path.of("/"));
        files.cutPower(Surviving.NOTHING);
        assertEquals(Map.of("/f", ""), files.tree());
    }

    @Test
    void aPowerCutMayLeaveAnyPartOfWhatWasNotForced() throws IOException {
        TreeSet<String> seen = new TreeSet<>();
        files.disk().createFile(FILE, ONE, Sync.UNFORCED);
        for (int seed = 0; seed < 200; seed++) {
            SimulatedFiles copy = files.copy();
            copy.cutPower(Surviving.some(new SplittableRandom(seed)));
            seen.add(copy.tree().toString());
        }
        assertEquals(new TreeSet<>(List.of("{/=}", "{/f=}", "{/f=o}", "{/f=on}", "{/f=one}")), seen);
    }

    @Test
    void aLyingDiskLosesWhatItSaidItHadForced() throws IOException {
        SimulatedDisk liar = new SimulatedDisk(Faults.ignoreForce(files.kernel("a")));
        liar.createFile(FILE, ONE, Sync.FORCED);
        liar.forceDirectory(Path.of("/"));
        files.cutPower(Surviving.NOTHING);
        assertEquals(Map.of("/", ""), files.tree());
    }

    @Test
    void aProcessDiesBeforeOrAfterAnyOfItsCalls() throws IOException {
        AtomicInteger calls = new AtomicInteger();
        new SimulatedDisk(Faults.count(calls, files.copy().kernel("a"))).createFile(FILE, ONE, Sync.FORCED);
        assertEquals(4, calls.get(), "open, write, force, close");
        assertEquals(List.of("{/=}", "{/f=}", "{/f=one}", "{/f=one}"), dying(Faults::dieBefore));
        assertEquals(List.of("{/f=}", "{/f=one}", "{/f=one}", "{/f=one}"), dying(Faults::dieAfter));
    }

    private interface Death {
        Kernel at(int call, Kernel kernel);
    }

    private List<String> dying(Death death) {
        return java.util.stream.IntStream.range(0, 4)
                .mapToObj(call -> {
                    SimulatedFiles copy = files.copy();
                    SimulatedDisk disk = new SimulatedDisk(death.at(call, copy.kernel("a")));
                    assertThrows(SimulatedCrash.class, () -> disk.createFile(FILE, ONE, Sync.FORCED));
                    assertThrows(SimulatedCrash.class, () -> disk.list(Path.of("/")), "the dead do nothing more");
                    return copy.tree().toString();
                })
                .toList();
    }

    @Test
    void aFullDiskKeepsNoHalf() {
        SimulatedDisk disk = new SimulatedDisk(Faults.failAt(1, Errno.ENOSPC, files.kernel("a")));
        FileSystemException e = assertThrows(FileSystemException.class, () -> disk.createFile(FILE, ONE, Sync.FORCED));
        assertTrue(e.getMessage().contains("No space left"), e::toString);
        assertEquals(Map.of("/", ""), files.tree());
    }
}
