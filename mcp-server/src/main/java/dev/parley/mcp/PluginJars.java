package dev.parley.mcp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/**
 * The jars of a folder, each with a class loader of its own whose parent is the server's. A jar is code that will run with the
 * user's rights, so neither it nor its folder may be writable by anybody else.
 */
final class PluginJars {
    private static final Path SELF = Path.of("/proc/self");

    private PluginJars() {}

    /**
     * One loader for each usable jar, in the order of their names.
     *
     * @param problem told of each jar that is not usable, and why
     */
    static List<ClassLoader> loaders(Path folder, BiConsumer<String, String> problem) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            Optional<String> unsafe = unsafe(folder);
            if (unsafe.isPresent()) {
                problem.accept(folder.toString(), unsafe.get());
                return List.of();
            }
            return entries.filter(entry -> entry.toString().endsWith(".jar"))
                    .sorted()
                    .flatMap(jar -> loader(jar, problem).stream())
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            problem.accept(folder.toString(), "cannot be read: " + Diagnostics.why(e));
            return List.of();
        }
    }

    private static Optional<ClassLoader> loader(Path jar, BiConsumer<String, String> problem) {
        try {
            Optional<String> unsafe = unsafe(jar);
            if (unsafe.isPresent()) {
                problem.accept(jar.toString(), unsafe.get());
                return Optional.empty();
            }
            // The class loader would only find nothing in it, and say nothing.
            new JarFile(jar.toFile()).close();
            URL[] content = {jar.toUri().toURL()};
            return Optional.of(
                    new URLClassLoader(jar.getFileName().toString(), content, PluginJars.class.getClassLoader()));
        } catch (IOException e) {
            problem.accept(jar.toString(), "is not a readable jar: " + Diagnostics.why(e));
            return Optional.empty();
        }
    }

    private static Optional<String> unsafe(Path path) throws IOException {
        if (!path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            return Optional.empty();
        }
        PosixFileAttributes attributes = Files.readAttributes(path, PosixFileAttributes.class);
        if (attributes.permissions().contains(PosixFilePermission.OTHERS_WRITE)
                || attributes.permissions().contains(PosixFilePermission.GROUP_WRITE)) {
            return Optional.of("is writable by others; chmod go-w makes it usable");
        }
        String owner = attributes.owner().getName();
        return owner.equals(us()) || owner.equals("root") ? Optional.empty() : Optional.of("belongs to " + owner);
    }

    /**
     * The user that runs this. The JDK tells no user id; the owner of this process's entry in /proc is it, where there is one.
     */
    private static String us() throws IOException {
        return Files.exists(SELF) ? Files.getOwner(SELF).getName() : System.getProperty("user.name");
    }
}
