package dev.parley.supervise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a client that Parley starts is given of the environment. */
final class ChildEnvironmentTest {

    @Test
    void isTheUsersWithoutASessionsOwn() {
        Map<String, String> users = Map.of(
                "PATH", "/bin", "ANTHROPIC_API_KEY", "key", "CLAUDE_CODE_USE_BEDROCK", "1", "PARLEY_HOME", "/store");
        Map<String, String> all = new HashMap<>(users);
        for (String name : new String[] {
            "PARLEY_WAKE",
            "PARLEY_TRACE",
            "CLAUDECODE",
            "CLAUDE_PID",
            "CLAUDE_CODE_SESSION_ID",
            "CLAUDE_CODE_MESSAGING_TOKEN",
            "AI_AGENT",
            "CODEX_THREAD_ID",
            "TMUX_PANE"
        }) {
            all.put(name, "x");
        }
        all.put("PARLEY_KEPT_JAVA_TOOL_OPTIONS", "-Duser");
        Map<String, String> expected = new HashMap<>(users);
        expected.put("JAVA_TOOL_OPTIONS", "-Duser");

        assertEquals(expected, ChildEnvironment.withoutTerminal(all));
        expected.put("TMUX_PANE", "x");
        assertEquals(expected, ChildEnvironment.of(all));
    }

    @Test
    void whatIsNoVariableGoesIntoNoScript() {
        assertFalse(ChildEnvironment.removed(Map.of("PARLEY_X; rm", "1")).contains("PARLEY_X; rm"));
    }
}
