package dev.parley.wake.tmux;

import dev.parley.peer.PaneDoor;
import dev.parley.process.ProcessIdentity;
import dev.parley.process.ProcessTable;
import dev.parley.process.ProcessTable.Vitality;
import dev.parley.trace.Why;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

    /** There is none that can be proven; in most cases, because the client is below no tmux. */
    record None(String why) implements Finding, Link {}

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
        Link link = link(client);
        return link instanceof Chain chain ? ask(chain) : (None) link;
    }

    /**
     * The names of the sessions that show the pane of each process; a process without a pane is left out. Each tmux server is
     * asked once.
     */
    Map<ProcessIdentity, List<String>> sessionsOf(Collection<ProcessIdentity> clients) throws InterruptedException {
        Map<Long, List<Chain>> byServer = new LinkedHashMap<>();
        for (ProcessIdentity client : clients) {
            if (link(client) instanceof Chain chain) {
                byServer.computeIfAbsent(chain.server(), server -> new ArrayList<>())
                        .add(chain);
            }
        }
        Map<ProcessIdentity, List<String>> names = new LinkedHashMap<>();
        for (Map.Entry<Long, List<Chain>> server : byServer.entrySet()) {
            List<TmuxServer.Pane> panes = panes(server.getKey());
            for (Chain chain : server.getValue()) {
                List<String> own = panes.stream()
                        .filter(chain::isIn)
                        .map(TmuxServer.Pane::session)
                        .distinct()
                        .toList();
                if (!own.isEmpty()) {
                    names.put(chain.client(), own);
                }
            }
        }
        return names;
    }

    /** How a terminal comes to the pane of a client; empty if it is in none. */
    Optional<PaneDoor> door(ProcessIdentity client) throws InterruptedException {
        if (!(link(client) instanceof Chain chain)) {
            return Optional.empty();
        }
        for (Path socket : tree.socketsOf(chain.server())) {
            try {
                Optional<TmuxServer.Pane> pane = new TmuxServer(subprocess, tree.tmuxOf(chain.server()), socket)
                        .panes(chain.server()).stream().filter(chain::isIn).findFirst();
                if (pane.isPresent()) {
                    List<String> tmux = List.of(tree.tmuxOf(chain.server()), "-S", socket.toString());
                    return Optional.of(new PaneDoor(
                            socket.toString(),
                            command(tmux, "attach-session", pane.get()),
                            command(tmux, "switch-client", pane.get())));
                }
            } catch (IOException e) {
                // It may have another socket that answers.
            }
        }
        return Optional.empty();
    }

    private static List<String> command(List<String> tmux, String name, TmuxServer.Pane pane) {
        List<String> command = new ArrayList<>(tmux);
        command.addAll(List.of(name, "-t", pane.id()));
        return command;
    }

    /** The panes of a tmux server; none if it does not answer. */
    private List<TmuxServer.Pane> panes(long server) throws InterruptedException {
        for (Path socket : tree.socketsOf(server)) {
            try {
                List<TmuxServer.Pane> panes = new TmuxServer(subprocess, tree.tmuxOf(server), socket).panes(server);
                if (!panes.isEmpty()) {
                    return panes;
                }
            } catch (IOException e) {
                // It may have another socket that answers; if not, nobody is seen in it.
            }
        }
        return List.of();
    }

    /** What is above a client: a tmux, or none. */
    private sealed interface Link {}

    private Link link(ProcessIdentity client) throws InterruptedException {
        if (client.start() == 0 || processes.vitality(client) != Vitality.ALIVE) {
            return new None("the client's process " + client.pid() + " is gone, or cannot be told from another");
        }
        List<ProcessEntry> ancestry = ancestry(client.pid());
        if (ancestry.isEmpty() || ancestry.get(0).terminal().isEmpty()) {
            return new None("the client has no terminal");
        }
        ProcessEntry top = ancestry.get(ancestry.size() - 1);
        if (!top.isNamedTmux()) {
            return new None("the client does not run in tmux");
        }
        Set<Long> below = ancestry.stream().map(ProcessEntry::pid).collect(Collectors.toSet());
        below.remove(top.pid());
        return new Chain(client, ancestry.get(0).terminal(), below, top.pid());
    }

    /**
     * A client below a tmux.
     *
     * @param client the client
     * @param terminal its terminal
     * @param below it and its ancestors below the tmux
     * @param server the tmux
     */
    private record Chain(ProcessIdentity client, String terminal, Set<Long> below, long server) implements Link {

        /** Whether this pane was made with a process of this chain, and is the client's terminal. */
        boolean isIn(TmuxServer.Pane pane) {
            return below.contains(pane.process()) && pane.terminal().equals(terminal);
        }
    }

    private Finding ask(Chain chain) throws InterruptedException {
        String why = "the tmux server above the client has no socket of this user";
        for (Path socket : tree.socketsOf(chain.server())) {
            TmuxServer tmux = new TmuxServer(subprocess, tree.tmuxOf(chain.server()), socket);
            try {
                List<TmuxServer.Pane> panes = tmux.panes(chain.server());
                if (!panes.isEmpty()) {
                    return among(panes, chain, tmux);
                }
            } catch (IOException e) {
                why = "the tmux server above the client does not answer: " + Why.of(e);
            }
        }
        return new None(why);
    }

    private Finding among(List<TmuxServer.Pane> panes, Chain chain, TmuxServer tmux) {
        Optional<TmuxServer.Pane> pane = panes.stream().filter(chain::isIn).findFirst();
        Optional<ProcessIdentity> server = processes.identify(chain.server());
        if (pane.isEmpty() || server.isEmpty()) {
            return new None("the client's terminal is not that of a pane above it");
        }
        return new Found(new ClientPane(processes, tree, tmux, server.get(), pane.get(), chain.client()));
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
