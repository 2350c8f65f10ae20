package dev.parley.serve;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.parley.setup.TemporaryTree;
import dev.parley.setup.VmOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The class data archive that makes the next start fast: a cache of loaded classes that the virtual machine maps into
 * memory. The launcher passes it to the VM if it is whole and the user's own.
 *
 * <p>Beside the archive lies its stamp: line 1 the archive's size in bytes, then what it was made from (the VM, and each
 * jar with size and modification time). The launcher compares the size, because a VM of version 17 dies of a truncated
 * archive; the VM itself compares the jars and ignores an archive that does not fit; and a server compares the rest once it
 * has nothing else to do, and has a stale one remade. It is written under another name and renamed, so nobody ever
 * maps half of one.
 */
public final class ClassArchive {

    /** Set by the launcher: where the archive is, or should be. */
    static final String PROPERTY = "parley.archive";

    /** Set by the launcher if it gave the archive to the VM. */
    private static final String GIVEN = "parley.archive.given";

    private static final FileAttribute<Set<PosixFilePermission>> PRIVATE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private static final Path MAPPED = Path.of("/proc/self/maps");

    private static final Path SELF = Path.of("/proc/self");

    private static final long LIMIT_SECONDS = 120;

    private static final String MAKING = ".making-";

    /** How much the making of an archive may disturb others. */
    public enum Haste {
        /** Somebody waits for it. */
        NOW,
        /** Nobody does. */
        WHEN_IDLE
    }

    private final Path archive;
    /** The child that makes a new one, while there is one. */
    private volatile @Nullable Process maker;

    private ClassArchive(Path archive) {
        this.archive = archive;
    }

    /** The archive that the launcher named; empty if this VM was started in another way. */
    public static Optional<ClassArchive> ofThisStart() {
        return Optional.ofNullable(System.getProperty(PROPERTY))
                .filter(p -> !p.isEmpty())
                .map(p -> new ClassArchive(Path.of(p)));
    }

    private Path stampFile() {
        return archive.resolveSibling(archive.getFileName() + ".stamp");
    }

    /** Whether it is absent, was made from something else than what runs now, or was not taken by the VM that it was given to. */
    boolean isStale() throws IOException {
        try {
            if (System.getProperty(GIVEN) != null
                    && Files.exists(MAPPED)
                    && !Files.readString(MAPPED).contains(archive.toString())) {
                return true;
            }
            if (!isOurs(archive) || !isOurs(stampFile())) {
                return true;
            }
            String expected = Files.size(archive) + "\n" + ingredients();
            return !Files.readString(stampFile(), UTF_8).equals(expected);
        } catch (NoSuchFileException e) {
            return true;
        }
    }

    /** Whether it belongs to the user that runs this; an archive is code. Where the system does not tell, it counts as theirs. */
    private static boolean isOurs(Path file) throws IOException {
        return !Files.exists(SELF) || Files.getOwner(file).equals(Files.getOwner(SELF));
    }

    /** What an archive is made from. */
    private static String ingredients() throws IOException {
        StringBuilder out = new StringBuilder();
        out.append(System.getProperty("java.vm.vendor")).append(' ').append(System.getProperty("java.vm.version"));
        out.append(' ').append(System.getProperty("java.home")).append('\n');
        for (String entry : classPath()) {
            Path jar = Path.of(entry);
            out.append(entry).append(' ').append(Files.size(jar)).append(' ');
            out.append(Files.getLastModifiedTime(jar).toMillis()).append('\n');
        }
        return out.toString();
    }

    private static List<String> classPath() {
        return List.of(System.getProperty("java.class.path").split(System.getProperty("path.separator"), -1));
    }

    /**
     * Has a child process make a new archive if this one is stale and nobody else is at it, and puts it into place.
     *
     * @return whether there is a new one
     * @throws IOException if the child cannot be started, or the files cannot be written; the old archive is as it was
     */
    public boolean remakeIfStale(Haste haste) throws IOException, InterruptedException {
        Path directory = archive.toAbsolutePath().getParent();
        if (directory == null || !isStale()) {
            return false;
        }
        if (Files.exists(directory) && !isOurs(directory)) {
            return false;
        }
        Files.createDirectories(directory, PRIVATE);
        // The system frees this lock when this process dies, and all that two makers could do is the same work twice.
        Path lockFile = archive.resolveSibling(archive.getFileName() + ".lock");
        try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            return lock != null && lock.isValid() && isStale() && remake(directory, haste);
        }
    }

    /** Ends the child that makes a new archive, if there is one: the server that started it ends. */
    void abandon() {
        Process child = maker;
        if (child != null) {
            child.destroyForcibly();
        }
    }

    private boolean remake(Path directory, Haste haste) throws IOException, InterruptedException {
        sweep(directory);
        String made = ingredients();
        Path work = Files.createTempDirectory(directory, MAKING, PRIVATE);
        Path fresh = work.resolve("archive");
        try {
            if (!isMade(fresh, work, haste)) {
                return false;
            }
            install(fresh, made);
            return true;
        } finally {
            TemporaryTree.remove(work);
        }
    }

    private boolean isMade(Path fresh, Path work, Haste haste) throws IOException, InterruptedException {
        Process child = new ProcessBuilder(command(fresh, work, haste))
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        maker = child;
        try {
            return child.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) && child.exitValue() == 0 && Files.exists(fresh);
        } finally {
            child.destroyForcibly();
            maker = null;
        }
    }

    /** What makes an archive of the classes of a server, in a VM with a server's options. */
    static List<String> command(Path fresh, Path work, Haste haste) {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> command = new ArrayList<>(haste == Haste.NOW ? List.of() : List.of("nice", "-n", "19"));
        command.add(java);
        command.addAll(VmOptions.ofServer());
        // To write the archive takes room; and its threads keep the low priority that the process was started with.
        command.addAll(List.of("-Xmx128m", "-XX:ThreadPriorityPolicy=0"));
        command.add("-XX:ArchiveClassesAtExit=" + fresh);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), TrainingRun.class.getName()));
        command.add(work.resolve("home").toString());
        return command;
    }

    /** First the stamp goes, then the archive comes, then its stamp: at no time does a stamp vouch for another archive. */
    private void install(Path fresh, String made) throws IOException {
        Path stamp = fresh.resolveSibling("stamp");
        Files.writeString(stamp, Files.size(fresh) + "\n" + made, UTF_8);
        force(fresh);
        force(stamp);
        Files.deleteIfExists(stampFile());
        Files.move(fresh, archive, StandardCopyOption.ATOMIC_MOVE);
        Files.move(stamp, stampFile(), StandardCopyOption.ATOMIC_MOVE);
    }

    private static void force(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Removes what servers have left that ended while they were making one: 20 MB each time. */
    static void sweep(Path directory) throws IOException {
        FileTime abandoned = FileTime.from(Instant.now().minus(Duration.ofSeconds(2 * LIMIT_SECONDS)));
        List<Path> left;
        try (Stream<Path> all = Files.list(directory)) {
            left = all.filter(path -> path.getFileName().toString().startsWith(MAKING))
                    .toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        for (Path work : left) {
            if (Files.getLastModifiedTime(work).compareTo(abandoned) < 0) {
                TemporaryTree.remove(work);
            }
        }
    }
}
