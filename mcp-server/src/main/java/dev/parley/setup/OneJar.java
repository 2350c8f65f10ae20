package dev.parley.setup;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The one jar that holds everything, where it was started with nothing beside it, as jbang does: clients need files to call, so
 * setup unpacks a distribution from it into the store.
 *
 * @param jar the jar that runs
 */
record OneJar(Path jar) {

    /** What the jar holds of a distribution, below {@link #RESOURCES}. */
    static final List<String> FILES = List.of(
            "bin/parley",
            "bin/parley-run",
            "hooks/parley-hook",
            "opencode-plugin/parley.js",
            "commands/parley.md",
            "codex-skill/SKILL.md",
            "jbang/jbang-catalog.json",
            "jbang/parley.java");

    private static final String RESOURCES = "/META-INF/parley/distribution/";

    /** Whether this process has the distribution in its jar. */
    static boolean holdsDistribution() {
        return OneJar.class.getResource(RESOURCES + FILES.get(0)) != null;
    }

    /** A text of the distribution, without unpacking it. */
    static Optional<String> text(String name) throws IOException {
        try (InputStream in = OneJar.class.getResourceAsStream(RESOURCES + name)) {
            return in == null ? Optional.empty() : Optional.of(new String(in.readAllBytes(), UTF_8));
        }
    }

    /** Where setup unpacks it. */
    static Path unpacked(Path home) {
        return home.resolve("setup").resolve("distribution");
    }

    /**
     * Puts a distribution in place of the one that is there: the scripts, this very jar, and this Java as the one that it runs.
     *
     * @throws IOException if it cannot be written; then the one that was there may be gone, and setup has to be run again
     */
    void unpack(Path base) throws IOException {
        FileAttribute<Set<PosixFilePermission>> ours =
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
        Path setup = Objects.requireNonNull(base.getParent());
        if (!Files.isDirectory(setup)) {
            Files.createDirectory(setup, ours);
        }
        Path fresh = setup.resolve(base.getFileName() + ".new");
        remove(fresh);
        Files.createDirectory(fresh, ours);
        for (String name : FILES) {
            Path file = fresh.resolve(name);
            Files.createDirectories(Objects.requireNonNull(file.getParent()));
            try (InputStream in = OneJar.class.getResourceAsStream(RESOURCES + name)) {
                if (in == null) {
                    throw new NoSuchFileException(RESOURCES + name, null, "this jar lacks it; fetch it again");
                }
                Files.copy(in, file);
            }
            if (name.startsWith("bin/") || name.startsWith("hooks/")) {
                Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
        }
        Files.createDirectories(fresh.resolve("lib"));
        Files.copy(jar, fresh.resolve("parley-all.jar"));
        Files.createSymbolicLink(fresh.resolve("lib/parley-all.jar"), Path.of("../parley-all.jar"));
        // Whoever has a Java from jbang alone has none on the PATH.
        Files.createSymbolicLink(fresh.resolve("runtime"), Path.of(System.getProperty("java.home")));
        remove(base);
        Files.move(fresh, base);
    }

    /** Takes it away, if it is there. */
    static void remove(Path base) throws IOException {
        if (Files.isDirectory(base)) {
            TemporaryTree.remove(base);
        }
    }
}
