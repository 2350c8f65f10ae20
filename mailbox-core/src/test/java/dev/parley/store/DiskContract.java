package dev.parley.store;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.store.Disk.Kind;
import dev.parley.store.Disk.Sync;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link Disk} does, so that what is proven on a simulated one holds on a real one. */
abstract class DiskContract {

    private static final byte[] OLD = "old content".getBytes(US_ASCII);
    private static final byte[] NEW = "new".getBytes(US_ASCII);

    private Disk disk;
    private Path root;

    /** The disk to test. */
    abstract Disk disk();

    /** An empty directory of it. */
    abstract Path root() throws IOException;

    @BeforeEach
    void makeDisk() throws IOException {
        disk = disk();
        root = root();
    }

    private Path file(String name, byte[] content) throws IOException {
        Path file = root.resolve(name);
        disk.createFile(file, content, Sync.FORCED);
        return file;
    }

    private Path directory(String name) throws IOException {
        Path directory = root.resolve(name);
        disk.makeDirectory(directory);
        return directory;
    }

    private byte[] read(Path file) throws IOException {
        return disk.readFile(file, 100);
    }

    private Set<String> names(Path directory) throws IOException {
        return Set.copyOf(disk.list(directory));
    }

    private static void assertNames(Path path, FileSystemException e) {
        assertTrue(String.valueOf(e.getMessage()).contains(path.toString()), () -> "names its path: " + e);
    }

    private static <E extends FileSystemException> E assertFails(
            Class<E> type, Path path, org.junit.jupiter.api.function.Executable call) {
        E e = assertThrows(type, call);
        assertNames(path, e);
        return e;
    }

    @Test
    void aDirectoryIsMadeOnce() throws IOException {
        Path directory = directory("d");
        assertEquals(Optional.of(Kind.DIRECTORY), disk.stat(directory).map(Disk.Stat::kind));
        assertFails(FileAlreadyExistsException.class, directory, () -> disk.makeDirectory(directory));
        Path file = file("f", OLD);
        assertFails(FileAlreadyExistsException.class, file, () -> disk.makeDirectory(file));
        Path orphan = root.resolve("absent/d");
        assertFails(NoSuchFileException.class, orphan, () -> disk.makeDirectory(orphan));
    }

    @Test
    void aFileIsCreatedOnce() throws IOException {
        Path file = file("f", OLD);
        assertArrayEquals(OLD, read(file));
        assertFails(FileAlreadyExistsException.class, file, () -> disk.createFile(file, NEW, Sync.FORCED));
        assertArrayEquals(OLD, read(file));
        Path directory = directory("d");
        assertFails(FileAlreadyExistsException.class, directory, () -> disk.createFile(directory, NEW, Sync.FORCED));
        Path orphan = root.resolve("absent/f");
        assertFails(NoSuchFileException.class, orphan, () -> disk.createFile(orphan, NEW, Sync.FORCED));
    }

    @Test
    void anEmptyFileCanBeCreated() throws IOException {
        assertArrayEquals(new byte[0], read(file("f", new byte[0])));
    }

    @Test
    void overwritingReplacesAllOfTheContent() throws IOException {
        Path file = file("f", OLD);
        disk.overwriteFile(file, NEW, Sync.FORCED);
        assertArrayEquals(NEW, read(file));
        disk.overwriteFile(file, new byte[0], Sync.UNFORCED);
        assertArrayEquals(new byte[0], read(file));
    }

    @Test
    void overwritingNeverCreates() {
        Path file = root.resolve("f");
        assertFails(NoSuchFileException.class, file, () -> disk.overwriteFile(file, NEW, Sync.FORCED));
        assertEquals(Optional.empty(), assertStat(file));
    }

    private Optional<Disk.Stat> assertStat(Path path) {
        try {
            return disk.stat(path);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aDirectoryIsNoFileToOverwriteOrRead() throws IOException {
        Path directory = directory("d");
        assertFails(FileSystemException.class, directory, () -> disk.overwriteFile(directory, NEW, Sync.FORCED));
        assertFails(FileSystemException.class, directory, () -> disk.readFile(directory, 100));
    }

    @Test
    void readingIsBounded() throws IOException {
        Path file = file("f", OLD);
        assertArrayEquals(OLD, disk.readFile(file, OLD.length));
        CorruptFileException e = assertThrows(CorruptFileException.class, () -> disk.readFile(file, OLD.length - 1));
        assertEquals(file, e.file());
        assertEquals(OLD.length - 1, e.offset());
        assertArrayEquals(new byte[0], disk.readFile(file("empty", new byte[0]), 0));
    }

    @Test
    void whatIsAbsentCannotBeRead() {
        Path file = root.resolve("f");
        assertFails(NoSuchFileException.class, file, () -> disk.readFile(file, 100));
        assertFails(NoSuchFileException.class, file, () -> disk.list(file));
        assertFails(NoSuchFileException.class, file, () -> disk.touch(file));
        assertFails(NoSuchFileException.class, file, () -> disk.deleteFile(file));
        assertFails(NoSuchFileException.class, file, () -> disk.deleteDirectory(file));
        assertFails(NoSuchFileException.class, file, () -> disk.rename(file, root.resolve("g")));
        assertFails(NoSuchFileException.class, file, () -> disk.forceDirectory(file));
        assertEquals(Optional.empty(), assertStat(file));
    }

    @Test
    void aFileHasNoChildren() throws IOException {
        Path file = file("f", OLD);
        Path child = file.resolve("child");
        assertFails(FileSystemException.class, child, () -> disk.makeDirectory(child));
        assertFails(FileSystemException.class, child, () -> disk.createFile(child, NEW, Sync.FORCED));
        assertFails(FileSystemException.class, child, () -> disk.overwriteFile(child, NEW, Sync.FORCED));
        assertFails(FileSystemException.class, child, () -> disk.stat(child));
        assertFails(NotDirectoryException.class, file, () -> disk.list(file));
    }

    @Test
    void aFileReplacesAFile() throws IOException {
        Path from = file("from", NEW);
        Path to = file("to", OLD);
        disk.rename(from, to);
        assertArrayEquals(NEW, read(to));
        assertEquals(Set.of("to"), names(root));
    }

    @Test
    void aFileMovesToAnotherDirectory() throws IOException {
        Path from = file("from", NEW);
        Path to = directory("d").resolve("to");
        disk.rename(from, to);
        assertArrayEquals(NEW, read(to));
        assertEquals(Set.of("d"), names(root));
        assertEquals(Set.of("to"), names(root.resolve("d")));
    }

    @Test
    void aFileDoesNotReplaceADirectoryNorADirectoryAFile() throws IOException {
        Path file = file("f", OLD);
        Path directory = directory("d");
        assertFails(FileSystemException.class, file, () -> disk.rename(file, directory));
        assertFails(FileSystemException.class, directory, () -> disk.rename(directory, file));
        assertEquals(Set.of("f", "d"), names(root));
        assertArrayEquals(OLD, read(file));
    }

    @Test
    void aDirectoryReplacesNothingButAnEmptyDirectory() throws IOException {
        Path from = directory("from");
        disk.createFile(from.resolve("token"), NEW, Sync.FORCED);
        Path absent = root.resolve("absent");
        disk.rename(from, absent);
        assertEquals(Set.of("token"), names(absent));

        Path empty = directory("empty");
        disk.rename(absent, empty);
        assertEquals(Set.of("empty"), names(root));
        assertEquals(Set.of("token"), names(empty));

        Path other = directory("other");
        disk.createFile(other.resolve("owner"), OLD, Sync.FORCED);
        assertFails(FileSystemException.class, empty, () -> disk.rename(empty, other));
        assertEquals(Set.of("owner"), names(other));
        assertEquals(Set.of("token"), names(empty));
    }

    @Test
    void aDirectoryDoesNotMoveIntoItself() throws IOException {
        Path directory = directory("d");
        assertFails(FileSystemException.class, directory, () -> disk.rename(directory, directory.resolve("e")));
        assertEquals(Set.of("d"), names(root));
    }

    @Test
    void aFileWithTwoNamesIsThereUntilBothAreGone() throws IOException {
        Path first = file("first", OLD);
        Path second = directory("d").resolve("second");
        disk.link(first, second);
        disk.overwriteFile(second, NEW, Sync.FORCED);
        assertArrayEquals(NEW, read(first));
        disk.rename(first, root.resolve("moved"));
        disk.deleteFile(root.resolve("moved"));
        assertArrayEquals(NEW, read(second));
        disk.deleteFile(second);
        assertEquals(Set.of(), names(root.resolve("d")));
    }

    @Test
    void aSecondNameTakesNobodysPlace() throws IOException {
        Path file = file("f", OLD);
        Path taken = file("taken", NEW);
        Path directory = directory("d");
        assertFails(FileAlreadyExistsException.class, taken, () -> disk.link(file, taken));
        assertFails(FileAlreadyExistsException.class, directory, () -> disk.link(file, directory));
        assertFails(
                NoSuchFileException.class,
                root.resolve("x"),
                () -> disk.link(root.resolve("absent"), root.resolve("x")));
        assertFails(FileSystemException.class, root.resolve("x"), () -> disk.link(directory, root.resolve("x")));
        assertArrayEquals(NEW, read(taken));
        assertEquals(Set.of("f", "taken", "d"), names(root));
    }

    @Test
    void renamingToAMissingDirectoryChangesNothing() throws IOException {
        Path file = file("f", OLD);
        assertFails(NoSuchFileException.class, file, () -> disk.rename(file, root.resolve("absent/f")));
        assertArrayEquals(OLD, read(file));
    }

    @Test
    void eachKindIsDeletedByItsOwnVerbOnly() throws IOException {
        Path file = file("f", OLD);
        Path directory = directory("d");
        assertFails(FileSystemException.class, directory, () -> disk.deleteFile(directory));
        assertFails(FileSystemException.class, file, () -> disk.deleteDirectory(file));
        assertEquals(Set.of("f", "d"), names(root));
        disk.deleteFile(file);
        disk.deleteDirectory(directory);
        assertEquals(Set.of(), names(root));
    }

    @Test
    void onlyAnEmptyDirectoryIsDeleted() throws IOException {
        Path directory = directory("d");
        Path file = directory.resolve("f");
        disk.createFile(file, OLD, Sync.FORCED);
        assertFails(FileSystemException.class, directory, () -> disk.deleteDirectory(directory));
        assertArrayEquals(OLD, read(file));
    }

    @Test
    void statTellsKindAndSize() throws IOException {
        Disk.Stat stat = disk.stat(file("f", OLD)).orElseThrow();
        assertEquals(Kind.FILE, stat.kind());
        assertEquals(OLD.length, stat.size());
    }

    @Test
    void onlyWhatIsNotFoundIsAbsent() throws IOException {
        Path file = file("f", OLD);
        Path directory = directory("d");
        assertFalse(disk.isAbsent(file));
        assertFalse(disk.isAbsent(directory));
        assertTrue(disk.isAbsent(root.resolve("absent")));
        assertTrue(disk.isAbsent(root.resolve("absent/below")));
        // What stands below a file cannot be told: that is no absence.
        assertThrows(FileSystemException.class, () -> disk.isAbsent(file.resolve("below")));
        assertThrows(FileSystemException.class, () -> disk.stat(file.resolve("below")));
        assertThrows(FileSystemException.class, () -> disk.kind(file.resolve("below")));
        for (Path each : List.of(file, root)) {
            assertEquals(disk.stat(each).map(Disk.Stat::modifiedMillis), disk.modifiedMillis(each));
        }
        assertEquals(Optional.empty(), disk.modifiedMillis(root.resolve("absent")));
        assertThrows(FileSystemException.class, () -> disk.modifiedMillis(file.resolve("below")));
    }

    @Test
    void touchingLikeAnotherTakesItsTime() throws IOException {
        Path file = file("f", OLD);
        Path model = directory("d");
        disk.touchLike(file, model);
        assertEquals(
                disk.stat(model).map(Disk.Stat::modifiedMillis), disk.stat(file).map(Disk.Stat::modifiedMillis));
        assertArrayEquals(OLD, read(file));
        assertThrows(NoSuchFileException.class, () -> disk.touchLike(root.resolve("absent"), model));
        assertThrows(NoSuchFileException.class, () -> disk.touchLike(file, root.resolve("absent")));
    }

    @Test
    void aTimeThatIsGivenIsThereUntilSomethingChanges() throws IOException {
        Path directory = directory("d");
        Path file = file("d/f", OLD);
        long longAgo = 400_000_000_000L;
        for (Path each : List.of(directory, file)) {
            disk.setModified(each, longAgo);
            assertEquals(Optional.of(longAgo), disk.modifiedMillis(each));
        }
        disk.rename(file, root.resolve("f"));
        assertNotEquals(Optional.of(longAgo), disk.modifiedMillis(directory));
        assertEquals(Optional.of(longAgo), disk.modifiedMillis(root.resolve("f")));
        disk.setModified(directory, longAgo);
        disk.rename(root.resolve("f"), file);
        assertNotEquals(Optional.of(longAgo), disk.modifiedMillis(directory));
        disk.setModified(directory, longAgo);
        disk.touch(directory);
        assertNotEquals(Optional.of(longAgo), disk.modifiedMillis(directory));
        assertThrows(NoSuchFileException.class, () -> disk.setModified(root.resolve("absent"), longAgo));
    }

    @Test
    void touchingKeepsTheContent() throws IOException {
        Path file = file("f", OLD);
        disk.touch(file);
        assertArrayEquals(OLD, read(file));
    }

    @Test
    void forcingADirectoryChangesNothing() throws IOException {
        file("f", OLD);
        disk.forceDirectory(root);
        assertEquals(Set.of("f"), names(root));
    }
}
