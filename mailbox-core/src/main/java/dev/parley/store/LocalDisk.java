package dev.parley.store;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.parley.trace.Why;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.NotLinkException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@link Disk} on the file system of this machine, through {@code java.nio}. */
final class LocalDisk implements Disk {

    private static final Set<PosixFilePermission> FILE_MODE = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> DIRECTORY_MODE = PosixFilePermissions.fromString("rwx------");
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY_FILE =
            PosixFilePermissions.asFileAttribute(FILE_MODE);
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY_DIRECTORY =
            PosixFilePermissions.asFileAttribute(DIRECTORY_MODE);
    private static final String STAT = "unix:isRegularFile,isDirectory,size,lastModifiedTime,ctime";

    /** Whether a look at what stands below a file fails otherwise than one at what is not there. */
    private static final boolean TELLS_WHY_NOT_FOUND = tellsWhyNotFound();

    private final Durability durability;

    LocalDisk(Durability durability) {
        this.durability = durability;
    }

    @Override
    public void makeDirectory(Path directory) throws IOException {
        Files.createDirectory(directory, OWNER_ONLY_DIRECTORY);
    }

    @Override
    public void createFile(Path file, byte[] content, Sync sync) throws IOException {
        OneCall.of(file, () -> {
            FileChannel channel = FileChannel.open(file, Set.of(CREATE_NEW, WRITE, NOFOLLOW_LINKS), OWNER_ONLY_FILE);
            try (channel) {
                fill(channel, content, sync);
                return content;
            } catch (IOException | RuntimeException e) {
                // A full disk must not keep the half that fitted.
                discard(file, e);
                throw e;
            }
        });
    }

    private static void discard(Path file, Exception why) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            why.addSuppressed(e);
        }
    }

    @Override
    public void overwriteFile(Path file, byte[] content, Sync sync) throws IOException {
        requireRegular(file);
        OneCall.of(file, () -> {
            try (FileChannel channel = FileChannel.open(file, WRITE, TRUNCATE_EXISTING, NOFOLLOW_LINKS)) {
                fill(channel, content, sync);
            }
            return content;
        });
    }

    private void fill(FileChannel channel, byte[] content, Sync sync) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(content);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        if (sync == Sync.FORCED && durability == Durability.POWER_CUT) {
            channel.force(true);
        }
    }

    @Override
    public void forceDirectory(Path directory) throws IOException {
        if (durability == Durability.POWER_CUT) {
            OneCall.of(directory, () -> {
                try (FileChannel channel = FileChannel.open(directory, READ, NOFOLLOW_LINKS)) {
                    channel.force(true);
                }
                return directory;
            });
        }
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void link(Path file, Path name) throws IOException {
        try {
            Files.createLink(name, file);
        } catch (UnsupportedOperationException e) {
            throw new FileSystemException(name.toString(), file.toString(), "no second names here: " + Why.of(e));
        }
    }

    @Override
    public void deleteFile(Path file) throws IOException {
        // Files.delete is unlink(2) or rmdir(2) by what it finds; a lock must never remove the other kind by accident.
        if (Files.isDirectory(file, NOFOLLOW_LINKS)) {
            throw new FileSystemException(file.toString(), null, "is a directory");
        }
        Files.delete(file);
    }

    @Override
    public void deleteDirectory(Path directory) throws IOException {
        if (!Files.isDirectory(directory, NOFOLLOW_LINKS) && Files.exists(directory, NOFOLLOW_LINKS)) {
            throw new NotDirectoryException(directory.toString());
        }
        Files.delete(directory);
    }

    @Override
    public byte[] readFile(Path file, int maxBytes) throws IOException {
        BasicFileAttributes attributes = requireRegular(file);
        return OneCall.of(file, () -> {
            try (FileChannel channel = FileChannel.open(file, READ, NOFOLLOW_LINKS)) {
                return all(file, channel, attributes.size(), maxBytes);
            }
        });
    }

    /** What is there under a name; {@link NoSuchFileException} only if nothing is. */
    private static BasicFileAttributes attributes(Path path) throws IOException {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class, NOFOLLOW_LINKS);
        } catch (NoSuchFileException e) {
            requireAbsent(path);
            throw e;
        }
    }

    /**
     * Makes sure that nothing is where nothing was found. Newer Javas say that also of what stands below a file, and of that
     * nothing can be told. (25 does; 17 tells both apart.)
     */
    private static void requireAbsent(Path path) throws IOException {
        if (TELLS_WHY_NOT_FOUND) {
            return;
        }
        try {
            Path unused = Files.readSymbolicLink(path);
        } catch (NoSuchFileException | NotLinkException e) {
            // It is absent, or was a moment ago.
            return;
        }
    }

    private static boolean tellsWhyNotFound() {
        try {
            Map<String, Object> unused = Files.readAttributes(Path.of("/dev/null/x"), STAT, NOFOLLOW_LINKS);
            return false;
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException | RuntimeException e) {
            return true;
        }
    }

    /** Looked at before it is opened, because opening a pipe would wait for whoever is at its other end. */
    private static BasicFileAttributes requireRegular(Path file) throws IOException {
        BasicFileAttributes attributes = attributes(file);
        if (!attributes.isRegularFile()) {
            throw new FileSystemException(file.toString(), null, "is not a regular file");
        }
        return attributes;
    }

    /** The whole content; the size is what it was a moment ago. */
    private static byte[] all(Path file, FileChannel channel, long size, int maxBytes) throws IOException {
        // One byte more than there should be, so that the end is seen without a second buffer.
        byte[] content = new byte[(int) Math.min(size, maxBytes) + 1];
        ByteBuffer buffer = ByteBuffer.wrap(content);
        while (channel.read(buffer) > 0) {
            if (buffer.hasRemaining() && buffer.position() == size) {
                // As much as was expected, with room for more: that was the end, and no second read need tell it.
                break;
            }
            if (!buffer.hasRemaining()) {
                if (content.length > maxBytes) {
                    throw new CorruptFileException(file, maxBytes, "longer than " + maxBytes + " bytes");
                }
                content = Arrays.copyOf(content, (int) Math.min(content.length * 2L, maxBytes + 1L));
                buffer = ByteBuffer.wrap(content).position(buffer.position());
            }
        }
        return Arrays.copyOf(content, buffer.position());
    }

    @Override
    public List<String> list(Path directory) throws IOException {
        if (!attributes(directory).isDirectory()) {
            throw new NotDirectoryException(directory.toString());
        }
        List<String> names = new ArrayList<>();
        int prefix = directory.resolve("x").toString().length() - 1;
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                // Not by its last part, which would be a second path for each of ten thousand names.
                names.add(entry.toString().substring(prefix));
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return names;
    }

    @Override
    public Optional<Stat> stat(Path path) throws IOException {
        Map<String, Object> attributes;
        try {
            attributes = Files.readAttributes(path, STAT, NOFOLLOW_LINKS);
        } catch (NoSuchFileException e) {
            requireAbsent(path);
            return Optional.empty();
        }
        Kind kind = Boolean.TRUE.equals(attributes.get("isRegularFile"))
                ? Kind.FILE
                : Boolean.TRUE.equals(attributes.get("isDirectory")) ? Kind.DIRECTORY : Kind.OTHER;
        return Optional.of(new Stat(
                kind,
                attributes.get("size") instanceof Long size ? size : 0,
                millis(attributes.get("lastModifiedTime")),
                millis(attributes.get("ctime"))));
    }

    @Override
    public Optional<Kind> kind(Path path) throws IOException {
        try {
            BasicFileAttributes attributes = attributes(path);
            return Optional.of(
                    attributes.isDirectory() ? Kind.DIRECTORY : attributes.isRegularFile() ? Kind.FILE : Kind.OTHER);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    @Override
    public Optional<Long> modifiedMillis(Path path) throws IOException {
        try {
            return Optional.of(attributes(path).lastModifiedTime().toMillis());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private static long millis(@Nullable Object time) {
        return time instanceof FileTime fileTime ? fileTime.toMillis() : 0;
    }

    /** Java opens what it sets the times of, and opening a pipe would wait for whoever is at its other end. */
    private static void refusePipe(Path file) throws IOException {
        if (attributes(file).isOther()) {
            throw new FileSystemException(file.toString(), null, "is a pipe or a device");
        }
    }

    @Override
    public void touch(Path file) throws IOException {
        setModified(file, FileTime.from(Instant.now()));
    }

    private static void setModified(Path path, FileTime time) throws IOException {
        refusePipe(path);
        Files.getFileAttributeView(path, BasicFileAttributeView.class, NOFOLLOW_LINKS)
                .setTimes(time, null, null);
    }

    @Override
    public void setModified(Path path, long millis) throws IOException {
        setModified(path, FileTime.fromMillis(millis));
    }

    @Override
    public void touchLike(Path file, Path model) throws IOException {
        setModified(file, Files.getLastModifiedTime(model, NOFOLLOW_LINKS));
    }

    @Override
    public boolean isOwnerOnly(Path path) throws IOException {
        PosixFileAttributes attributes = Files.readAttributes(path, PosixFileAttributes.class, NOFOLLOW_LINKS);
        return attributes.permissions().equals(attributes.isDirectory() ? DIRECTORY_MODE : FILE_MODE);
    }

    @Override
    public void makeOwnerOnly(Path path) throws IOException {
        PosixFileAttributes attributes = Files.readAttributes(path, PosixFileAttributes.class, NOFOLLOW_LINKS);
        if (attributes.isSymbolicLink()) {
            throw new FileSystemException(path.toString(), null, "is a symbolic link");
        }
        Files.setPosixFilePermissions(path, attributes.isDirectory() ? DIRECTORY_MODE : FILE_MODE);
    }

    @Override
    public DirectoryWatch watch(Path directory) throws IOException {
        return NativeWatch.of(directory);
    }
}
