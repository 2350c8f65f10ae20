package dev.parley.setup;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/** Reads and replaces whole text files of somebody else's. */
final class ConfigFile {

    private static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rw-------");

    private static final Set<PosixFilePermission> PRIVATE_DIRECTORY = PosixFilePermissions.fromString("rwx------");

    private ConfigFile() {}

    /** Its text; empty if it does not exist. */
    static String read(Path file) throws IOException {
        try {
            return Files.readString(file, UTF_8);
        } catch (NoSuchFileException e) {
            return "";
        } catch (CharacterCodingException e) {
            throw new NotEditableException("is not UTF-8");
        }
    }

    /**
     * Replaces it if it still has the text that the new one was made from. Through a symbolic link the file behind it is
     * replaced, and its permissions stay.
     *
     * @param text its new text; empty deletes it
     * @return whether it was replaced
     */
    static boolean replace(Path file, String expected, Optional<String> text) throws IOException {
        if (!read(file).equals(expected)) {
            return false;
        }
        if (text.isPresent()) {
            write(file, text.get());
        } else {
            Files.deleteIfExists(file);
        }
        return true;
    }

    /** Writes a file whole or not at all; on return it survives a power cut. */
    static void write(Path file, String text) throws IOException {
        Path real = Files.isSymbolicLink(file) ? file.toRealPath() : file;
        Path parent = real.toAbsolutePath().getParent();
        if (parent == null) {
            throw new IOException(file + " is no file");
        }
        Files.createDirectories(parent, PosixFilePermissions.asFileAttribute(PRIVATE_DIRECTORY));
        Path fresh = Files.createTempFile(parent, ".parley-", ".tmp", PosixFilePermissions.asFileAttribute(PRIVATE));
        try {
            try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
                ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(UTF_8));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            if (Files.exists(real, LinkOption.NOFOLLOW_LINKS)) {
                Files.setPosixFilePermissions(fresh, Files.getPosixFilePermissions(real));
            }
            Files.move(fresh, real, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }
}
