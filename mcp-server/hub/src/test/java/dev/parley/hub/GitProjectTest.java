package dev.parley.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.parley.remote.SharedProject;
import dev.parley.remote.SharedProject.Known;
import dev.parley.remote.SharedProject.Unknown;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class GitProjectTest {

    @TempDir
    Path directory;

    @BeforeEach
    void makeRepository() throws Exception {
        git("init", "-q");
    }

    private void git(String... arguments) throws Exception {
        java.util.List<String> command =
                new java.util.ArrayList<>(java.util.List.of("git", "-C", directory.toString()));
        command.addAll(java.util.List.of(arguments));
        assertEquals(0, new ProcessBuilder(command).inheritIO().start().waitFor());
    }

    @Test
    void aRepositoryWithoutAnAddressIsNoProjectOfATeam() throws Exception {
        assertInstanceOf(Unknown.class, GitProject.of(directory));
    }

    @Test
    void itsOriginTellsIt() throws Exception {
        git("remote", "add", "origin", "https://me:secret@GitHub.com/acme/app.git");
        Path below = Files.createDirectories(directory.resolve("a/b"));
        assertEquals(new Known(new SharedProject("github.com/acme/app")), GitProject.of(below));
    }

    @Test
    void itsNameGoesBeforeItsOrigin() throws Exception {
        git("remote", "add", "origin", "https://github.com/acme/app.git");
        git("config", "parley.project", "acme/other");
        assertEquals(new Known(new SharedProject("acme/other")), GitProject.of(directory));
    }

    @Test
    void whereNoRepositoryIsThereIsNoProject(@TempDir Path elsewhere) throws Exception {
        assertInstanceOf(Unknown.class, GitProject.of(elsewhere));
        assertInstanceOf(Unknown.class, GitProject.of(elsewhere.resolve("absent")));
    }

    @Test
    void settingsThatCannotBeReadAreNoProject() throws Exception {
        Files.writeString(directory.resolve(".git/config"), "[remote \"origin\"\nurl");
        Unknown told = assertInstanceOf(Unknown.class, GitProject.of(directory));
        assertEquals(true, told.reason().contains("config --list"), told::toString);
    }
}
