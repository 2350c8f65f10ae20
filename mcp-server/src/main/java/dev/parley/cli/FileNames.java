package dev.parley.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.parley.client.Clients;
import dev.parley.client.ConfigurationDirectory;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Whether this virtual machine can name every file. It takes the encoding of names from the locale when it starts, and
 * nothing can change it afterwards. The launcher sees to the locale; {@code java -jar} and jbang leave it as it is.
 */
final class FileNames {

    /** Set by the VM: how names are encoded. */
    static final String ENCODING = "sun.jnu.encoding";

    private FileNames() {}

    /** Has the process print UTF-8 whatever the locale. */
    static void printUtf8() {
        // picocli asks these which encoding the streams have.
        for (String property :
                new String[] {"stdout.encoding", "stderr.encoding", "sun.stdout.encoding", "sun.stderr.encoding"}) {
            System.setProperty(property, "UTF-8");
        }
        System.setOut(new PrintStream(new FileOutputStream(FileDescriptor.out), true, UTF_8));
        System.setErr(new PrintStream(new FileOutputStream(FileDescriptor.err), true, UTF_8));
    }

    /**
     * Why this VM cannot work here; empty if its names are UTF-8, as they are for the hook and for every other session, or if
     * all it is to work with has plain ASCII names.
     *
     * @param environment as this VM understands it
     */
    static Optional<String> problem(Map<String, String> environment) {
        boolean plain = "UTF-8".equalsIgnoreCase(System.getProperty(ENCODING))
                || (isPlain(System.getProperty("user.dir"))
                        && Stream.concat(
                                        Stream.of("HOME", "PARLEY_HOME", "PARLEY_TRACE", "XDG_CACHE_HOME"),
                                        Clients.known().stream()
                                                .flatMap(client -> client.configuration().stream())
                                                .map(ConfigurationDirectory::variable))
                                .allMatch(name -> isPlain(environment.getOrDefault(name, "")))
                        && isThere(System.getProperty("user.dir")));
        return plain
                ? Optional.empty()
                : Optional.of("this Java reads names of files as " + System.getProperty(ENCODING)
                        + ", because of its locale, and the working directory or a directory that the environment names has"
                        + " other characters; set LC_ALL=C.UTF-8 (or another UTF-8 locale that is installed) in its"
                        + " environment, or start bin/parley, which does that by itself");
    }

    private static boolean isPlain(String text) {
        return text.chars().allMatch(c -> c < 128);
    }

    /** What it could not read became question marks. */
    private static boolean isThere(String directory) {
        try {
            return !directory.contains("?") || Files.isDirectory(Path.of(directory));
        } catch (InvalidPathException e) {
            return false;
        }
    }
}
