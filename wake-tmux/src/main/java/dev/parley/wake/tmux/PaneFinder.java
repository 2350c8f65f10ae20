package dev.parley.wake.tmux;

import dev.parley.lock.ProcessIdentity;
import dev.parley.lock.ProcessTable;
import dev.parley.lock.ProcessTable.Vitality;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds the pane that a client runs in, from the live process tree alone: up from the client to an ancestor whose parent is
 * a tmux server, and from that server's own list the pane that was made with that ancestor <em>and</em> is the client's
 * terminal.
 *
 * <p>Nothing that anybody wrote down is believed: not {@code TMUX_PANE}, which in a client's daemon is that of whoever
 * started the daemon, and not being somebody's descendant, which a session that was moved to the background still is.
 */
final class PaneFinder {

    /** What came of a search. */
    sealed interface Finding {}

    /** The pane, and who proves it. */
    record Found(ClientPane pane) implements Finding {}

    /** There is none that can be proven. */
    record None(String why) implements Finding {}

    private static final int MAX_ANCESTORS = 64;
    private static final long INIT = 1;

    private final ProcessTable processes;
    private final ProcessTree tree;
    private final Subprocess subprocess;

    PaneFinder(ProcessTable processes, ProcessTree tree, Subprocess subprocess) {
        this.processes = processes;
        this.tree = tree;
        this.subprocess = subprocess;
    }

    /** Searches the pane of a client. */
    Finding find(ProcessIdentity client) throws InterruptedException {
        if (client.start() == 0 || processes.vitality(client) != Vitality.ALIVE) {
            return new None("the client's process " + client.pid() + " is gone, or cannot be told from another");
        }
        List<ProcessEntry> line = ancestry(client.pid());
        if (line.isEmpty() || line.get(0).terminal().isEmpty()) {
            return new None("the client has no terminal");
        }
        ProcessEntry server = line.get(line.size() - 1);
        if (!server.isNamedTmux()) {
            return new None("the client does not run in tmux");
        }
        return find(client, line, server);
    }

    private Finding find(ProcessIdentity client, List<ProcessEntry> line, ProcessEntry server)
            throws InterruptedException {
        Set<Long> inside =
                line.subList(0, line.size() - 1).stream().map(ProcessEntry::pid).collect(Collectors.toSet());
        String why = "the tmux server above the client has no socket of ours";
        for (Path socket : tree.socketsOf(server.pid())) {
            TmuxServer tmux = new TmuxServer(subprocess, tree.tmuxOf(server.pid()), socket);
            try {
                Optional<TmuxServer.Pane> pane = tmux.panes(server.pid()).stream()
                        .filter(p -> inside.contains(p.process())
                                && p.terminal().equals(line.get(0).terminal()))
                        .findFirst();
                Optional<ProcessIdentity> identity = processes.identify(server.pid());
                if (pane.isPresent() && identity.isPresent()) {
                    return new Found(new ClientPane(processes, tree, tmux, identity.get(), pane.get(), client));
                }
                why = "the client's terminal is not that of a pane above it";
            } catch (IOException e) {
                why = "the tmux server above the client does not answer: " + e.getMessage();
            }
        }
        return new None(why);
    }

    /** The client, its parent, and so on up to a tmux or to the first process of all. */
    private List<ProcessEntry> ancestry(long client) throws InterruptedException {
        List<ProcessEntry> line = new ArrayList<>();
        long pid = client;
        while (pid > INIT && line.size() < MAX_ANCESTORS) {
            Optional<ProcessEntry> entry = tree.entry(pid);
            if (entry.isEmpty()) {
                break;
            }
            line.add(entry.get());
            if (line.size() > 1 && entry.get().isNamedTmux()) {
                break;
            }
            pid = entry.get().parent();
        }
        return line;
    }
}
