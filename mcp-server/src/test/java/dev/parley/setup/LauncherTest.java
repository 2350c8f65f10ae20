package dev.parley.setup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The three ways to start a server give its VM the same options. */
class LauncherTest {

    private static final Path ASSETS = Path.of("..", "assets");
    private static final Pattern OPTION = Pattern.compile("(?<![\\w:{\"])-(?:X[\\w:+=@.-]+|Dorg[\\w.=+-]+)");

    private static Set<String> options(String text) {
        Set<String> options = new TreeSet<>();
        for (Matcher matcher = OPTION.matcher(text); matcher.find(); ) {
            options.add(matcher.group());
        }
        return options;
    }

    @Test
    void theLauncherGivesTheOptionsOfTheJar() throws IOException {
        String script = Files.readString(ASSETS.resolve("bin/parley"));

        assertEquals(new TreeSet<>(Launcher.VM_OPTIONS), options(script.substring(script.indexOf("exec \"$java\""))));
    }

    @Test
    void jbangGivesTheOptionsOfTheJar() throws IOException {
        StringBuilder lines = new StringBuilder();
        try (var all = Files.lines(ASSETS.resolve("jbang/parley.java"))) {
            all.filter(line -> line.startsWith("//RUNTIME_OPTIONS "))
                    .forEach(line -> lines.append(line).append('\n'));
        }

        assertEquals(new TreeSet<>(Launcher.VM_OPTIONS), options(lines.toString()));
        assertTrue(Launcher.VM_OPTIONS.size() > 10);
    }
}
