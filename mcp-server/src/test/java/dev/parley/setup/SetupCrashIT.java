package dev.parley.setup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that sets up, or undoes, is killed with SIGKILL at every step; the next one brings everything in order. */
@Tag("slow")
class SetupCrashIT {

    private static final String OTHER = "another name";

    /** The process that is killed: announces its steps, and waits to be killed after the one it is told. */
    public static final class Victim {

        private Victim() {}

        /** Arguments: the root, {@code install} or {@code undo}, after how many steps it waits. */
        public static void main(String[] args) throws Exception {
            SetupHome home = new SetupHome(Path.of(args[0]));
            int[] left = {Integer.parseInt(args[2])};
            home.steps = step -> {
                if (left[0]-- == 0) {
                    System.out.println(step);
                    try {
                        Thread.sleep(60_000);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                }
            };
            if (args[1].equals("install")) {
                home.install();
            } else {
                home.undo();
            }
            System.out.println();
        }
    }

    @Test
    void aKilledSetupIsFinishedOrUndone(@TempDir Path root) throws Exception {
        assertTrue(everyStep(root, "install") > 20);
    }

    @Test
    void aKilledUndoIsFinished(@TempDir Path root) throws Exception {
        assertTrue(everyStep(root, "undo") > 20);
    }

    private static int everyStep(Path root, String what) throws Exception {
        List<String> steps = new ArrayList<>();
        for (int step = 0; ; step++) {
            SetupHome home = new SetupHome(Files.createDirectories(root.resolve(what + step)));
            home.write(".claude.json", "{\n  \"n\": 1\n}\n");
            // Replaced in place, so that this stays.
            Files.createLink(home.user.resolve(OTHER), home.user.resolve(".claude.json"));
            home.write(".claude/settings.json", "{\"permissions\": {\"allow\": [\"mcp__parley\"]}}");
            home.write(".codex/config.toml", "model = \"a\"\n");
            Map<String, String> before = home.everything();
            if (what.equals("undo")) {
                home.install();
            }
            String reached = killAt(home, what, step);
            if (reached.isEmpty()) {
                return steps.size();
            }
            steps.add(reached);
            if (step % 2 == 0) {
                home.undo();
            } else {
                home.install();
                assertEquals(List.of(), home.setup().plan(), () -> "after " + steps);
                assertTrue(home.text(OTHER).contains("mcpServers"), () -> "after " + steps);
                assertFalse(home.everything().keySet().stream().anyMatch(name -> name.contains(".parley-")));
                home.undo();
            }
            assertEquals(before, home.everything(), () -> "after " + steps);
            assertFalse(Files.exists(home.store.resolve("setup")), () -> "after " + steps);
        }
    }

    /** The step after which it was killed; empty if it came to its end before. */
    private static String killAt(SetupHome home, String what, int step) throws IOException, InterruptedException {
        Process victim = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Victim.class.getName(),
                        home.root.toString(),
                        what,
                        String.valueOf(step))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (var out = victim.inputReader()) {
            String reached = out.readLine();
            assertTrue(reached != null, "it failed by itself");
            return reached;
        } finally {
            victim.destroyForcibly();
            assertTrue(victim.waitFor(10, TimeUnit.SECONDS));
        }
    }
}
