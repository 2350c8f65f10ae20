package dev.parley.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.parley.address.SessionId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The threads that a process of Codex has loaded, as its locks tell. */
final class CodexHostTest {

    private static final String FIRST = "01a220de-a6aa-7ef1-8906-7640bfb2c758";
    private static final String SECOND = "01a220df-856f-7652-a3b6-9eacc6b2897f";
    private static final int PID = 9322;

    @TempDir
    private Path root;

    private final CodexHost host = new CodexHost(PID, Path.of("/bin/codex"), List.of("codex"), Map.of());

    private long lock(String thread) throws Exception {
        Path file =
                Files.createFile(Files.createDirectories(root.resolve("locks")).resolve(thread + ".lock"));
        return ((Number) Files.getAttribute(file, "unix:ino")).longValue();
    }

    private Optional<Set<SessionId>> threads(String table) throws Exception {
        return host.threads(root.resolve("locks"), Files.writeString(root.resolve("table"), table));
    }

    @Test
    void areThoseWhoseLocksItHolds() throws Exception {
        long first = lock(FIRST);
        long second = lock(SECOND);
        String table = """
                1: FLOCK  ADVISORY  WRITE %d fe:00:%d 0 EOF
                2: FLOCK  ADVISORY  WRITE 77 fe:00:%d 0 EOF
                3: POSIX  ADVISORY  WRITE %d fe:00:%d 0 EOF
                3: -> FLOCK  ADVISORY  WRITE %d fe:00:%d 0 EOF
                garbage
                """.formatted(PID, first, second, PID, second, PID, second);
        assertEquals(Optional.of(Set.of(new SessionId(FIRST))), threads(table));
        assertEquals(Optional.of(Set.of()), threads(""));
    }

    @Test
    void areNotKnownOfAVersionWithoutLocksNorWithoutTheSystemsTable() throws Exception {
        assertEquals(Optional.empty(), threads(""));
        lock(FIRST);
        assertEquals(Optional.empty(), host.threads(root.resolve("locks"), root.resolve("none")));
    }
}
