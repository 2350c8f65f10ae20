package dev.parley.wake.tmux;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.parley.clients.FakeApi.Turn;
import dev.parley.clients.TmuxPane;
import dev.parley.peer.WakeOutcome.Accepted;
import dev.parley.peer.WakeOutcome.NotApplicable;
import dev.parley.peer.WakeOutcome.Reason;
import dev.parley.peer.WakeOutcome.Refused;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@link TypingContract} with Claude Code, and what only it has. */
@Tag("clients")
@Tag("tmux")
final class ClaudeClientIT extends TypingContract {

    @Override
    RealClient client(Path where) {
        return new RealClient.Claude(where);
    }

    @Test
    void wakesWithoutTheAlternateScreen() throws Exception {
        Map<String, String> environment = new TreeMap<>(client.environment());
        environment.put("CLAUDE_CODE_DISABLE_ALTERNATE_SCREEN", "1");
        environment.put("LANG", "C");
        TmuxPane pane = tmux.open(100, 30, client.project, environment, client.command());
        pane.awaitText(client.ready());
        assertWakes(pane);
    }

    /** It looks the same as an empty composer, and letters are commands in it; a bracketed paste is not. */
    @Test
    void wakesInVimsNormalMode() throws Exception {
        try (RealClient vim = new RealClient.Claude(directory.resolve("vim"), ", \"editorMode\": \"vim\"")) {
            TmuxPane pane = vim.open(tmux, 100, 30);
            pane.awaitText("INSERT");
            pane.press("Escape");
            pane.awaitNoText("INSERT");
            assertInstanceOf(Accepted.class, wake(pane));
            await().until(() -> vim.api.turns().equals(List.of(new Turn(WakeOnce.TEXT))));
        }
    }

    @Test
    void acceptsNoTrustDialog() throws Exception {
        Files.writeString(client.home.resolve(".claude.json"), "{\"hasCompletedOnboarding\": true}");
        TmuxPane pane = tmux.open(100, 30, client.project, client.environment(), client.command());
        pane.awaitText("trust this folder");
        assertUntouched(pane, Reason.UNSAFE, "not in a composer");
    }

    /**
     * The overview of sessions has a composer that starts a new one. The session it was opened from goes on in the background,
     * as a descendant of the pane's process, on a terminal of its own.
     */
    @Test
    void typesNeitherIntoTheAgentsViewNorForASessionInTheBackground() throws Exception {
        TmuxPane pane = open();
        assertWakes(pane);
        pane.awaitText("pong");
        pane.awaitNoText("esc to interrupt");
        pane.press("Left");
        pane.awaitText("again to open agents|describe a task");
        if (pane.text().contains("again to open agents")) {
            pane.press("Left");
        }
        pane.awaitText("describe a task");
        assertInstanceOf(Refused.class, wake(pane));
        await().until(() -> onOtherTerminals(pane).size() > 0);
        for (long session : onOtherTerminals(pane)) {
            assertInstanceOf(NotApplicable.class, wake(session));
        }
    }

    private static List<Long> onOtherTerminals(TmuxPane pane) throws InterruptedException {
        String terminal = pane.ask("#{pane_tty}");
        List<Long> found = new ArrayList<>();
        for (ProcessHandle process :
                ProcessHandle.of(pane.process()).orElseThrow().descendants().toList()) {
            Optional<ProcessEntry> entry = ProcessTree.local().entry(process.pid());
            if (entry.filter(e ->
                            e.terminal().startsWith("/dev/") && !e.terminal().equals(terminal))
                    .isPresent()) {
                found.add(process.pid());
            }
        }
        return found;
    }
}
