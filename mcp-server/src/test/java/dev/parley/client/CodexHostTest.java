package dev.parley.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.SessionId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
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

    private CodexHost run(String... arguments) {
        return new CodexHost(
                PID, Path.of("/bin/codex"), List.of(arguments), Map.of("CODEX_HOME", root.toString(), "HOME", "/"));
    }

    private void prompted(String thread, String day) throws Exception {
        Path directory = Files.createDirectories(root.resolve("sessions").resolve(day));
        Files.createFile(directory.resolve("rollout-" + day.replace('/', '-') + "T00-00-00-" + thread + ".jsonl"));
    }

    @Test
    void hasGoneOnFromAThreadToANewerOneWithoutAPrompt() throws Exception {
        SessionId first = new SessionId(FIRST);
        SessionId second = new SessionId(SECOND);
        Set<SessionId> both = Set.of(first, second);
        assertTrue(run("codex", "-a", "never").hasGoneOn(first, both));
        assertFalse(run("codex", "-a", "never").hasGoneOn(second, both), "it is the newer one");
        assertFalse(run("codex").hasGoneOn(first, Set.of(first)));
        assertFalse(run("codex", "app-server").hasGoneOn(first, both), "of the daemon, several are shown");
        assertFalse(
                run("codex").hasGoneOn(first, Set.of(first, new SessionId("fresh-1"))),
                "nothing says when it was made");
    }

    /** A sub-agent has its task at once. The day is that of the local time. */
    @Test
    void hasNotGoneOnToAThreadThatHasHadAPrompt() throws Exception {
        SessionId first = new SessionId(FIRST);
        Set<SessionId> both = Set.of(first, new SessionId(SECOND));
        LocalDate made =
                Uuids.madeAt(SECOND).orElseThrow().atOffset(ZoneOffset.UTC).toLocalDate();
        prompted(SECOND, made.plusDays(2).toString().replace('-', '/'));
        assertTrue(run("codex").hasGoneOn(first, both), "no clock is two days off");
        for (int days = -1; days <= 1; days++) {
            String day = made.plusDays(days).toString().replace('-', '/');
            prompted(SECOND, day);
            assertFalse(run("codex").hasGoneOn(first, both), day);
            Files.delete(Directories.newestFirst(root.resolve("sessions").resolve(day))
                    .get(0));
        }
    }
}
