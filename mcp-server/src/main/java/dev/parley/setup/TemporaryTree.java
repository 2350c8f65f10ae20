package dev.parley.setup;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** Removes a directory that Parley made, with all that is in it. */
public final class TemporaryTree extends SimpleFileVisitor<Path> {

    private TemporaryTree() {}

    /**
     * Removes it. What goes by itself meanwhile, since a server that is just ending tidies up, is no error; links are removed
     * and not followed.
     *
     * @throws IOException if something could not be removed; what was visited before it is gone
     */
    public static void remove(Path root) throws IOException {
        Files.walkFileTree(root, new TemporaryTree());
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
        Files.deleteIfExists(file);
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
        if (e instanceof NoSuchFileException) {
            return FileVisitResult.CONTINUE;
        }
        throw e;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException e) throws IOException {
        Files.deleteIfExists(directory);
        return FileVisitResult.CONTINUE;
    }
}
