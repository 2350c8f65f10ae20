package dev.parley.store;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The file operations the store is built from, one verb per system call.
 *
 * <p>There is no verb that hides a second step: whoever needs two steps calls two verbs, so that a crash between them
 * can be tested. Errors are the usual ones of {@code java.nio.file}: {@link java.nio.file.NoSuchFileException},
 * {@link java.nio.file.FileAlreadyExistsException}, and {@link java.nio.file.FileSystemException} for the rest; every
 * one carries the path. An interrupt does not break a verb off; it is still pending afterwards. Implementations are safe
 * for use by several threads.
 */
public interface Disk {

    /** Whether a file's content has to be on the medium before the verb returns. */
    enum Sync {
        /** The content survives a power cut once the verb returns (its name only after {@link #forceDirectory}). */
        FORCED,
        /** The content survives the death of the process, not a power cut. */
        UNFORCED
    }

    /** What a name stands for. A symbolic link is {@code OTHER}: the store never follows one. */
    enum Kind {
        FILE,
        DIRECTORY,
        OTHER
    }

    /**
     * What is known of a name without opening it.
     *
     * @param kind what it is
     * @param size bytes of a file
     * @param modifiedMillis last change of content, or of a directory's entries, in milliseconds since the epoch
     * @param changedMillis last change of the inode (also set by a rename, where the file system tells), in milliseconds
     */
    record Stat(Kind kind, long size, long modifiedMillis, long changedMillis) {}

    /** The disk of this machine. */
    static Disk local(Durability durability) {
        return new LocalDisk(durability);
    }

    /** Makes one directory, mode 0700; fails if the name exists. */
    void makeDirectory(Path directory) throws IOException;

    /**
     * Makes a new file, mode 0600, with this content; fails if the name exists.
     *
     * <p>After any exception but {@link java.nio.file.FileAlreadyExistsException} the file is absent, or, if the process
     * died meanwhile, present with a prefix of the content: so only names that nobody reads are made this way.
     */
    void createFile(Path file, byte[] content, Sync sync) throws IOException;

    /**
     * Replaces the content of an existing file in place. Never creates it: an absent name is
     * {@link java.nio.file.NoSuchFileException}. After an exception the content is undefined.
     */
    void overwriteFile(Path file, byte[] content, Sync sync) throws IOException;

    /** Makes the names in a directory (created, renamed, removed) survive a power cut. */
    void forceDirectory(Path directory) throws IOException;

    /**
     * {@code rename(2)}: atomic. A file replaces a file; a directory replaces only an empty directory; otherwise
     * nothing has happened after an exception.
     */
    void rename(Path from, Path to) throws IOException;

    /**
     * {@code link(2)}: gives a file a second name; fails if that exists. From then on the two are equal, and the file is
     * there until both are removed.
     *
     * @throws IOException also where the file system cannot do it; nothing has happened then
     */
    void link(Path file, Path name) throws IOException;

    /** {@code unlink(2)} of a file or a link. */
    void deleteFile(Path file) throws IOException;

    /** {@code rmdir(2)}: only an empty directory. */
    void deleteDirectory(Path directory) throws IOException;

    /**
     * Reads a whole regular file, never through a link.
     *
     * @throws CorruptFileException if it is longer than {@code maxBytes}
     */
    byte[] readFile(Path file, int maxBytes) throws IOException;

    /**
     * The names in a directory, in no order, never through a link: one that is no directory is a
     * {@link java.nio.file.NotDirectoryException}. Names made or removed meanwhile may be among them or not.
     */
    List<String> list(Path directory) throws IOException;

    /** What is known of a name; empty if there is none. Does not follow a link. */
    Optional<Stat> stat(Path path) throws IOException;

    /** What a name stands for, at less cost than {@link #stat}; empty if there is none. Does not follow a link. */
    default Optional<Kind> kind(Path path) throws IOException {
        return stat(path).map(Stat::kind);
    }

    /**
     * When the content of a name, or its entries, changed last, in milliseconds since the epoch, at less cost than {@link #stat};
     * empty if there is none. Does not follow a link.
     */
    default Optional<Long> modifiedMillis(Path path) throws IOException {
        return stat(path).map(Stat::modifiedMillis);
    }

    /**
     * Whether nothing has this name, not even a symbolic link that leads nowhere: as with {@link #kind}, which does not
     * follow it, that is something that should not be there. What cannot be told is no absence, but an exception.
     */
    default boolean isAbsent(Path path) throws IOException {
        return kind(path).isEmpty();
    }

    /** Sets the modification time of a file or a directory to now; fails if it is absent. */
    void touch(Path file) throws IOException;

    /** Gives a file or a directory this modification time, in milliseconds since the epoch; fails if it is absent. Never through a link. */
    void setModified(Path path, long millis) throws IOException;

    /** Gives a file the modification time of something else, such as a directory; fails if either is absent. Never through a link. */
    void touchLike(Path file, Path model) throws IOException;

    /** Whether a file has the mode 0600, a directory 0700, as this disk makes them. Always so where there are no modes. */
    default boolean isOwnerOnly(Path path) throws IOException {
        return stat(path).isPresent();
    }

    /** {@code chmod(2)}: gives a file the mode 0600, a directory 0700. Never through a link. */
    default void makeOwnerOnly(Path path) throws IOException {
        if (stat(path).isEmpty()) {
            throw new NoSuchFileException(path.toString());
        }
    }

    /**
     * Begins to watch a directory for new names. Closing it frees what it holds.
     *
     * @throws IOException if the directory is absent
     */
    default DirectoryWatch watch(Path directory) throws IOException {
        return new PollingWatch();
    }
}
