package dev.parley.supervise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Logs of clients without a terminal are private, and do not grow without end. */
final class HeadlessLogsTest {

    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    @TempDir
    private Path root;

    private long count(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.count();
        }
    }

    private void age(Path file, Duration age) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(NOW.minus(age)));
    }

    @Test
    void theyAreTheUsersAlone() throws IOException {
        Path log = new HeadlessLogs(root.resolve("resume")).create("calm-otter", NOW);
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(log)));
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(log.getParent())));
        assertNotEquals(log, new HeadlessLogs(root.resolve("resume")).create("calm-otter", NOW), "in one second");
    }

    @Test
    void theOldestGoWhenThereAreTooMany() throws IOException {
        HeadlessLogs logs = new HeadlessLogs(root);
        Path oldest = logs.create("first", NOW);
        age(oldest, Duration.ofHours(2));
        for (int i = 0; i < HeadlessLogs.MOST - 1; i++) {
            age(logs.create("n" + i, NOW), Duration.ofHours(1));
        }
        assertTrue(Files.exists(oldest));
        logs.create("last", NOW);
        assertFalse(Files.exists(oldest));
        assertEquals(HeadlessLogs.MOST, count(root));
    }

    @Test
    void noneIsKeptForEver() throws IOException {
        HeadlessLogs logs = new HeadlessLogs(root);
        Path old = logs.create("old", NOW);
        Path young = logs.create("young", NOW);
        Path others = Files.writeString(root.resolve("notes.txt"), "the user's own");
        for (Path file : new Path[] {old, others}) {
            age(file, HeadlessLogs.LONGEST.plusSeconds(1));
        }
        age(young, HeadlessLogs.LONGEST.minusSeconds(1));
        logs.create("new", NOW);
        assertFalse(Files.exists(old));
        assertTrue(Files.exists(young));
        assertTrue(Files.exists(others), "what is no log stays");
    }
}
