package dev.parley.hub;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.parley.remote.SharedProject;
import dev.parley.remote.SharedProject.Told;
import dev.parley.remote.SharedProject.Unknown;
import dev.parley.trace.Why;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Asks git which project a directory is of, as several machines know it. */
public final class GitProject {

    private static final int LIMIT_SECONDS = 10;
    private static final int MAX_BYTES = 4096;

    /** {@code git config} ends with this where nothing is set. */
    private static final int NOT_SET = 1;

    private GitProject() {}

    /**
     * What git tells of a directory.
     *
     * @throws InterruptedException if interrupted; git was ended
     */
    public static Told of(Path directory) throws InterruptedException {
        try {
            return SharedProject.of(setting(directory, SharedProject.SETTING), setting(directory, "remote.origin.url"));
        } catch (IOException e) {
            return new Unknown(Why.of(e));
        }
    }

    private static Optional<String> setting(Path directory, String name) throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(List.of("git", "-C", directory.toString(), "config", "--null", "--get", name));
        // Which repository it is, is a matter of the directory alone.
        builder.environment().keySet().removeIf(variable -> variable.startsWith("GIT_"));
        builder.redirectError(ProcessBuilder.Redirect.DISCARD);
        Process git;
        try {
            git = builder.start();
        } catch (IOException e) {
            throw new IOException("git cannot be asked which project it is: " + Why.of(e), e);
        }
        try (InputStream out = git.getInputStream()) {
            // What it says fits into the pipe, or is no address.
            if (!git.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException("git does not say which project it is; run 'git config --list' there");
            }
            if (git.exitValue() != 0 && git.exitValue() != NOT_SET) {
                throw new IOException(
                        "git cannot read its settings there; run 'git -C " + directory + " config --list' to see why");
            }
            return git.exitValue() == NOT_SET
                    ? Optional.empty()
                    : Optional.of(new String(out.readNBytes(MAX_BYTES), UTF_8).split("\0", 2)[0]);
        } finally {
            git.destroyForcibly();
        }
    }
}
