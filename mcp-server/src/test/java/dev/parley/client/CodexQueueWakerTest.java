package dev.parley.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.SessionId;
import dev.parley.peer.Liveness;
import dev.parley.peer.Peer;
import dev.parley.peer.Presence;
import dev.parley.peer.Registration;
import dev.parley.store.process.LocalProcessTable;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What keeps a text out of Codex' queue, and what is quoted of a command that failed. */
final class CodexQueueWakerTest {

    private static final Presence IDLE = new Presence(Presence.Life.LIVE, Presence.Activity.IDLE, Optional.empty());

    @Test
    void theCauseIsQuotedAndNotTheWarningsBeforeIt() {
        assertEquals("Error: thread 019a has no prompt yet", CodexQueueWaker.cause("""
                        WARNING: proceeding, even though we could not update PATH
                        2026-11-28T06:00:00Z  WARN codex_core: slow

                        Error: thread 019a has no prompt yet
                        """));
        assertEquals("it is not there", CodexQueueWaker.cause("warning: old\n  it is not there \n"));
        assertEquals("error: no such thread", CodexQueueWaker.cause("error: no such thread\n\nUsage: codex queue\n"));
        assertEquals("no reason given", CodexQueueWaker.cause(" \n"));
        assertTrue(CodexQueueWaker.cause("x".repeat(1000)).length() < 200);
    }

    /** It would run behind the new thread, with mail that is for that one. */
    @Test
    void nothingIsQueuedForAThreadThatWasCleared(@TempDir Path root) throws Exception {
        SessionId before = new SessionId("01a220de-a6aa-7ef1-8906-7640bfb2c758");
        SessionId after = new SessionId("01a220df-856f-7652-a3b6-9eacc6b2897f");
        CodexHost host =
                new CodexHost(1, Path.of("/bin/codex"), List.of("codex"), Map.of("CODEX_HOME", root.toString()));
        Optional<Set<SessionId>> threads = Optional.of(Set.of(before, after));

        assertEquals(Optional.of(CodexQueueWaker.LEFT), CodexQueueWaker.obstacle(idle(before), host, IDLE, threads));
        assertEquals(Optional.empty(), CodexQueueWaker.obstacle(idle(after), host, IDLE, threads));
        assertEquals(
                Optional.empty(),
                CodexQueueWaker.obstacle(idle(before), host, IDLE, Optional.of(Set.of(before))),
                "the other one is not loaded");
    }

    private static Peer idle(SessionId id) {
        return new Registration(
                        id,
                        Peer.CODEX,
                        "/",
                        "/",
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(id),
                        Optional.empty(),
                        false)
                .over(Optional.empty(), new Liveness(LocalProcessTable.INSTANCE), Instant.now());
    }
}
