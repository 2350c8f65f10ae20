package dev.parley.wake.tmux;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.parley.clients.FakeApi.Turn;
import dev.parley.clients.TmuxPane;
import dev.parley.peer.WakeOutcome.Accepted;
import dev.parley.peer.WakeOutcome.Reason;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@link TypingContract} with Codex, and what only it has. */
@Tag("clients")
@Tag("tmux")
final class CodexClientIT extends TypingContract {

    @Override
    RealClient client(Path where) {
        return new RealClient.Codex(where);
    }

    /** A server's parent is the program itself; the pane's process may be what npm put in front of it. */
    @Test
    void wakesByTheProgramBehindItsWrapperToo() throws Exception {
        TmuxPane pane = open();
        List<Long> program = ProcessHandle.of(pane.process())
                .orElseThrow()
                .children()
                .map(ProcessHandle::pid)
                .toList();
        assertEquals(1, program.size(), "the wrapper has one child");
        assertInstanceOf(Accepted.class, wake(program.get(0)));
        await().until(() -> client.api.turns().equals(List.of(new Turn(WakeOnce.TEXT))));
    }

    @Test
    void typesNotIntoTheTranscript() throws Exception {
        TmuxPane pane = open();
        assertWakes(pane);
        pane.awaitText("pong");
        pane.press("Escape");
        pane.awaitText("again to edit");
        pane.press("Escape");
        pane.awaitText("Browsing transcript");
        assertUntouched(pane, Reason.UNSAFE, "not in a composer");
    }

    @Test
    void typesNotIntoTheAgentsView() throws Exception {
        TmuxPane pane = open();
        pane.press("Left");
        pane.awaitText("Task details");
        assertUntouched(pane, Reason.UNSAFE, "not in a composer");
    }
}
