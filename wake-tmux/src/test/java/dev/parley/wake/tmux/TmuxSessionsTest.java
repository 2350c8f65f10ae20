package dev.parley.wake.tmux;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.parley.process.ProcessIdentity;
import dev.parley.store.process.LocalProcessTable;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What it costs to look for panes where there are none. */
final class TmuxSessionsTest {

    /** A process tree in which nobody runs below tmux; whoever asks for a tmux server has looked too far. */
    private static final class WithoutTmux implements ProcessTree {
        private int looks;

        @Override
        public Optional<ProcessEntry> entry(long pid) {
            looks++;
            return Optional.of(new ProcessEntry(pid, "sh", 'S', 1, pid, "/dev/pts/1", pid));
        }

        @Override
        public List<Path> socketsOf(long server) {
            throw new AssertionError("asked for the sockets of " + server);
        }

        @Override
        public String tmuxOf(long server) {
            throw new AssertionError("asked for the program of " + server);
        }
    }

    @Test
    void withoutTmuxAFewLooksAtTheProcessTableAreAllThatIsDone() throws Exception {
        WithoutTmux tree = new WithoutTmux();
        ProcessIdentity self = LocalProcessTable.INSTANCE.self();
        PaneFinder finder = new PaneFinder(LocalProcessTable.INSTANCE, tree, new Subprocess());
        assertEquals(Map.of(), new TmuxSessions(finder).of(List.of(self)));
        assertEquals(1, tree.looks);
    }
}
