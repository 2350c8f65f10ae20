package dev.parley.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.trace.Trace;
import dev.parley.trace.UnavailableException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which post office the environment names. */
final class PostOfficesTest {

    @TempDir
    Path root;

    private UnavailableException refused(String home) {
        return assertThrows(
                UnavailableException.class,
                () -> PostOffices.open(Map.of("PARLEY_HOME", home, "HOME", root.toString()), Trace.NONE));
    }

    @Test
    void aDirectoryIsAnOffice() throws Exception {
        Path home = Files.createDirectory(root.resolve("store"));
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwx------"));
        assertEquals(
                home.toRealPath().toString(),
                PostOffices.open(Map.of("PARLEY_HOME", home.toString()), Trace.NONE)
                        .place());
    }

    @Test
    void anAddressOfAKindThatNobodyOpensIsRefusedByItsName() {
        String told = String.valueOf(refused("nats://hub.example").getMessage());
        assertTrue(told.contains("PARLEY_HOME") && told.contains("'nats'"), told);
        assertTrue(told.contains("[file]") && told.contains("~/.parley"), told);
        assertFalse(Files.exists(root.resolve(".parley")), "nothing was made instead");
    }

    /** A directory is named by its path: an address of it would be another one to the hook. */
    @Test
    void aDirectoryHasNoAddress() {
        assertTrue(String.valueOf(refused("file:///tmp/store").getMessage()).contains("no absolute path"));
    }
}
