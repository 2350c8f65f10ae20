package dev.parley.store;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.store.Disk.Kind;
import dev.parley.store.Disk.Sync;
import dev.parley.testing.Pipes;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LocalDiskTest extends DiskContract {

    private static final byte[] CONTENT = "content".getBytes(US_ASCII);

    @TempDir
    Path temp;

    private final Disk disk = new LocalDisk(Durability.POWER_CUT);

    @Override
    Disk disk() {
        return disk;
    }

    @Override
    Path root() {
        return temp;
    }

    @Test
    void onlyWeMayReadWhatIsMade() throws IOException {
        disk.makeDirectory(temp.resolve("d"));
        disk.createFile(temp.resolve("f"), CONTENT, Sync.UNFORCED);
        assertEquals("rwx------", permissions("d"));
        assertEquals("rw-------", permissions("f"));
    }

    private String permissions(String name) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(temp.resolve(name)));
    }

    @Test
    void noVerbFollowsALinkToAFile() throws IOException {
        Path target = Files.write(temp.resolve("target"), CONTENT);
        Path link = Files.createSymbolicLink(temp.resolve("link"), target);
        FileTime before = Files.getLastModifiedTime(target);

        assertThrows(FileSystemException.class, () -> disk.readFile(link, 100));
        assertThrows(FileSystemException.class, () -> disk.overwriteFile(link, new byte[0], Sync.FORCED));
        assertThrows(FileSystemException.class, () -> disk.createFile(link, new byte[0], Sync.FORCED));
        assertEquals(Optional.of(Kind.OTHER), disk.stat(link).map(Disk.Stat::kind));
        disk.touch(link);
        disk.rename(link, temp.resolve("moved"));
        disk.deleteFile(temp.resolve("moved"));

        assertArrayEquals(CONTENT, Files.readAllBytes(target));
        assertEquals(before, Files.getLastModifiedTime(target));
    }

    @Test
    void aDanglingLinkIsNotCreatedThrough() throws IOException {
        Path target = temp.resolve("target");
        Path link = Files.createSymbolicLink(temp.resolve("link"), target);
        assertThrows(FileSystemException.class, () -> disk.createFile(link, CONTENT, Sync.FORCED));
        assertThrows(FileSystemException.class, () -> disk.overwriteFile(link, CONTENT, Sync.FORCED));
        assertThrows(FileSystemException.class, () -> disk.makeDirectory(link));
        assertFalse(Files.exists(target, LinkOption.NOFOLLOW_LINKS));
    }

    @Test
    void noVerbFollowsALinkToADirectory() throws IOException {
        Path target = Files.createDirectory(temp.resolve("target"));
        Path link = Files.createSymbolicLink(temp.resolve("link"), target);
        assertThrows(NotDirectoryException.class, () -> disk.list(link));
        assertThrows(FileSystemException.class, () -> disk.deleteDirectory(link));
        assertThrows(FileSystemException.class, () -> disk.forceDirectory(link));
        assertEquals(Optional.of(Kind.OTHER), disk.stat(link).map(Disk.Stat::kind));
        disk.deleteFile(link);
        assertTrue(Files.isDirectory(target));
    }

    @Test
    void aPipeIsRefusedAtOnce() throws IOException {
        Path pipe = temp.resolve("pipe");
        Pipes.make(pipe);
        assertEquals(Optional.of(Kind.OTHER), disk.stat(pipe).map(Disk.Stat::kind));
        assertThrows(FileSystemException.class, () -> disk.readFile(pipe, 100));
    }

    @Test
    void aLongFileIsReadWhole() throws IOException {
        byte[] content = new byte[300_000];
        for (int i = 0; i < content.length; i++) {
            content[i] = (byte) (i * 31);
        }
        Path file = temp.resolve("f");
        disk.createFile(file, content, Sync.UNFORCED);
        assertArrayEquals(content, disk.readFile(file, content.length));
        assertArrayEquals(content, disk.readFile(file, Integer.MAX_VALUE - 1));
    }

    /** {@code /proc} files say that they are empty: the size that is told is only a hint. */
    @Test
    void aFileThatIsLongerThanItSaysIsReadWholeOrRefused() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            status = Files.writeString(temp.resolve("status"), "Name:\tjava\n".repeat(100));
        }
        Path file = status;
        assertTrue(new String(disk.readFile(file, 1 << 20), US_ASCII).startsWith("Name:"));
        assertThrows(CorruptFileException.class, () -> disk.readFile(file, 20));
    }

    /** It is something that should not be there, like a link that leads somewhere: never followed, never nothing. */
    @Test
    void aLinkToNothingIsNotAbsent() throws IOException {
        Path link = Files.createSymbolicLink(temp.resolve("dangling"), temp.resolve("nothing"));
        assertFalse(disk.isAbsent(link));
        assertEquals(Optional.of(Kind.OTHER), disk.kind(link));
        assertFalse(disk.isAbsent(Files.createSymbolicLink(temp.resolve("itself"), temp.resolve("itself"))));
    }

    @Test
    void aPipeIsNeitherReadNorWritten() throws Exception {
        Path pipe = temp.resolve("pipe");
        Pipes.make(pipe);
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            assertThrows(FileSystemException.class, () -> disk.readFile(pipe, 100));
            assertThrows(FileSystemException.class, () -> disk.touch(pipe));
            assertThrows(FileSystemException.class, () -> disk.touchLike(pipe, temp));
            assertThrows(FileSystemException.class, () -> disk.overwriteFile(pipe, new byte[1], Sync.FORCED));
        });
    }

    @Test
    void touchingMakesAFileNew() throws IOException {
        Path file = temp.resolve("f");
        disk.createFile(file, CONTENT, Sync.UNFORCED);
        Files.setLastModifiedTime(file, FileTime.from(Instant.EPOCH));
        assertEquals(0, disk.stat(file).orElseThrow().modifiedMillis());
        disk.touch(file);
        long age = System.currentTimeMillis() - disk.stat(file).orElseThrow().modifiedMillis();
        assertTrue(Math.abs(age) < Duration.ofMinutes(1).toMillis(), () -> "age " + age);
    }

    @Test
    void aRenameShowsInTheTimeOfChange() throws IOException {
        Path file = temp.resolve("f");
        disk.createFile(file, CONTENT, Sync.UNFORCED);
        Files.setLastModifiedTime(file, FileTime.from(Instant.EPOCH));
        disk.rename(file, temp.resolve("g"));
        Disk.Stat stat = disk.stat(temp.resolve("g")).orElseThrow();
        assertEquals(0, stat.modifiedMillis());
        long age = System.currentTimeMillis() - stat.changedMillis();
        assertTrue(Math.abs(age) < Duration.ofMinutes(1).toMillis(), () -> "age " + age);
    }

    @Test
    void anInterruptBreaksNothingOffAndStaysPending() throws IOException {
        Path file = temp.resolve("f");
        Thread.currentThread().interrupt();
        disk.createFile(file, CONTENT, Sync.FORCED);
        assertTrue(Thread.currentThread().isInterrupted());
        disk.overwriteFile(file, "other".getBytes(US_ASCII), Sync.FORCED);
        assertTrue(Thread.currentThread().isInterrupted());
        disk.forceDirectory(temp);
        assertTrue(Thread.currentThread().isInterrupted());
        byte[] read = disk.readFile(file, 100);
        assertTrue(Thread.interrupted());
        assertEquals("other", new String(read, US_ASCII));
        assertEquals(List.of("f"), disk.list(temp));
    }

    @Test
    void withoutPowerCutsNothingIsForced() throws IOException {
        // A directory that is absent cannot be forced; that nobody notices shows that nobody tried.
        new LocalDisk(Durability.PROCESS).forceDirectory(temp.resolve("absent"));
        Disk lax = new LocalDisk(Durability.PROCESS);
        lax.createFile(temp.resolve("f"), CONTENT, Sync.FORCED);
        assertEquals(Set.of("f"), Set.copyOf(lax.list(temp)));
    }

    /** {@code /dev/full} is a disk without space: every write fails. */
    @Test
    void anErrorOfTheDiskNamesTheFile() {
        Path full = Path.of("/dev/full");
        FileSystemException e =
                assertThrows(FileSystemException.class, () -> disk.overwriteFile(full, CONTENT, Sync.UNFORCED));
        assertEquals("/dev/full", e.getFile());
    }
}
