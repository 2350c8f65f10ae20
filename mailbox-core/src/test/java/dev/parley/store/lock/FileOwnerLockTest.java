package dev.parley.store.lock;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.lock.LockTimeoutException;
import dev.parley.lock.OwnerLock.Busy;
import dev.parley.lock.OwnerLock.Taken;
import dev.parley.process.ProcessTable;
import dev.parley.store.Disk;
import dev.parley.store.Durability;
import dev.parley.store.Store;
import dev.parley.trace.Trace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lock on the disk of this machine. */
final class FileOwnerLockTest extends OwnerLockContract {

    @TempDir
    Path home;

    private Store store;

    @BeforeEach
    void openStore() throws IOException {
        store = Store.over(home, Disk.local(Durability.PROCESS), InstantSource.system(), Trace.NONE);
    }

    @Override
    FileOwnerLock lock(ProcessTable process, String name) {
        return new Locks(store, process).named(name, LEASE);
    }

    @Override
    void pass(Duration time) {
        // What there is becomes older; what is made from now on is new.
        try (Stream<Path> all = Files.walk(store.locks())) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                FileTime made = Files.getLastModifiedTime(file);
                Files.setLastModifiedTime(file, FileTime.from(made.toInstant().minus(time)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    Path data() {
        return home.resolve("data");
    }

    @Override
    Optional<byte[]> read(Path file) throws IOException {
        return Files.exists(file) ? Optional.of(Files.readAllBytes(file)) : Optional.empty();
    }

    @Override
    Iterable<String> leftovers() throws IOException {
        return store.disk().list(store.locks());
    }

    @Override
    void sweep() throws IOException {
        new Locks(store, processes.start(99)).sweep();
    }

    private Path lockDirectory() {
        return store.locks().resolve("junk");
    }

    private FileOwnerLock junk() {
        return lock(processes.start(1), "junk");
    }

    @Test
    void aForeignNameInTheLockIsRespectedForALease() throws IOException {
        Files.createDirectory(lockDirectory());
        Files.createFile(lockDirectory().resolve(".DS_Store"));
        assertEquals(
                ".DS_Store", assertInstanceOf(Busy.class, junk().tryAcquire()).holder());
        LockTimeoutException e = assertThrows(LockTimeoutException.class, () -> junk().acquire(Duration.ofMillis(10)));
        assertTrue(e.getMessage().contains("by .DS_Store"), e::getMessage);
        pass(LEASE.plusSeconds(1));
        assertInstanceOf(Taken.class, junk().tryAcquire()).lease().close();
    }

    @Test
    void severalNamesInTheLockAreEachJudged() throws IOException {
        Files.createDirectory(lockDirectory());
        Files.createFile(lockDirectory().resolve("a-foreign-name"));
        Files.createFile(
                lockDirectory().resolve(OwnerToken.of(processes.start(5).self()).toString()));
        processes.kill(5);
        pass(LEASE.plusSeconds(1));
        assertInstanceOf(Taken.class, junk().tryAcquire()).lease().close();
    }

    @Test
    void aDirectoryInTheLockIsSaidClearlyAndAtOnce() throws IOException {
        Path directory = Files.createDirectories(lockDirectory().resolve("directory"));
        FileSystemException e = assertClearAndAtOnce();
        assertEquals(directory.toString(), e.getFile());
        assertTrue(e.getMessage().contains("not a directory; move it away"), e::getMessage);
        Files.delete(directory);
    }

    @Test
    void aFileInThePlaceOfTheLockIsSaidClearlyAndAtOnce() throws IOException {
        Files.writeString(lockDirectory(), "not a lock", UTF_8);
        FileSystemException e = assertClearAndAtOnce();
        assertEquals(lockDirectory().toString(), e.getFile());
        assertTrue(e.getMessage().contains("something else; move it away"), e::getMessage);
        assertEquals("not a lock", Files.readString(lockDirectory()));
        Files.delete(lockDirectory());
    }

    @Test
    void aLinkInThePlaceOfTheLockIsNotFollowed() throws IOException {
        Path elsewhere = Files.createDirectory(home.resolve("elsewhere"));
        Files.createSymbolicLink(lockDirectory(), elsewhere);
        assertClearAndAtOnce();
        assertEquals(List.of(), store.disk().list(elsewhere));
        Files.delete(lockDirectory());

        Files.createSymbolicLink(lockDirectory(), home.resolve("nowhere"));
        assertClearAndAtOnce();
        Files.delete(lockDirectory());
    }

    @Test
    void locksThatAreGoneAreSaidClearlyAndAtOnce() throws IOException {
        Files.delete(store.locks());
        FileSystemException e = assertClearAndAtOnce();
        assertTrue(e.getMessage().contains(store.locks().toString()), e::getMessage);
        Files.createDirectory(store.locks());
    }

    private FileSystemException assertClearAndAtOnce() {
        return assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            assertThrows(FileSystemException.class, () -> junk().tryAcquire());
            return assertThrows(FileSystemException.class, () -> junk().acquire(Duration.ofMinutes(5)));
        });
    }

    @Test
    void anEmptyDirectoryIsAFreeLock() throws IOException {
        Files.createDirectory(lockDirectory());
        assertInstanceOf(Taken.class, junk().tryAcquire()).lease().close();
    }

    @Test
    void theOwnerIsTheOnlyNameInTheLock() throws IOException {
        try (FileLease lease =
                (FileLease) assertInstanceOf(Taken.class, junk().tryAcquire()).lease()) {
            assertEquals(List.of(lease.token().toString()), store.disk().list(lockDirectory()));
            assertEquals(List.of("junk"), store.disk().list(store.locks()));
        }
    }
}
