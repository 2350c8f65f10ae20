package dev.parley.client;

import dev.parley.address.SessionId;
import dev.parley.office.PostOffice;
import dev.parley.peer.Peer;
import dev.parley.peer.Presence.Activity;
import dev.parley.process.ProcessIdentity;
import dev.parley.process.ProcessTable.Vitality;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Finds out which thread of Codex this server was started for, before Codex says so with a first call.
 *
 * <p>Codex takes a thread's lock before it starts the thread's servers. So the thread is among those that this server's
 * client has loaded, and is none of those that have a server of Parley's already. Only if that leaves exactly one, it counts;
 * a guess would give somebody's mail to another.
 */
final class CodexThread {

    private final PostOffice office;
    private final ProcessIdentity host;
    private final ProcessIdentity server;

    /** The thread of a server that runs below a process of Codex. */
    CodexThread(PostOffice office, ProcessIdentity host, ProcessIdentity server) {
        this.office = office;
        this.host = host;
        this.server = server;
    }

    /**
     * A thread that was found.
     *
     * @param id which it is
     * @param unprompted whether its hooks will say what it does from its first prompt on, and it certainly waits for that: a
     *     sub-agent has its task at once, and no hooks of Parley's; one is begun only while another thread is at work
     */
    record Found(SessionId id, boolean unprompted) {}

    /** Empty if it cannot be told, or not any more: who was not alone when it looked has to wait for a call. */
    Optional<Found> find() throws IOException {
        Optional<CodexHost> process = CodexHost.of(host.pid());
        Optional<Set<SessionId>> loaded = process.flatMap(CodexHost::threads);
        Optional<SessionId> thread = loaded.isEmpty() ? Optional.empty() : only(loaded.get());
        if (thread.isEmpty()) {
            return Optional.empty();
        }
        boolean hooked = process.filter(CodexHost::isHooked).isPresent();
        return Optional.of(new Found(thread.get(), hooked && areIdle(loaded.get(), thread.get())));
    }

    /** Whether no other one of these threads is at work. */
    boolean areIdle(Set<SessionId> loaded, SessionId except) throws IOException {
        for (SessionId thread : loaded) {
            Optional<Peer> card =
                    thread.equals(except) ? Optional.empty() : office.peers().find(thread);
            if (card.isPresent() && !office.peers().presence(card.get()).isIdle()) {
                return false;
            }
        }
        return true;
    }

    /** The only one of these threads that has no server yet. */
    Optional<SessionId> only(Set<SessionId> loaded) throws IOException {
        List<SessionId> free = new ArrayList<>();
        for (SessionId thread : loaded) {
            Optional<Peer> card = office.peers().find(thread);
            if (card.isEmpty() || !isServed(card.get())) {
                free.add(thread);
            }
        }
        return free.size() == 1 ? Optional.of(free.get(0)) : Optional.empty();
    }

    /**
     * It has another living server, or it went on in this very process since that server died: Codex starts no other one
     * then. A thread that was unloaded and is loaded again has ended in between, as its hook says.
     */
    private boolean isServed(Peer peer) throws IOException {
        boolean other = peer.servers().stream()
                .filter(known -> !known.equals(server))
                .anyMatch(known -> office.processes().vitality(known) != Vitality.DEAD);
        boolean lost = !peer.servers().isEmpty()
                && !peer.servers().contains(server)
                && peer.process().filter(host::equals).isPresent()
                && office.peers().presence(peer).activity() != Activity.ENDED;
        return other || lost;
    }
}
