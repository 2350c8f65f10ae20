package dev.parley.peer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Which sessions can see each other: those that work in one git repository, in whichever of its worktrees, or, without
 * git, in one directory.
 *
 * @param key what two sessions of one project have in common: the real path of the common git directory, or of the
 *     directory itself
 * @param root the directory a person would call the project
 */
public record Project(String key, String root) {

    private static final int MAX_GIT_FILE = 4096;
    private static final int MAX_DEPTH = 256;

    /**
     * The project of a directory. Links are resolved, so that two ways to one place are one project.
     *
     * @throws IOException if the directory does not exist or may not be looked at: that is an error, never a different
     *     project
     */
    public static Project of(Path directory) throws IOException {
        Path real = directory.toRealPath();
        Path at = real;
        for (int depth = 0; at != null && depth < MAX_DEPTH; depth++, at = at.getParent()) {
            Path git = at.resolve(".git");
            if (Files.isDirectory(git)) {
                return new Project(git.toRealPath().toString(), at.toString());
            }
            if (isPresentFile(git)) {
                return new Project(commonDirectory(git).orElse(at).toString(), at.toString());
            }
        }
        return new Project(real.toString(), real.toString());
    }

    /**
     * Only "not found" means that there is none; a permission error is thrown. What is there and no file, such as a pipe, is
     * none, either: reading it could take for ever.
     */
    private static boolean isPresentFile(Path file) throws IOException {
        try {
            return Files.readAttributes(file, "isRegularFile").get("isRegularFile") == Boolean.TRUE;
        } catch (NoSuchFileException | NotDirectoryException e) {
            return false;
        }
    }

    /**
     * Follows a worktree's or a submodule's {@code .git} file (gitrepository-layout(5)): {@code gitdir: PATH}, and in that
     * directory, for a worktree, the file {@code commondir}. Empty if it points to nothing, as it does after the
     * repository was moved away.
     */
    private static Optional<Path> commonDirectory(Path gitFile) throws IOException {
        try {
            Path gitDirectory = pointedTo(gitFile, "gitdir: ");
            Path common = gitDirectory.resolve("commondir");
            return Optional.of(isPresentFile(common) ? pointedTo(common, "") : gitDirectory);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private static Path pointedTo(Path file, String prefix) throws IOException {
        if (Files.size(file) > MAX_GIT_FILE) {
            throw new IOException(file + " is too long to be a git pointer file");
        }
        String text = Files.readString(file);
        int end = text.indexOf('\n');
        String line = end < 0 ? text : text.substring(0, end);
        if (line.endsWith("\r")) {
            // Written on Windows; git reads it so, too.
            line = line.substring(0, line.length() - 1);
        }
        if (!line.startsWith(prefix)) {
            throw new IOException(file + " does not begin with '" + prefix + "' as a git pointer file does");
        }
        return file.resolveSibling(line.substring(prefix.length())).toRealPath();
    }
}
