package dev.parley.wake.tmux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.SessionId;
import dev.parley.peer.Peer;
import dev.parley.peer.WakeOutcome.NotApplicable;
import dev.parley.peer.WakeRequest;
import dev.parley.peer.Waker;
import dev.parley.store.process.LocalProcessTable;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the rung says without a tmux. */
final class TmuxWakerTest {

    private static final SessionId TARGET = new SessionId("s-1");
    private static final Duration LIMIT = Duration.ofSeconds(5);

    @Test
    void isFoundAsTheLastRung() {
        List<Waker> rungs = ServiceLoader.load(Waker.class).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
        assertEquals(1, rungs.size());
        assertEquals("tmux", rungs.get(0).rung());
        assertEquals(900, rungs.get(0).order());
    }

    @Test
    void doesNotApplyToAClientItDoesNotKnow() throws Exception {
        assertNotApplicable(
                "not known",
                new WakeRequest(TARGET, "some-other", LocalProcessTable.INSTANCE.identify(1), WakeOnce.TEXT, LIMIT));
    }

    @Test
    void doesNotApplyWithoutAProcess() throws Exception {
        assertNotApplicable("not known", new WakeRequest(TARGET, Peer.CODEX, Optional.empty(), WakeOnce.TEXT, LIMIT));
    }

    /** The first process of all has no terminal, and no tmux above it. */
    @Test
    void doesNotApplyToAProcessWithoutATerminal() throws Exception {
        assertNotApplicable(
                "", new WakeRequest(TARGET, Peer.CODEX, LocalProcessTable.INSTANCE.identify(1), WakeOnce.TEXT, LIMIT));
    }

    /** Nothing that a shell, a client's command line or a terminal would take for more than text can be asked for. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "!touch made",
                "/clear",
                "#remember",
                "@file",
                " !touch made",
                "-x",
                "a\nb",
                "a\rb",
                "a\u001b[201~b",
                "a\u0003",
                "caf\u00e9",
                ""
            })
    void isNeverAskedToTypeACommand(String text) {
        assertThrows(
                IllegalArgumentException.class,
                () -> new WakeRequest(TARGET, Peer.CLAUDE_CODE, Optional.empty(), text, LIMIT));
    }

    private static void assertNotApplicable(String why, WakeRequest request) throws InterruptedException {
        NotApplicable none = assertInstanceOf(NotApplicable.class, new TmuxWaker().wake(request));
        assertTrue(none.detail().contains(why), none.detail());
    }
}
