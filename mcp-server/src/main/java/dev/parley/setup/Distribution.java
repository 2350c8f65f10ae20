package dev.parley.setup;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/**
 * Where this Parley is installed: an unpacked distribution, or the {@code assets} of a checkout.
 *
 * @param base the directory that holds {@code bin} and {@code hooks}
 */
public record Distribution(Path base) {

    /** Set by the launcher. */
    private static final String PROPERTY = "parley.base";

    /**
     * The one this process was started from.
     *
     * @throws NoSuchFileException if its launcher and its hook are not where they belong
     */
    public static Distribution running() throws IOException {
        String told = System.getProperty(PROPERTY, "");
        Distribution distribution = new Distribution(told.isEmpty() ? besideTheJar() : Path.of(told));
        for (Path needed : List.of(distribution.launcher(), distribution.hook())) {
            if (!Files.isExecutable(needed)) {
                throw new NoSuchFileException(
                        needed.toString(), null, "this Parley is not complete; unpack the distribution again");
            }
        }
        return distribution;
    }

    private static Path besideTheJar() throws IOException {
        try {
            URI jar = Distribution.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI();
            return Path.of(jar).resolve("../..").normalize();
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
        return Files.readString(Files.exists(inCheckout) ? inCheckout : base.resolve(name), UTF_8);
    }
}
