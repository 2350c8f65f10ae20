package dev.parley.wake.tmux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.parley.clients.PrivateTmux;
import dev.parley.clients.TmuxPane;
import dev.parley.peer.PaneSessions;
import dev.parley.process.ProcessIdentity;
import dev.parley.store.process.LocalProcessTable;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which tmux sessions processes are seen in, on a real server. */
@Tag("tmux")
final class TmuxSessionsIT {

    @TempDir
    Path directory;

    private final PrivateTmux tmux = new PrivateTmux();
    private final PaneSessions sessions = PaneSessions.installed();

    @AfterEach
    void end() {
        tmux.close();
    }

    private static ProcessIdentity process(TmuxPane pane) {
        return LocalProcessTable.INSTANCE.identify(pane.process()).orElseThrow();
    }

    private TmuxPane sleeping() {
        return tmux.open(80, 20, directory, Map.of("PATH", System.getenv("PATH")), List.of("sleep", "60"));
    }

    @Test
    void aSessionIsKnownByThePresentNameOfEachTmuxSessionThatShowsIt() throws Exception {
        assertInstanceOf(TmuxSessions.class, sessions, "it is the one that is installed");
        ProcessIdentity first = process(sleeping());
        ProcessIdentity second = process(sleeping());
        ProcessIdentity outside = LocalProcessTable.INSTANCE.self();
        tmux.run("rename-session", "two wörds");
        assertEquals(
                Map.of(first, List.of("two wörds"), second, List.of("two wörds")),
                sessions.of(List.of(first, second, outside)));

        tmux.run("new-session", "-d", "-t", "two wörds", "-s", "view");
        tmux.run("rename-session", "-t", "two wörds", "work");
        assertEquals(
                List.of("view", "work"),
                sessions.of(List.of(first)).get(first).stream().sorted().toList());
    }
}
