package dev.parley.supervise;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Where clients without a terminal write what they say: files for the user alone to read, of which the newest are kept. */
final class HeadlessLogs {

    /** So many are kept, with the one that is made. */
    static final int MOST = 50;

    /** And none that is older. */
    static final Duration LONGEST = Duration.ofDays(30);

    private static final String SUFFIX = ".log";

    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

    private final Path directory;

    /** Those of a user. */
    HeadlessLogs(Map<String, String> environment) throws IOException {
        this(StateDirectory.of(environment).resolve("resume"));
    }

    HeadlessLogs(Path directory) {
        this.directory = directory;
    }

    /** Makes an empty one, and removes those that are too old or too many. */
    Path create(String session, Instant now) throws IOException {
        Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        prune(now);
        String stem = session + "-" + STAMP.format(now) + "-"
                + ProcessHandle.current().pid();
        Path log = directory.resolve(stem + SUFFIX);
        for (int n = 2; Files.exists(log, LinkOption.NOFOLLOW_LINKS); n++) {
            log = directory.resolve(stem + "-" + n + SUFFIX);
        }
        Files.newByteChannel(
                        log,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))
                .close();
        return log;
    }

    private record Aged(Path file, Instant written) {}

    private void prune(Instant now) throws IOException {
        List<Aged> logs = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*" + SUFFIX)) {
            for (Path file : files) {
                if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                    logs.add(new Aged(file, Files.getLastModifiedTime(file).toInstant()));
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        logs.sort(Comparator.comparing(Aged::written).reversed());
        for (int i = 0; i < logs.size(); i++) {
            if (i >= MOST - 1 || logs.get(i).written().isBefore(now.minus(LONGEST))) {
                Files.deleteIfExists(logs.get(i).file());
            }
        }
    }
}
