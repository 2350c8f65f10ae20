package dev.parley.cockpit.web;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.testing.Timing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the browser comes by the address. */
final class BrowserTest {

    private static final String ADDRESS = "http://127.0.0.1:4711/#secret";

    /** Everybody can read a program's arguments. */
    @Test
    void theTokenStandsInNoArgument(@TempDir Path temp) throws Exception {
        Path told = temp.resolve("told");
        Path opener = Files.writeString(
                temp.resolve("opener"),
                "#!/bin/sh\n{ echo \"$#:$*\"; env; } > " + told + ".new\nmv " + told + ".new " + told + "\n");
        Files.setPosixFilePermissions(opener, PosixFilePermissions.fromString("rwx------"));
        Browser browser = Browser.open(ADDRESS, opener.toString(), Map.of("PATH", "/usr/bin:/bin", "OF", "theirs"));
        await().atMost(Timing.patience(Duration.ofSeconds(10))).until(() -> Files.exists(told));
        List<String> lines = Files.readAllLines(told);
        String arguments = lines.get(0);
        assertTrue(arguments.startsWith("1:/"), arguments);
        Path file = Path.of(arguments.substring(2));
        assertTrue(lines.contains("OF=theirs"), "it has the person's environment");
        assertFalse(
                lines.stream().anyMatch(line -> line.contains("secret") || line.startsWith("HOME=")), lines::toString);
        assertTrue(Files.readString(file).contains("url=" + ADDRESS + "\""));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file.getParent())));
        browser.close();
        assertFalse(Files.exists(file.getParent()));
    }

    @Test
    void withoutAProgramThatOpensNothingIsLeftBehind() {
        assertThrows(IOException.class, () -> Browser.open(ADDRESS, "/no/such/program", Map.of()));
    }
}
