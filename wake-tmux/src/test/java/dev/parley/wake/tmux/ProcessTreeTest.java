package dev.parley.wake.tmux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the two process tables print. */
final class ProcessTreeTest {

    @Test
    void readsAProcStatLine() {
        String stat = "6222 (claude) S 6221 6222 6222 34816 6222 4194304 1 0 0 0 0 0 0 0 20 0 12 0 118900 1 1";
        assertEquals(
                Optional.of(new ProcessEntry(6222, "claude", 'S', 6221, 6222, "/dev/pts/0", 6222)),
                ProcfsTree.parse(6222, stat));
    }

    @Test
    void theNameOfAProcessMayTryToLookLikeTheRest() {
        String stat = "7 (x) S 1 7 7 34816 7 (y) R 3 8 8 0 -1 0 0";
        assertEquals(
                Optional.of(new ProcessEntry(7, "x) S 1 7 7 34816 7 (y", 'R', 3, 8, "", -1)),
                ProcfsTree.parse(7, stat));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "7", "7 (x", "7 (x) S 1", "7 (x) S a 7 7 0 -1 0", "7 )x( S 1 7 7 0 -1 0"})
    void readsNothingFromWhatIsNoStatLine(String stat) {
        assertEquals(Optional.empty(), ProcfsTree.parse(7, stat));
    }

    /** Minor numbers are split in two in a device number, see makedev(3). */
    @Test
    void namesPseudoTerminalsOnly() {
        assertEquals("/dev/pts/0", ProcfsTree.terminal(136 << 8));
        assertEquals("/dev/pts/255", ProcfsTree.terminal(136 << 8 | 255));
        assertEquals("/dev/pts/256", ProcfsTree.terminal(136 << 8 | 1 << 20));
        assertEquals("", ProcfsTree.terminal(4 << 8 | 1), "a console");
        assertEquals("", ProcfsTree.terminal(0));
    }

    @Test
    void readsPsOfLinuxAndOfMacOs() {
        assertEquals(
                Optional.of(new ProcessEntry(7, "tmux: server", 'S', 1, 7, "", -1)),
                PsTree.parse(7, "Ss       1       7      -1 ?        tmux: server\n"));
        assertEquals(
                Optional.of(new ProcessEntry(8, "codex", 'S', 7, 8, "/dev/pts/3", 8)),
                PsTree.parse(8, "Ssl+     7       8       8 pts/3    codex\n"));
        assertEquals(
                Optional.of(new ProcessEntry(9, "node", 'T', 8, 9, "/dev/ttys003", 12)),
                PsTree.parse(9, "T        8     9    12 ttys003  node\n"));
        assertEquals(
                Optional.of(new ProcessEntry(9, "tmux", 'S', 1, 9, "", 0)),
                PsTree.parse(9, "Ss       1     9     0 ??       tmux\n"));
        assertEquals(Optional.empty(), PsTree.parse(9, ""));
        assertEquals(Optional.empty(), PsTree.parse(9, "error: no such process"));
    }

    @Test
    void knowsWhoOwnsTheForeground() {
        assertTrue(new ProcessEntry(7, "x", 'S', 1, 7, "/dev/pts/3", 7).ownsForeground());
        assertFalse(new ProcessEntry(7, "x", 'S', 1, 7, "/dev/pts/3", 8).ownsForeground());
        assertFalse(new ProcessEntry(7, "x", 'S', 1, -1, "", -1).ownsForeground(), "no terminal, no foreground");
    }

    @Test
    void trustsNoSocketOfSomebodyElse(@TempDir Path directory) throws Exception {
        Path socket = Files.createFile(directory.resolve("socket"));
        Path link = Files.createSymbolicLink(directory.resolve("link"), socket);
        assertTrue(SocketOwnership.isOurs(socket));
        assertFalse(SocketOwnership.isOurs(link));
        assertFalse(SocketOwnership.isOurs(directory.resolve("absent")));
        assertFalse(SocketOwnership.isOurs(Path.of("relative")));
    }
}
