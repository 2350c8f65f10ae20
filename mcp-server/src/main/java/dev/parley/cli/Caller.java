package dev.parley.cli;

import dev.parley.address.SessionId;
import dev.parley.office.PostOffice;
import dev.parley.peer.Peer;
import dev.parley.peer.Presence;
import dev.parley.process.ProcessIdentity;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * On whose behalf a command runs: a person's, or that of the agent session in whose client it was started.
 *
 * <p>An agent with a shell must not be taken for its user. So the command looks at its ancestors: one that is a client's
 * process, as the sessions of the store know it, makes the command that session's. What that does not stop is in {@code
 * docs/SECURITY.md}.
 *
 * @param client the client's process, if it runs in one
 * @param session the session there, if that can be told
 */
record Caller(Optional<ProcessIdentity> client, Optional<Peer> session) {

    private static final Caller PERSON = new Caller(Optional.empty(), Optional.empty());

    /** Deeper than any shell in a client is; a guard against a table of processes that makes no sense. */
    private static final int MAX_ANCESTORS = 64;

    /** Looks at the processes above this one. */
    static Caller of(Operator operator) throws IOException {
        PostOffice office = operator.office();
        List<ProcessIdentity> ancestors = ancestors(office);
        for (ProcessIdentity ancestor : ancestors) {
            Optional<SessionId> pointed = office.notes().pointedTo(ancestor);
            List<SessionId> hosted = office.notes().hostedBy(ancestor);
            if (pointed.isPresent() || !hosted.isEmpty()) {
                return new Caller(Optional.of(ancestor), session(operator, ancestor, pointed, hosted));
            }
        }
        // A server of an older version, or a hook alone, notes no process but in the card.
        for (Peer peer : office.peers().peersOf(operator.project().key(), (name, id) -> false)) {
            if (peer.process().filter(ancestors::contains).isPresent()) {
                ProcessIdentity client = peer.process().get();
                return new Caller(Optional.of(client), session(operator, client, Optional.empty(), List.of(peer.id())));
            }
        }
        return PERSON;
    }

    private static List<ProcessIdentity> ancestors(PostOffice office) {
        List<ProcessIdentity> ancestors = new ArrayList<>();
        Optional<ProcessHandle> at = ProcessHandle.current().parent();
        while (at.isPresent() && ancestors.size() < MAX_ANCESTORS) {
            office.processes().identify(at.get().pid()).ifPresent(ancestors::add);
            at = at.get().parent();
        }
        return ancestors;
    }

    /** The session of a client's process; empty if it hosts several, and which one asks cannot be told. */
    private static Optional<Peer> session(
            Operator operator, ProcessIdentity client, Optional<SessionId> pointed, List<SessionId> hosted)
            throws IOException {
        PostOffice office = operator.office();
        if (pointed.isPresent()) {
            Optional<Peer> now = office.peers().find(office.peers().current(pointed.get()));
            if (now.isPresent()) {
                return now;
            }
        }
        Map<SessionId, Peer> here = new LinkedHashMap<>();
        for (SessionId id : hosted) {
            Optional<Peer> peer = office.peers().find(office.peers().current(id));
            if (peer.isPresent()
                    && peer.get().process().filter(client::equals).isPresent()
                    && office.peers().presence(peer.get()).life() != Presence.Life.GONE) {
                here.put(peer.get().id(), peer.get());
            }
        }
        if (here.size() > 1) {
            here.values()
                    .removeIf(peer -> !peer.project().equals(operator.project().key()));
        }
        return here.size() == 1 ? here.values().stream().findFirst() : Optional.empty();
    }

    /** Whether an agent's client is above this process, so that no person can be taken to have typed the command. */
    boolean isAgent() {
        return client.isPresent();
    }

    /**
     * Fails if this is no person's command.
     *
     * @param what what only a person may do, such as {@code parley adopt}
     */
    void requirePerson(String what) throws IOException {
        if (isAgent()) {
            throw new IOException("'" + what + "' is for a person: this command runs inside "
                    + session.map(peer -> "the agent session " + peer.name())
                            .orElse("an agent's client (process " + client.get().pid() + ")")
                    + "; its user can run it in a terminal of his own. Nothing was changed");
        }
    }
}
