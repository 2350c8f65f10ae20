package dev.parley.setup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The three ways to start a server give its VM the options of the resource, in its order. */
class LauncherTest {

    private static final Path ASSETS = Path.of("..", "assets");
    private static final Pattern OPTION = Pattern.compile("(?<![\\w:{\"])-(?:X[\\w:+=@.-]+|D(?:org|jdk)[\\w.=+-]+)");

    private static List<String> options(String text) {
        List<String> options = new ArrayList<>();
        for (Matcher matcher = OPTION.matcher(text); matcher.find(); ) {
            options.add(matcher.group());
        }
        return options;
    }

    @Test
    void theResourceHasThem() {
        assertTrue(VmOptions.ofServer().size() > 10);
        assertEquals(VmOptions.ofServer(), options(String.join(" ", VmOptions.ofServer())), "one a line");
    }

    @Test
    void theLauncherGivesThem() throws IOException {
        String script = Files.readString(ASSETS.resolve("bin/parley"));

        assertEquals(VmOptions.ofServer(), options(script.substring(script.indexOf("$start \"$java\""))));
    }

    @Test
    void jbangGivesThem() throws IOException {
        StringBuilder lines = new StringBuilder();
        try (var all = Files.lines(ASSETS.resolve("jbang/parley.java"))) {
            all.filter(line -> line.startsWith("//RUNTIME_OPTIONS "))
                    .forEach(line -> lines.append(line).append('\n'));
        }

        assertEquals(VmOptions.ofServer(), options(lines.toString()));
    }

    @Test
    void theOneJarIsStartedWithThem(@TempDir Path base) throws IOException {
        Distribution distribution = new Distribution(base);
        Files.createDirectories(distribution.jar().getParent());
        Files.createFile(distribution.jar());

        List<String> command = Launcher.JAR.command(distribution, Map.of());

        int jar = command.indexOf("-jar");
        assertEquals(
                VmOptions.ofServer(), command.subList(jar - VmOptions.ofServer().size(), jar));
    }
}
