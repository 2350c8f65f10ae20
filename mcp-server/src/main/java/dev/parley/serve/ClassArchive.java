package dev.parley.serve;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.parley.setup.TemporaryTree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
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
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/**
 * What makes the next start fast: loaded classes that the virtual machine maps into memory, a class data archive, or from Java
 * 25 on an ahead-of-time cache, which has them linked. The launcher says which by its name, and passes it to the VM if it is
 * whole and the user's own.
 *
 * <p>Beside it lies its stamp: line 1 its size in bytes, line 2 its CRC-32, then what it was made from (the VM, and each
 * jar with size and modification time). The launcher compares the size, because a VM of version 17 dies of a truncated
 * archive. The VM itself compares the jars with an archive, and ignores one that does not fit; with a cache it does not, so the
 * launcher has what is in the jars in its name. A server compares the rest once it has nothing else to do, and has a stale one
 * remade. It is written under another name and renamed, so nobody ever maps half of one.
 */
public final class ClassArchive implements ArchiveKeeper.Work {

    /** Set by the launcher: where the archive is, or should be. */
    static final String PROPERTY = "parley.archive";

    /** Set by the launcher if it gave the archive to the VM. */
    static final String GIVEN = "parley.archive.given";

    private static final FileAttribute<Set<PosixFilePermission>> PRIVATE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private static final Path MAPPED = Path.of("/proc/self/maps");

    private static final Path SELF = Path.of("/proc/self");

    private static final String MAKING = ".making-";

    /** How the name of a cache ends: after what is in the jars. */
    private static final Pattern CACHE = Pattern.compile("\\.[0-9a-f]{16}\\.aot");

    private static final int BUFFER = 64 * 1024;

    /** How much the making of an archive may disturb others. */
    public enum Haste {
        /** Somebody waits for it. */
        NOW,
        /** Nobody does. */
        WHEN_IDLE
    }

    private final Path archive;
    /** What it is made of, and used with. */
    private final List<String> jars;

    private final ArchiveMaker maker = new ArchiveMaker();

    /** The archive of this name for a VM with these jars. */
    ClassArchive(Path archive, List<String> jars) {
        this.archive = archive;
        this.jars = jars;
    }

    /** The archive that the launcher named; empty if this VM was started in another way. */
    public static Optional<ClassArchive> ofThisStart() {
        return Optional.ofNullable(System.getProperty(PROPERTY))
                .filter(p -> !p.isEmpty())
                .map(p -> new ClassArchive(Path.of(p), classPath()));
    }

    /** The archive that the launcher gave to this VM, if it gave one. */
    public static Optional<Path> given() {
        return System.getProperty(GIVEN) == null
                ? Optional.empty()
                : ofThisStart().map(own -> own.archive);
    }

    /**
     * Has the next start go without the archive that this one was given, if it was given one: something has failed that does not
     * fail by itself, and an archive with a bit that flipped can look like anything. What failed is told anyway, so this is not.
     */
    public static void distrust() {
        if (given().isPresent()) {
            ofThisStart().ifPresent(ClassArchive::withdraw);
        }
    }

    private void withdraw() {
        try {
            Files.deleteIfExists(stampFile());
        } catch (IOException e) {
            // It is what the one at fault was given; the next one is, too.
        }
    }

    /** Whether it is a cache, which the VM maps with other options than a class data archive. */
    private boolean isCache() {
        return ArchiveMaker.isCache(archive);
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
            return !Files.readString(stampFile(), UTF_8).equals(stamp(archive, ingredients()));
        } catch (NoSuchFileException e) {
            return true;
        }
    }

    /** Whether it belongs to the user that runs this; an archive is code. Where the system does not tell, it counts as theirs. */
    private static boolean isOurs(Path file) throws IOException {
        return !Files.exists(SELF) || Files.getOwner(file).equals(Files.getOwner(SELF));
    }

    private static String stamp(Path archive, String ingredients) throws IOException {
        CRC32 sum = new CRC32();
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
        try (FileChannel channel = FileChannel.open(archive, StandardOpenOption.READ)) {
            while (channel.read(buffer) >= 0) {
                sum.update(buffer.flip());
                buffer.clear();
            }
            return channel.size() + "\n" + Long.toHexString(sum.getValue()) + "\n" + ingredients;
        }
    }

    /** What an archive is made from. */
    String ingredients() throws IOException {
        StringBuilder out = new StringBuilder();
        out.append(System.getProperty("java.vm.vendor")).append(' ').append(System.getProperty("java.vm.version"));
        out.append(' ').append(System.getProperty("java.home")).append('\n');
        for (String entry : jars) {
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

    @Override
    public void run() throws IOException, InterruptedException {
        var unused = remakeIfStale(Haste.WHEN_IDLE);
    }

    /** Ends the making of a new archive, if there is one: the server that started it ends. */
    @Override
    public void abandon() {
        maker.abandon();
    }

    private boolean remake(Path directory, Haste haste) throws IOException, InterruptedException {
        sweep(directory);
        String made = ingredients();
        Path work = Files.createTempDirectory(directory, MAKING, PRIVATE);
        Path fresh = work.resolve("archive");
        try {
            if (!maker.make(ArchiveMaker.commands(isCache(), fresh, work, haste), fresh)) {
                return false;
            }
            install(fresh, made);
            sweepOthers(directory);
            return true;
        } finally {
            TemporaryTree.remove(work);
        }
    }

    /** First the stamp goes, then the archive comes, then its stamp: at no time does a stamp vouch for another archive. */
    void install(Path fresh, String made) throws IOException {
        Path stamp = fresh.resolveSibling("stamp");
        Files.writeString(stamp, stamp(fresh, made), UTF_8);
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
        FileTime abandoned = FileTime.from(Instant.now().minus(ArchiveMaker.LIMIT.multipliedBy(2)));
        for (Path work : files(directory, name -> name.startsWith(MAKING))) {
            if (Files.getLastModifiedTime(work).compareTo(abandoned) < 0) {
                TemporaryTree.remove(work);
            }
        }
    }

    /** Removes what was made of other jars at this place, and of these as an archive: nobody will ask for it by its name again. */
    void sweepOthers(Path directory) throws IOException {
        String name = archive.getFileName().toString();
        Matcher end = CACHE.matcher(name);
        if (!end.find() || end.end() != name.length()) {
            return;
        }
        Pattern others = Pattern.compile(
                Pattern.quote(name.substring(0, end.start())) + "(" + CACHE + "|\\.jsa)(\\.stamp|\\.lock)?");
        for (Path other : files(directory, file -> others.matcher(file).matches() && !file.startsWith(name))) {
            Files.deleteIfExists(other);
        }
    }

    private static List<Path> files(Path directory, Predicate<String> named) throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.filter(path -> named.test(path.getFileName().toString())).toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
