package dev.parley.hooks;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * What the hook costs over starting a shell that does nothing, in the same run: medians of 50 pairs. The limits are those of a
 * machine on which that shell takes 1.5 ms; where it takes longer, they grow with it.
 */
@Tag("slow")
@Isolated("it measures time")
final class HookCostIT {

    private static final int PAIRS = 50;
    private static final double USUAL_SHELL_MILLIS = 1.5;

    @Test
    void staysWithinItsLimits(@TempDir Path root) throws Exception {
        HookFixture hook = new HookFixture(root).started();
        check(hook, 0, 4);
        check(hook, 1, 10);
        check(hook, 50, 20);
    }

    private static void check(HookFixture hook, int messages, double limitMillis) throws Exception {
        List<Double> shells = new ArrayList<>();
        List<Double> differences = new ArrayList<>();
        for (int i = 0; i < PAIRS; i++) {
            for (int sent = 0; sent < messages; sent++) {
                hook.send("hello " + sent);
            }
            double shell = millis(List.of("bash", "-c", ":"), hook.environment, "");
            double full = millis(
                    List.of(HookRun.SCRIPT.toString(), hook.client),
                    hook.environment,
                    hook.input("PostToolUse")
                            .with("tool_input", "x".repeat(10_000))
                            .toString());
            shells.add(shell);
            differences.add(full - shell);
            while (!hook.names("new").isEmpty()) {
                hook.run("PostToolUse");
            }
        }
        double shell = median(shells);
        double cost = median(differences);
        double limit = limitMillis * Math.max(1, shell / USUAL_SHELL_MILLIS);
        String seen = String.format(
                "%d messages: %.1f ms over a shell of %.1f ms; limit %.1f ms", messages, cost, shell, limit);
        assertTrue(cost <= limit, seen);
    }

    private static double millis(List<String> command, Map<String, String> environment, String input) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        long begun = System.nanoTime();
        HookRun.finish(builder.start(), input);
        return (System.nanoTime() - begun) / 1e6;
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
    }
}
