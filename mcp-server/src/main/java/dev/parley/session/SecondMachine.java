package dev.parley.session;

import dev.parley.address.HostName;
import dev.parley.address.SessionId;
import dev.parley.office.PostOffice;
import dev.parley.peer.Apart;
import dev.parley.peer.Peer;
import dev.parley.peer.RemotePeer;
import dev.parley.process.ProcessIdentity;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Whether this machine is the second one that has a session of an id, as where a home directory is shared or was copied. Then it has
 * an address of its own here, as long as the other is known. A session that was on this machine before keeps its id whatever other
 * machines say: no card draws mail away.
 */
final class SecondMachine {

    private final PostOffice office;
    private final String project;

    SecondMachine(PostOffice office, String project) {
        this.office = office;
        this.project = project;
    }

    /**
     * That it is.
     *
     * @param address where the session lives here
     * @param other the one on the first machine
     * @param isFirst whether it comes here for the first time
     */
    record Living(SessionId address, Peer other, boolean isFirst) {}

    /**
     * Whether it is.
     *
     * @param id what its client calls the session
     * @param client its client's process
     */
    Optional<Living> of(SessionId id, Optional<ProcessIdentity> client) throws IOException {
        Optional<Peer> other = office.peers().elsewhere(project).stream()
                .map(RemotePeer::peer)
                .filter(peer -> peer.id().equals(id))
                .findFirst();
        Optional<HostName> host = other.isPresent() ? host() : Optional.empty();
        if (host.isEmpty()) {
            return Optional.empty();
        }
        SessionId address = Apart.address(host.get(), id);
        boolean isKnown = lives(address);
        return isKnown || isNew(id, client)
                ? Optional.of(new Living(address, other.get(), !isKnown))
                : Optional.empty();
    }

    /** What this machine is called; empty if it is in no team, or the project is not shared. */
    Optional<HostName> host() {
        return office.hostOf(project);
    }

    private boolean lives(SessionId address) throws IOException {
        return office.peers().exists(address) && office.peers().movedTo(address).isEmpty();
    }

    /** Whether no server ever said that the session is here: its client's hook may have, a moment before. */
    private boolean isNew(SessionId id, Optional<ProcessIdentity> client) throws IOException {
        Optional<Peer> card = office.peers().find(id);
        return card.isEmpty()
                ? !office.peers().exists(id)
                : card.get().servers().isEmpty()
                        && client.isPresent()
                        && card.get().process().equals(client);
    }

    /**
     * Under which other addresses of this machine the session's mail may lie.
     *
     * @param id what its client calls it
     * @param address where it lives now
     */
    List<SessionId> former(Optional<SessionId> id, SessionId address) throws IOException {
        Optional<HostName> host = id.isPresent() ? host() : Optional.empty();
        List<SessionId> former = new ArrayList<>();
        if (host.isPresent()) {
            SessionId apart = Apart.address(host.get(), id.get());
            if (apart.equals(address) && lives(id.get())) {
                former.add(id.get());
            } else if (id.get().equals(address) && lives(apart)) {
                former.add(apart);
            }
        }
        return former;
    }

    /** What the session here is told. */
    static String here(SessionId id, Living living) {
        String other = name(living.other());
        return "Your client calls this session " + id + ", and so it does one on another machine, " + other
                + ": a home directory that is shared by two machines, or was copied, does that. Here your address is "
                + living.address() + "; what is sent to " + id + " on other machines goes to " + other
                + ", as what was sent before did. It was told, too. Once that session has ended on its machine you get its id with your next call; claim_session with "
                + id
                + " takes it at once, and then only name@host tells the two apart. Mail that waits there stays there.";
    }

    /** What the session there is told. */
    static String there(SessionId id, Living living, HostName host) {
        return "(Written by Parley.) Your client's session " + id + " has been opened on " + host
                + ", too: a home directory that is shared by two machines, or was copied, does that. There its address is "
                + living.address() + ". What is sent to " + id + " comes to you, as before.";
    }

    private static String name(Peer other) {
        return other.name() + other.host().map(host -> "@" + host).orElse("");
    }
}
