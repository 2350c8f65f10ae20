package dev.parley.setup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The diff that a dry run shows: {@code git apply} must make the new text of the old one with it. */
class DiffTest {

    private static final String LONG =
            IntStream.range(0, 60).mapToObj(i -> "line " + i).collect(Collectors.joining("\n"));

    @Test
    void equalTextsHaveNone() {
        assertEquals("", Diff.unified("f", "a\n", "a\n"));
    }

    @Test
    void showsAFewLinesAround() {
        String diff = Diff.unified("f", LONG + "\n", (LONG + "\n").replace("line 30\n", "line thirty\nand\n"));
        assertEquals(
                "--- f\n+++ f\n@@ -28,7 +28,8 @@\n line 27\n line 28\n line 29\n-line 30\n+line thirty\n+and\n line 31\n line 32\n line 33\n",
                diff);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"a,b,c|a,x,c", "a,b,c|", "|a,b", "a|a,b", "a,b|b", "a,b,a,b|b,a,b,a,c"})
    void patchAppliesIt(String before, String after, @TempDir Path directory) throws Exception {
        applied(text(before), text(after), directory);
    }

    @Test
    void patchAppliesChangesFarApart(@TempDir Path directory) throws Exception {
        applied(
                LONG,
                LONG.replace("line 3\n", "").replace("line 9\n", "9\n").replace("line 50", "x") + "\n",
                directory);
    }

    private static String text(String lines) {
        return lines == null || lines.isEmpty() ? "" : lines.replace(",", "\n") + "\n";
    }

    private static void applied(String before, String after, Path directory) throws IOException, InterruptedException {
        Path file = directory.resolve("f");
        if (!before.isEmpty()) {
            Files.writeString(file, before);
        }
        Path patch = Files.writeString(directory.resolve("patch"), Diff.unified("f", before, after));
        Process git = new ProcessBuilder(List.of("git", "apply", "-p0", "--unidiff-zero", patch.toString()))
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(git.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertEquals(0, git.waitFor(), said);
        assertTrue(
                after.isEmpty() ? Files.notExists(file) : Files.readString(file).equals(after));
    }
}
