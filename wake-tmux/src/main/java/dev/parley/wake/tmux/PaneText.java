package dev.parley.wake.tmux;

import dev.parley.process.ProcessIdentity;
import dev.parley.store.process.LocalProcessTable;
import dev.parley.wake.tmux.PaneFinder.Found;
import java.io.IOException;
import java.util.Optional;

/** Looks at the pane of a client, and changes nothing. */
public final class PaneText {

    private PaneText() {}

    /**
     * What the pane in which a client is proven to run shows, and what has scrolled out of it above, as plain text.
     *
     * @param lines how many lines at the most, counted from the end
     * @return empty if the client is in no pane, or tmux does not answer
     */
    public static Optional<String> of(ProcessIdentity client, int lines) throws InterruptedException {
        PaneFinder finder = new PaneFinder(LocalProcessTable.INSTANCE, ProcessTree.local(), new Subprocess());
        if (finder.find(client) instanceof Found found) {
            try {
                return Optional.of(lastLines(found.pane().text(lines), lines));
            } catch (IOException e) {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    /** Without the empty rest of the screen below the last line. */
    private static String lastLines(String text, int lines) {
        String[] all = text.stripTrailing().split("\n", -1);
        int from = Math.max(0, all.length - lines);
        return String.join("\n", java.util.Arrays.asList(all).subList(from, all.length));
    }
}
