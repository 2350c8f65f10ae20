package dev.parley.setup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How a client starts the server. */
public enum Launcher {
    /** The launcher script of this distribution: the quickest, it knows the class archive. */
    DIST,
    /** {@code java -jar} of the one jar that holds everything. */
    JAR,
    /** jbang, from the local Maven repository. */
    JBANG;

    /**
     * What the launcher does itself: options for other Java programs are not this one's, and names of files are UTF-8. It
     * replaces itself by the program, so the client stays its parent.
     */
    private static final List<String> CLEANED = List.of(
            "/usr/bin/env",
            "-u",
            "JAVA_TOOL_OPTIONS",
            "-u",
            "_JAVA_OPTIONS",
            "-u",
            "JDK_JAVA_OPTIONS",
            "LC_ALL=C.UTF-8");

    /**
     * The command and its arguments, with absolute paths: a client may have another PATH than this shell.
     *
     * @throws NoSuchFileException if what it needs is not there; the message says how to get it
     */
    List<String> command(Distribution distribution, Map<String, String> environment) throws IOException {
        return switch (this) {
            case DIST -> List.of(distribution.launcher().toString(), "serve");
            case JAR -> {
                List<String> command = new ArrayList<>(CLEANED);
                command.add(java().toString());
                command.addAll(VmOptions.ofServer());
                command.addAll(List.of("-jar", present(distribution.jar()).toString(), "serve"));
                yield command;
            }
            case JBANG -> {
                List<String> command = new ArrayList<>(CLEANED);
                command.add(program("jbang", environment).toString());
                command.addAll(List.of("--quiet", "parley@" + present(distribution.catalog()), "serve"));
                yield command;
            }
        };
    }

    /** The java that runs this: it is known to be new enough. */
    private static Path java() {
        return Path.of(System.getProperty("java.home"), "bin", "java");
    }

    private static Path present(Path file) throws NoSuchFileException {
        if (!Files.exists(file)) {
            throw new NoSuchFileException(
                    file.toString(), null, "this distribution lacks it; build it again with 'mvn -DskipTests package'");
        }
        return file;
    }

    private static Path program(String name, Map<String, String> environment) throws NoSuchFileException {
        for (String directory : environment.getOrDefault("PATH", "").split(":", -1)) {
            Optional<Path> found = Optional.of(directory)
                    .filter(text -> text.startsWith("/"))
                    .map(text -> Path.of(text, name))
                    .filter(Files::isExecutable);
            if (found.isPresent()) {
                return found.get();
            }
        }
        throw new NoSuchFileException(name, null, "it is not on the PATH; install it from https://www.jbang.dev");
    }
}
