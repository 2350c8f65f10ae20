package dev.parley.wake.tmux;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.parley.clients.PrivateTmux;
import dev.parley.clients.TmuxPane;
import dev.parley.wake.tmux.FakeClient.Manner;
import dev.parley.wake.tmux.TmuxServer.Sent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That the server writes keys only to a pane that still is as it was seen. */
@Tag("tmux")
final class TmuxServerIT {

    private static final int WIDTH = 80;

    @TempDir
    Path directory;

    private final PrivateTmux tmux = new PrivateTmux();
    private Path log;
    private TmuxPane pane;
    private TmuxServer server;
    private PaneState seen;

    @BeforeEach
    void look() throws Exception {
        log = directory.resolve("keys");
        pane = tmux.open(
                WIDTH,
                24,
                directory,
                Map.of("PATH", System.getenv("PATH")),
                FakeClient.command(Manner.SUBMITS, log, WIDTH));
        pane.awaitText("manual mode on");
        server = new TmuxServer(new Subprocess(), PrivateTmux.PROGRAM, Path.of(pane.ask("#{socket_path}")));
        seen = server.look(pane.id()).orElseThrow().state();
    }

    @AfterEach
    void end() {
        tmux.close();
    }

    @Test
    void typesWhatIsUnchanged() throws Exception {
        assertEquals(Sent.TYPED, server.paste(pane.id(), seen, server.load("hello; there ")));
        await().until(() -> keys().equals(List.of("paste hello; there ")));
        assertEquals("", tmux.run("list-buffers"));
    }

    @Test
    void countsItsKeys() throws Exception {
        assertEquals(Sent.TYPED, server.press(pane.id(), seen, "BSpace", 3));
        await().until(() -> keys().equals(List.of("backspace", "backspace", "backspace")));
    }

    @Test
    void holdsInCopyMode() throws Exception {
        pane.command("copy-mode");
        assertHeld();
    }

    @Test
    void holdsWhenTheCursorHasMoved() throws Exception {
        pane.type("x");
        await().until(() -> !state().equals(seen));
        Files.delete(log);
        assertHeld();
    }

    @Test
    void holdsWhenTheSizeHasChanged() throws Exception {
        pane.command("resize-window", "-x", "81");
        await().until(() -> !state().equals(seen));
        assertHeld();
    }

    @Test
    void holdsWhenAnotherProcessHasThePane() throws Exception {
        List<String> again = new ArrayList<>(List.of("-k", "--"));
        again.addAll(FakeClient.command(Manner.SUBMITS, log, WIDTH));
        pane.command("respawn-pane", again.toArray(String[]::new));
        await().until(() -> pane.process() != seen.process());
        pane.awaitText("manual mode on");
        assertHeld();
    }

    @Test
    void holdsWhenPanesAreSynchronised() throws Exception {
        pane.command("set-window-option", "synchronize-panes", "on");
        assertHeld();
    }

    @Test
    void holdsWhenThePaneIsGone() throws Exception {
        tmux.open(WIDTH, 24, directory, Map.of("PATH", System.getenv("PATH")), List.of("sleep", "60"));
        pane.command("kill-pane");
        assertEquals(Sent.HELD, server.press(pane.id(), seen, "Enter", 1));
        assertThrows(IOException.class, () -> server.look(pane.id()));
    }

    @Test
    void listsThePanesOfTheServerItMeans() throws Exception {
        assertEquals(
                List.of(new TmuxServer.Pane(
                        pane.id(), pane.process(), pane.ask("#{pane_tty}"), pane.ask("#{session_name}"))),
                server.panes(seen.server()));
        assertEquals(List.of(), server.panes(seen.server() + 1), "another server answers");
    }

    private void assertHeld() throws Exception {
        String loaded = server.load("hello");
        assertNotEquals("", tmux.run("list-buffers"));
        assertEquals(Sent.HELD, server.paste(pane.id(), seen, loaded));
        assertEquals(Sent.HELD, server.press(pane.id(), seen, "Enter", 1));
        server.drop(loaded);
        assertEquals("", tmux.run("list-buffers"));
        assertEquals(List.of(), keys());
    }

    private PaneState state() throws Exception {
        return server.look(pane.id()).orElseThrow().state();
    }

    private List<String> keys() throws IOException {
        return Files.exists(log) ? Files.readAllLines(log) : List.of();
    }
}
