package dev.parley.setup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the one jar holds is what a distribution has; {@code OneJarStdioIT} unpacks it. */
final class OneJarTest {

    private static final Path ASSETS = Path.of("../assets");

    @Test
    void everyScriptAndTextOfADistributionIsInTheJar() throws IOException {
        TreeSet<String> expected = new TreeSet<>();
        for (String directory : new String[] {"bin", "hooks", "opencode-plugin", "codex-skill", "jbang"}) {
            try (Stream<Path> files = Files.list(ASSETS.resolve(directory))) {
                files.forEach(file -> expected.add(directory + "/" + file.getFileName()));
            }
        }
        expected.add("commands/parley.md");
        assertEquals(expected, new TreeSet<>(OneJar.FILES));
        for (String name : OneJar.FILES) {
            Path there = ASSETS.resolve(name);
            Path file = Files.exists(there)
                    ? there
                    : ASSETS.resolve("claude-plugin").resolve(name);
            assertTrue(Files.isRegularFile(file), () -> "there is no " + file);
        }
    }
}
