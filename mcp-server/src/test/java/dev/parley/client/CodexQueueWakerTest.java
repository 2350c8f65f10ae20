package dev.parley.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** What is quoted of a command that failed. */
final class CodexQueueWakerTest {

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
}
