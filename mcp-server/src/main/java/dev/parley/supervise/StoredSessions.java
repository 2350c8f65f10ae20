package dev.parley.supervise;

import dev.parley.address.SessionId;
import dev.parley.client.Resumption.Manner;
import dev.parley.lock.RenewableLease;
import dev.parley.lock.RenewableLock;
import dev.parley.office.PostOffice;
import dev.parley.peer.Binding;
import dev.parley.peer.Peer;
import dev.parley.peer.Presence;
import dev.parley.peer.Project;
import dev.parley.process.ProcessIdentity;
import dev.parley.transcript.Transcript;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The sessions of a post office. */
final class StoredSessions implements Sessions {

    private final PostOffice office;
    private final Map<String, String> environment;
    private final String client;
    private final SupervisionRecords records;

    /**
     * Those of an office.
     *
     * @param environment for the home of the clients
     * @param client whose sessions they are, by the name on their cards
     */
    StoredSessions(PostOffice office, Map<String, String> environment, String client) {
        this.office = office;
        this.environment = environment;
        this.client = client;
        this.records = new SupervisionRecords(office);
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
    public Standing standing(SessionId own, Optional<Peer> known, Path directory)
            throws IOException, InterruptedException {
        // Its servers may be others than a moment ago.
        Optional<Peer> now = known.isPresent() ? office.peers().find(known.get().id()) : Optional.empty();
        Peer peer = now.or(() -> known).isPresent() ? now.or(() -> known).get() : unknown(own, directory);
        Verdict verdict =
                new Resumer(office, environment).plan(peer, Manner.TERMINAL).verdict();
        Binding kept = office.peers().binding(peer);
        Optional<Transcript> transcript = Transcript.of(peer, environment);
        return new Standing(
                verdict, transcript.isPresent() ? transcript.get().settings().over(kept) : kept);
    }

    /** A session of which no hook and no server has told: its client may know it all the same. */
    private Peer unknown(SessionId own, Path directory) throws IOException {
        return new Peer(
                own,
                "",
                client,
                Optional.empty(),
                Optional.empty(),
                directory.toString(),
                Project.of(directory).key(),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                false,
                office.clock().instant(),
                Optional.empty());
    }

    @Override
    public void note(RenewableLease lease, Peer peer, SupervisionLog.Step step)
            throws IOException, InterruptedException {
        records.note(lease, peer.id(), step);
    }

    @Override
    public RenewableLock claim(SessionId own) {
        return SessionClaim.of(office.leases(), own);
    }
}
