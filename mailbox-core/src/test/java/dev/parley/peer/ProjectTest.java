package dev.parley.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.testing.Pipes;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Which directories are one project, told by real git repositories. */
final class ProjectTest {

    @TempDir
    Path temp;

    private Path repository;

    @BeforeEach
    void makeRepository() throws IOException, InterruptedException {
        repository = Files.createDirectory(temp.toRealPath().resolve("repository"));
        git(repository, "init", "-q", "-b", "main");
        git(repository, "commit", "-q", "--allow-empty", "-m", "first");
    }

    private static void git(Path directory, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                "git", "-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "protocol.file.allow=always"));
        command.addAll(Arrays.asList(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("GIT_"));
        builder.environment().put("HOME", directory.toString());
        Process git = builder.start();
        String said = new String(git.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertTrue(git.waitFor(60, TimeUnit.SECONDS), () -> "git " + command + " hangs");
        assertEquals(0, git.exitValue(), said);
    }

    private static String key(Path directory) throws IOException {
        return Project.of(directory).key();
    }

    /** As git for Windows writes them. */
    @Test
    void aPointerWithACarriageReturnIsNotPartOfThePath() throws Exception {
        Path tree = temp.toRealPath().resolve("tree");
        git(repository, "worktree", "add", "-q", tree.toString());
        Files.writeString(
                tree.resolve(".git"), Files.readString(tree.resolve(".git")).replace("\n", "\r\n"));
        Path common = repository.resolve(".git/worktrees/tree/commondir");
        Files.writeString(common, Files.readString(common).strip() + "\r\n");
        assertEquals(key(repository), key(tree));
    }

    @Test
    void aRepositoryIsOneProjectWithAllItsDirectories() throws IOException {
        Path deep = Files.createDirectories(repository.resolve("a/b/c"));
        assertEquals(repository.resolve(".git").toString(), key(repository));
        assertEquals(key(repository), key(deep));
        assertEquals(repository.toString(), Project.of(deep).root());
    }

    @Test
    void allWorktreesAreOneProject() throws Exception {
        Path worktree = temp.resolve("worktree");
        git(repository, "worktree", "add", "-q", worktree.toString(), "-b", "other");
        assertEquals(key(repository), key(worktree));
        assertEquals(worktree.toRealPath().toString(), Project.of(worktree).root());
        Path inside = Files.createDirectory(worktree.resolve("inside"));
        assertEquals(key(repository), key(inside));
    }

    @Test
    void worktreesOfABareRepositoryAreOneProject() throws Exception {
        Path bare = temp.resolve("bare.git");
        git(temp, "clone", "-q", "--bare", repository.toString(), bare.toString());
        Path one = temp.resolve("one");
        Path two = temp.resolve("two");
        git(bare, "worktree", "add", "-q", one.toString(), "-b", "one");
        git(bare, "worktree", "add", "-q", two.toString(), "-b", "two");
        assertEquals(key(one), key(two));
        assertEquals(bare.toRealPath().toString(), key(one));
    }

    @Test
    void aSubmoduleIsAProjectOfItsOwn() throws Exception {
        Path library = Files.createDirectory(temp.resolve("library"));
        git(library, "init", "-q", "-b", "main");
        git(library, "commit", "-q", "--allow-empty", "-m", "first");
        git(repository, "submodule", "add", "-q", library.toString(), "sub");
        Path sub = repository.resolve("sub");
        assertNotEquals(key(repository), key(sub));
        assertNotEquals(key(library), key(sub));
        assertEquals(repository.resolve(".git/modules/sub").toString(), key(sub));
    }

    @Test
    void twoClonesAreTwoProjects() throws Exception {
        Path clone = temp.resolve("clone");
        git(temp, "clone", "-q", repository.toString(), clone.toString());
        assertNotEquals(key(repository), key(clone));
    }

    @Test
    void allWaysToOnePlaceAreOneProject() throws IOException {
        Path link = Files.createSymbolicLink(temp.resolve("link"), repository);
        assertEquals(key(repository), key(link));
        assertEquals(key(repository), key(temp.resolve("link/../repository")));
        Path elsewhere = Files.createDirectory(temp.resolve("elsewhere"));
        Files.createSymbolicLink(elsewhere.resolve(".git"), repository.resolve(".git"));
        assertEquals(key(repository), key(elsewhere));
    }

    @Test
    void withoutGitItIsTheDirectoryItself() throws IOException {
        Path plain = Files.createDirectory(temp.resolve("plain"));
        assertEquals(plain.toRealPath().toString(), key(plain));
        assertNotEquals(key(plain), key(Files.createDirectory(plain.resolve("sub"))));
    }

    @Test
    void aRepositoryThatWasMovedAwayLeavesTheDirectory() throws IOException {
        Path orphan = Files.createDirectory(temp.resolve("orphan"));
        Files.writeString(orphan.resolve(".git"), "gitdir: /nowhere/at/all\n");
        assertEquals(orphan.toRealPath().toString(), key(orphan));
    }

    @Test
    void whatCannotBeFoundOutIsAnErrorAndNoOtherProject() throws IOException {
        assertThrows(NoSuchFileException.class, () -> Project.of(temp.resolve("absent")));
        Path file = Files.createFile(temp.resolve("file"));
        assertThrows(FileSystemException.class, () -> Project.of(file.resolve("under a file")));
        Path circle = temp.resolve("circle");
        Files.createSymbolicLink(circle, circle);
        assertThrows(IOException.class, () -> Project.of(circle));
        Path odd = Files.createDirectory(temp.resolve("odd"));
        Files.createSymbolicLink(odd.resolve(".git"), odd.resolve(".git"));
        assertThrows(IOException.class, () -> Project.of(odd), "a .git that leads in a circle");
    }

    @Test
    @Timeout(30)
    void aPipeInThePlaceOfAGitFileIsNotRead() throws Exception {
        Path odd = Files.createDirectory(temp.resolve("odd"));
        Pipes.make(odd.resolve(".git"));
        assertEquals(odd.toRealPath().toString(), key(odd));

        Path tree = temp.toRealPath().resolve("tree");
        git(repository, "worktree", "add", "-q", tree.toString());
        Path own = repository.resolve(".git/worktrees/tree");
        Files.delete(own.resolve("commondir"));
        Pipes.make(own.resolve("commondir"));
        assertEquals(own.toString(), key(tree));
    }

    @Test
    void aGitFileThatIsNoneIsAnError() throws IOException {
        Path odd = Files.createDirectory(temp.resolve("odd"));
        Files.writeString(odd.resolve(".git"), "something else\n");
        assertThrows(IOException.class, () -> Project.of(odd));
        Files.writeString(odd.resolve(".git"), "x".repeat(10_000));
        assertThrows(IOException.class, () -> Project.of(odd));
    }
}
