package dev.parley.wake.tmux;

import dev.parley.process.ProcessIdentity;
import dev.parley.process.ProcessTable;
import dev.parley.process.ProcessTable.Vitality;
import dev.parley.wake.tmux.Composer.Reading;
import dev.parley.wake.tmux.Composer.Unsafe;
import dev.parley.wake.tmux.TmuxServer.Pane;
import dev.parley.wake.tmux.TmuxServer.Sent;
import java.io.IOException;
import java.util.Optional;

/** A client and the pane in which it was proven to run. What was proven is proven again at every look. */
final class ClientPane {

    /**
     * One verified look.
     *
     * @param snapshot what was seen; absent if the look did not come to that, and never absent for anything but
     *     {@link Unsafe}
     * @param reading what it was recognised as
     */
    record Look(Optional<Snapshot> snapshot, Reading reading) {}

    private final ProcessTable processes;
    private final ProcessTree tree;
    private final TmuxServer tmux;
    private final ProcessIdentity server;
    private final Pane pane;
    private final ProcessIdentity client;

    ClientPane(
            ProcessTable processes,
            ProcessTree tree,
            TmuxServer tmux,
            ProcessIdentity server,
            Pane pane,
            ProcessIdentity client) {
        this.processes = processes;
        this.tree = tree;
        this.tmux = tmux;
        this.server = server;
        this.pane = pane;
        this.client = client;
    }

    /** The name of the lock that whoever types here holds: of this pane of this very server. */
    String lockName() {
        return "pane-" + server + "-" + pane.id().substring(1);
    }

    /**
     * Looks at the pane, and at whether it still is the client's.
     *
     * @throws IOException if the server does not answer
     */
    Look look(Composer composer) throws IOException, InterruptedException {
        Optional<String> lost = whyNotOurs();
        if (lost.isPresent()) {
            return new Look(Optional.empty(), new Unsafe(lost.get()));
        }
        Optional<Snapshot> snapshot = tmux.look(pane.id());
        if (snapshot.isEmpty()) {
            return new Look(Optional.empty(), new Unsafe("tmux described the pane in an unknown way"));
        }
        PaneState state = snapshot.get().state();
        if (state.server() != server.pid()
                || state.process() != pane.process()
                || !state.terminal().equals(pane.terminal())) {
            return new Look(snapshot, new Unsafe("the pane is another one now"));
        }
        return new Look(
                snapshot, state.obstacle().<Reading>map(Unsafe::new).orElseGet(() -> composer.read(snapshot.get())));
    }

    /**
     * What the pane shows, with so many lines of what has scrolled out of it, as plain text.
     *
     * @throws IOException if the server does not answer
     */
    String text(int history) throws IOException, InterruptedException {
        return tmux.text(pane.id(), history);
    }

    /** What has changed since the pane was found, or speaks against typing at all. */
    private Optional<String> whyNotOurs() throws InterruptedException {
        if (processes.vitality(client) != Vitality.ALIVE || processes.vitality(server) != Vitality.ALIVE) {
            return Optional.of("the client or its tmux server has ended");
        }
        Optional<ProcessEntry> entry = tree.entry(client.pid());
        if (entry.isEmpty() || !entry.get().terminal().equals(pane.terminal())) {
            return Optional.of("the client has left its terminal");
        }
        if (!entry.get().ownsForeground()) {
            return Optional.of("the client is not in the foreground of its pane");
        }
        return entry.get().isStopped() ? Optional.of("the client is stopped") : Optional.empty();
    }

    /**
     * Gets a text ready to be pasted.
     *
     * @return what to call it
     * @throws IOException if the server does not take it; nothing reached the pane
     */
    String load(String text) throws IOException, InterruptedException {
        return tmux.load(text);
    }

    /** Drops a text that was not pasted. */
    void drop(String loaded) throws IOException, InterruptedException {
        tmux.drop(loaded);
    }

    /**
     * Pastes a text that was got ready, if nothing has changed since the look.
     *
     * @throws IOException if it is not known whether it was pasted
     */
    Sent paste(Snapshot seen, String loaded) throws IOException, InterruptedException {
        return tmux.paste(pane.id(), seen.state(), loaded);
    }

    /**
     * Presses Enter, if nothing has changed since the look.
     *
     * @throws IOException if it is not known whether it was pressed
     */
    Sent enter(Snapshot seen) throws IOException, InterruptedException {
        return tmux.press(pane.id(), seen.state(), "Enter", 1);
    }

    /**
     * Presses Backspace so many times, if nothing has changed since the look. Unlike {@code ^U} that leaves the user's own
     * kill buffer alone.
     *
     * @throws IOException if it is not known whether it was pressed
     */
    Sent erase(Snapshot seen, int times) throws IOException, InterruptedException {
        return tmux.press(pane.id(), seen.state(), "BSpace", times);
    }

    @Override
    public String toString() {
        return pane.id() + " of " + tmux;
    }
}
