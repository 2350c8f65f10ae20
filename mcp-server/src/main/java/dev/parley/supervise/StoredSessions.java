package dev.parley.supervise;

import dev.parley.address.SessionId;
import dev.parley.lock.RenewableLock;
import dev.parley.office.PostOffice;
import dev.parley.peer.Peer;
import dev.parley.peer.Presence;
import dev.parley.process.ProcessIdentity;
import dev.parley.transcript.Transcript;
import java.io.IOException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The sessions of a post office. */
final class StoredSessions implements Sessions {

    private final PostOffice office;
    private final Map<String, String> environment;

    /**
     * Those of an office.
     *
     * @param environment for the home of the clients
     */
    StoredSessions(PostOffice office, Map<String, String> environment) {
        this.office = office;
        this.environment = environment;
    }

    /** What a hook has said last is newer than what a server noted: a conversation may have been cleared. */
    @Override
    public Optional<Found> in(List<ProcessIdentity> processes) throws IOException {
        for (ProcessIdentity process : processes) {
            Optional<SessionId> pointed = office.notes().pointedTo(process);
            Optional<Peer> peer = pointed.isPresent() ? named(pointed.get()) : Optional.empty();
            if (peer.isPresent()) {
                return Optional.of(new Found(peer.get(), process));
            }
        }
        for (ProcessIdentity process : processes) {
            Optional<Peer> newest = Optional.empty();
            for (SessionId id : office.notes().hostedBy(process)) {
                newest = newer(
                        newest,
                        named(id)
                                .filter(peer ->
                                        peer.process().filter(process::equals).isPresent()));
            }
            if (newest.isPresent()) {
                return Optional.of(new Found(newest.get(), process));
            }
        }
        return Optional.empty();
    }

    private static Optional<Peer> newer(Optional<Peer> one, Optional<Peer> other) {
        return List.of(one, other).stream().flatMap(Optional::stream).max(Comparator.comparing(Peer::registeredAt));
    }

    @Override
    public Optional<Peer> named(SessionId own) throws IOException {
        return office.peers().find(office.peers().current(own));
    }

    @Override
    public boolean hasSaidEnd(Peer peer, Instant since) throws IOException {
        Presence presence = office.peers().presence(peer);
        return presence.activity() == Presence.Activity.ENDED
                && presence.since().filter(at -> !at.isBefore(since)).isPresent();
    }

    @Override
    public Optional<Transcript.Limit> limit(Peer peer) throws IOException {
        Optional<Transcript> transcript = Transcript.of(peer, environment);
        return transcript.isPresent() ? transcript.get().limit() : Optional.empty();
    }

    @Override
    public RenewableLock claim(SessionId own) {
        return SessionClaim.of(office.leases(), own);
    }
}
