package dev.parley.hooks;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.testing.Timing;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client writes before it says which session it is, in whatever order it may write one day. */
@Tag("slow")
class HookLargeInputTest {

    private HookFixture hook;

    @BeforeEach
    void start(@TempDir Path root) throws Exception {
        hook = new HookFixture(root).started();
        hook.send("hello");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "x\\\" {[,:", "\\\\"})
    void findsTheSessionBehindFiftyMegabytes(String part) throws Exception {
        String json = ("{\"tool_input\":{\"a\":\"BIG\"},\"session_id\":\"" + hook.id
                        + "\",\"hook_event_name\":\"PreToolUse\"}")
                .replace("BIG", part.repeat(50_000_000 / part.length()));
        long begun = System.nanoTime();
        assertTrue(HookRun.of(hook.environment, hook.client, json).out().contains("\\nhello\\n"));
        Timing.assertAtMost(Duration.ofSeconds(8), Duration.ofNanos(System.nanoTime() - begun), "50 MB before the id");
    }
}
