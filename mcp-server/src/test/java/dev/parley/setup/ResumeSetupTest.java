package dev.parley.setup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.peer.Project;
import dev.parley.session.ResumeSwitch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That a request may have a session resumed is said in the user's store, and taken back like all that setup does. */
final class ResumeSetupTest {

    private SetupHome home;
    private String project;
    private Map<String, String> environment;

    @BeforeEach
    void home(@TempDir Path root) throws IOException {
        home = new SetupHome(root);
        project = Project.of(home.user).key();
        environment = Map.of("HOME", home.user.toString(), "PARLEY_HOME", home.store.toString());
    }

    private void setUp(ResumeChoice choice) throws Exception {
        Setup setup = home.setup();
        setup.resume(choice);
        try (Setup.Turn turn = setup.begin()) {
            assertTrue(turn != null);
            setup.install(setup.plan());
        }
    }

    private void undo() throws Exception {
        Setup setup = home.setup();
        setup.resume(ResumeChoice.OFF);
        try (Setup.Turn turn = setup.begin()) {
            assertTrue(turn != null);
            setup.undo(setup.planUndo());
            assertEquals(List.of(), setup.left());
        }
    }

    private boolean isOn(String where) throws IOException {
        return ResumeSwitch.isOn(environment, where);
    }

    @Test
    void onTheMachineItIsOnInEveryProject() throws Exception {
        home.install();
        assertFalse(isOn(project), "a set-up without it leaves it off");
        setUp(ResumeChoice.MACHINE);
        assertTrue(isOn(project));
        assertTrue(isOn("/another/.git"));
        Path file = home.store.resolve(ResumeSwitch.FILE);
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        String before = Files.readString(file);
        setUp(ResumeChoice.MACHINE);
        assertEquals(before, Files.readString(file), "once is enough");
        home.install();
        assertTrue(isOn(project), "a set-up that does not name it leaves it on");
        undo();
        assertFalse(Files.exists(file));
        assertFalse(isOn(project));
    }

    @Test
    void inOneProjectItIsOnThereOnly() throws Exception {
        setUp(ResumeChoice.PROJECT);
        assertTrue(isOn(project));
        assertFalse(isOn("/another/.git"));
        assertFalse(isOn(project + "x"));
        setUp(ResumeChoice.OFF);
        assertFalse(isOn(project));
        undo();
        assertFalse(Files.exists(home.store.resolve(ResumeSwitch.FILE)));
    }

    @Test
    void whatIsSaidOfOtherProjectsStays() throws Exception {
        setUp(ResumeChoice.PROJECT);
        Path file = home.store.resolve(ResumeSwitch.FILE);
        Files.writeString(file, Files.readString(file) + ResumeSwitch.line("/another/.git") + "\n");
        setUp(ResumeChoice.OFF);
        assertFalse(isOn(project));
        assertTrue(isOn("/another/.git"));
    }

    @Test
    void anUndoOfOneClientSaysThatItIsLeft() throws Exception {
        setUp(ResumeChoice.MACHINE);
        Setup setup = home.setup();
        setup.planUndo();
        assertTrue(setup.left().toString().contains("--resume=off"), setup.left()::toString);
    }
}
