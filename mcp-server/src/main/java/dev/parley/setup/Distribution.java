package dev.parley.setup;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Where this Parley is installed: an unpacked distribution, or the {@code assets} of a checkout.
 *
 * @param base the directory that holds {@code bin} and {@code hooks}
 */
public record Distribution(Path base) {

    /** Set by the launcher. */
    private static final String PROPERTY = "parley.base";

    /**
     * The one this process was started from, or the one that setup has unpacked from the one jar that runs.
     *
     * @param home the store
     * @throws NoSuchFileException if its launcher and its hook are not where they belong
     */
    public static Distribution running(Path home) throws IOException {
        return oneJarAlone().isPresent()
                ? new Distribution(OneJar.unpacked(home))
                        .complete("run 'parley setup' first: it unpacks what is in the one jar")
                : planned(home);
    }

    /**
     * The same for setup, before it is unpacked.
     *
     * @throws NoSuchFileException as {@link #running}, but not where {@link #unpack} makes what is missing
     */
    public static Distribution planned(Path home) throws IOException {
        return oneJarAlone().isPresent()
                ? new Distribution(OneJar.unpacked(home))
                : new Distribution(startedFrom())
                        .complete("this Parley is not complete; unpack the distribution again");
    }

    private Distribution complete(String remedy) throws NoSuchFileException {
        for (Path needed : List.of(launcher(), hook())) {
            if (!Files.isExecutable(needed)) {
                throw new NoSuchFileException(needed.toString(), null, remedy);
            }
        }
        return this;
    }

    /** Unpacks it from the one jar, if this process was started from nothing else; what is there already is replaced. */
    public void unpack() throws IOException {
        Optional<OneJar> alone = oneJarAlone();
        if (alone.isPresent()) {
            alone.get().unpack(base);
        }
    }

    /** Takes away what {@link #unpack} has made in a store, if it is there. */
    public static void removeUnpacked(Path home) throws IOException {
        OneJar.remove(OneJar.unpacked(home));
    }

    /** The jar that runs, if it holds everything, and no distribution is around it. */
    private static Optional<OneJar> oneJarAlone() throws IOException {
        return System.getProperty(PROPERTY, "").isEmpty()
                        && !Files.isExecutable(startedFrom().resolve("bin/parley"))
                        && OneJar.holdsDistribution()
                ? Optional.of(new OneJar(runningJar()))
                : Optional.empty();
    }

    private static Path startedFrom() throws IOException {
        String told = System.getProperty(PROPERTY, "");
        Path jar = runningJar();
        Path beside = jar.resolveSibling("bin/parley");
        return !told.isEmpty()
                ? Path.of(told)
                : Files.isExecutable(beside)
                        ? jar.toAbsolutePath().resolve("..").normalize()
                        : jar.resolve("../..").normalize();
    }

    private static Path runningJar() throws IOException {
        try {
            return Path.of(Distribution.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IOException("cannot tell where this Parley is installed", e);
        }
    }

    /** What a client starts as its server, with the argument {@code serve}. */
    public Path launcher() {
        return base.resolve("bin/parley");
    }

    /** The one jar that holds everything, beside {@code bin} in a distribution, where the build made it in a checkout. */
    Path jar() throws IOException {
        Path beside = base.resolve("parley-all.jar");
        if (Files.exists(beside)) {
            return beside;
        }
        Path built = base.resolveSibling("mcp-server").resolve("target");
        if (Files.isDirectory(built)) {
            try (DirectoryStream<Path> jars = Files.newDirectoryStream(built, "mcp-server-*-all.jar")) {
                for (Path jar : jars) {
                    return jar;
                }
            } catch (DirectoryIteratorException e) {
                throw e.getCause();
            }
        }
        return beside;
    }

    /** The directory of the jbang catalog. */
    Path catalog() {
        return base.resolve("jbang");
    }

    /** What a client runs on its events. */
    public Path hook() {
        return base.resolve("hooks/parley-hook");
    }

    /** The plug-in for OpenCode. */
    Path openCodePlugin() {
        return base.resolve("opencode-plugin/parley.js");
    }

    /** The text of Claude Code's {@code /parley} command. */
    String slashCommand() throws IOException {
        return text("commands/parley.md");
    }

    /** The text of Codex' skill. */
    String skill() throws IOException {
        return text("codex-skill/SKILL.md");
    }

    private String text(String name) throws IOException {
        Path inCheckout = base.resolve("claude-plugin").resolve(name);
        Path file = Files.exists(inCheckout) ? inCheckout : base.resolve(name);
        if (!Files.exists(file)) {
            Optional<String> packed = OneJar.text(name);
            if (packed.isPresent()) {
                return packed.get();
            }
        }
        return Files.readString(file, UTF_8);
    }
}
